#include "proof/pen.h"

#include "base/alloc.h"
#include "base/text.h"

/* A font map of its own, for the default one belongs to a thread. Glyphs are placed where the
 * outlines say, so that neither the screen nor its settings move a letter. */
void ko_proof_pen_open(ko_proof_pen *pen)
{
    pen->fonts = pango_cairo_font_map_new();
    pen->context = pango_font_map_create_context(pen->fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(pen->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(pen->context, pango_language_from_string("en"));
}

void ko_proof_pen_close(ko_proof_pen *pen)
{
    g_object_unref(pen->context);
    g_object_unref(pen->fonts);
    *pen = (ko_proof_pen){0};
}

ko_status ko_proof_layout(const ko_proof_pen *pen, const char *what, const char *text, double size,
                          bool bold, PangoLayout **out_layout, ko_error *err)
{
    char *clean = ko_text_clean_dup(text);
    if (!clean)
        return ko_fail(err, KO_E_NOMEM, "%s", what);
    PangoLayout *layout = pango_layout_new(pen->context);
    PangoAttrList *attributes = pango_attr_list_new();
    /* letters that are joined would be searched for and copied as one character */
    pango_attr_list_insert(attributes, pango_attr_font_features_new("liga 0"));
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "sans");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, clean, -1);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_font_description_free(font);
    ko_free(clean);
    const int unknown = pango_layout_get_unknown_glyphs_count(layout);
    if (unknown > 0) {
        g_object_unref(layout);
        return ko_fail(err, KO_E_UNSUPPORTED, "%s: no font here has %d of its characters", what,
                       unknown);
    }
    *out_layout = layout;
    return KO_OK;
}
