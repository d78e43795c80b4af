#include "proof/pen.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/text.h"

#include <string.h>

/* A font map of its own, for the default one belongs to a thread. Glyphs are placed where the
 * outlines say, so that neither the screen nor its settings move a letter. */
void ko_proof_pen_open(ko_proof_pen *pen)
{
    *pen = (ko_proof_pen){0};
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

static PangoLayout *layout_of(const ko_proof_pen *pen, const char *text, double size, bool bold)
{
    PangoLayout *layout = pango_layout_new(pen->context);
    PangoAttrList *attributes = pango_attr_list_new();
    /* letters that are joined would be searched for and copied as one character */
    pango_attr_list_insert(attributes, pango_attr_font_features_new("liga 0"));
    /* and what goes on in the next line is an URL or a number more often than a word */
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "sans");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_font_description_free(font);
    return layout;
}

/* Marks in missing[] the bytes of a text at which a character begins that no font has. The glyph
 * in its place says which it is, and its cluster where to look. */
static void find_missing(PangoLayout *layout, bool *missing)
{
    const char *text = pango_layout_get_text(layout);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);
        const PangoGlyphString *glyphs = run ? run->glyphs : NULL;
        for (int i = 0; glyphs && i < glyphs->num_glyphs; i++) {
            const PangoGlyph glyph = glyphs->glyphs[i].glyph;
            if (!(glyph & PANGO_GLYPH_UNKNOWN_FLAG))
                continue;
            const char *at = text + run->item->offset + glyphs->log_clusters[i];
            while (*at && g_utf8_get_char(at) != (glyph & ~PANGO_GLYPH_UNKNOWN_FLAG))
                at = g_utf8_next_char(at);
            missing[at - text] = true;
        }
    } while (pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
}

static ko_status replace(PangoLayout *layout, const char *by)
{
    const char *text = pango_layout_get_text(layout);
    const size_t n = strlen(text);
    ko_buf replaced = KO_BUF(n * strlen(by));
    bool *missing = ko_alloc_zero(n + 1, sizeof *missing);
    ko_status st = missing ? KO_OK : KO_E_NOMEM;
    if (st == KO_OK)
        find_missing(layout, missing);
    for (size_t i = 0; st == KO_OK && i < n;) {
        const size_t length = (size_t)(g_utf8_next_char(text + i) - (text + i));
        st = missing[i] ? ko_buf_text(&replaced, by) : ko_buf_append(&replaced, text + i, length);
        i += length;
    }
    if (st == KO_OK)
        pango_layout_set_text(layout, replaced.data, (int)replaced.size);
    ko_buf_free(&replaced);
    ko_free(missing);
    return st;
}

/* The sign for what cannot be shown, or where no font has that either a sign that each has. */
static ko_status replace_missing(PangoLayout *layout)
{
    ko_status st = replace(layout, "\xEF\xBF\xBD");
    if (st == KO_OK && pango_layout_get_unknown_glyphs_count(layout) > 0)
        st = replace(layout, "?");
    return st;
}

ko_status ko_proof_layout(const ko_proof_pen *pen, const char *what, const char *text, double size,
                          bool bold, PangoLayout **out_layout, ko_error *err)
{
    ko_status st = KO_OK;
    char *clean = ko_text_clean_dup(text);
    if (!clean)
        return ko_fail(err, KO_E_NOMEM, "%s", what);
    PangoLayout *layout = layout_of(pen, clean, size, bold);
    ko_free(clean);
    const int unknown = pango_layout_get_unknown_glyphs_count(layout);
    if (unknown > 0 && pen->lenient)
        st = replace_missing(layout);
    else if (unknown > 0)
        st = KO_E_UNSUPPORTED;
    if (st == KO_OK) {
        *out_layout = layout;
        return KO_OK;
    }
    g_object_unref(layout);
    if (st == KO_E_UNSUPPORTED)
        return ko_fail(err, st, "%s: no font here has %d of its characters", what, unknown);
    return ko_fail(err, st, "%s", what);
}
