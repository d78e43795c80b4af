/* cairo writes PDF 1.4, so that the file has a plain table of objects that a signature can be
 * added to. All is in an element of structure: without one, links refer to objects that cairo does
 * not write. */
#include "proof/document.h"

#include "base/alloc.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/text.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

#define ELEMENT "Document"
#define FOOTER_SIZE 8.
#define FOOTER_GAP 6.

/* --- the file --- */

/* cairo may forget what is answered here, so that it is kept. */
static cairo_status_t on_write(void *context, const unsigned char *bytes, unsigned n)
{
    ko_document *d = context;
    d->is_cut = d->is_cut || ko_buf_append(d->out, bytes, n) != KO_OK;
    return d->is_cut ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* Without a moment of creation cairo would take that of the clock. */
static ko_status put_metadata(cairo_surface_t *surface, const ko_document_info *info)
{
    char moment[32];
    char *title = ko_text_clean_dup(info->title);
    if (!title)
        return KO_E_NOMEM;
    (void)snprintf(moment, sizeof moment, "%sT00:00:00Z", info->date);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, info->software);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, moment);
    ko_free(title);
    return KO_OK;
}

ko_status ko_document_open(const ko_document_info *info, ko_buf *out, ko_document *out_document,
                           ko_error *err)
{
    ko_day day;
    if (!ko_day_read(info->date, &day))
        return ko_fail(err, KO_E_USAGE, "a date is YYYY-MM-DD, not '%s'", info->date);
    ko_document *d = out_document;
    *d = (ko_document){.y = KO_DOCUMENT_MARGIN, .page = 1, .out = out, .err = err};
    (void)snprintf(d->footer, sizeof d->footer, "%s", info->footer);
    d->surface =
        cairo_pdf_surface_create_for_stream(on_write, d, KO_DOCUMENT_WIDTH, KO_DOCUMENT_HEIGHT);
    d->cairo = cairo_create(d->surface);
    cairo_tag_begin(d->cairo, ELEMENT, NULL);
    ko_proof_pen_open(&d->pen);
    d->pen.lenient = info->lenient;
    if (put_metadata(d->surface, info) == KO_OK)
        return KO_OK;
    return ko_document_close(d, ko_fail(err, KO_E_NOMEM, "title of a PDF"));
}

static ko_status end_page(ko_document *d)
{
    char text[KO_DOCUMENT_FOOTER_SIZE + 32];
    (void)snprintf(text, sizeof text, "page %u, %s", d->page, d->footer); /* which may be cut */
    const ko_document_text footer = {.what = "footer",
                                     .text = text,
                                     .x = KO_DOCUMENT_MARGIN,
                                     .width = KO_DOCUMENT_BREADTH,
                                     .size = FOOTER_SIZE,
                                     .grey = KO_DOCUMENT_GREY,
                                     .lines = 1};
    ko_document_block block;
    const ko_status st = ko_document_set(d, &footer, &block);
    if (st == KO_OK)
        ko_document_show(d, &block, KO_DOCUMENT_HEIGHT - KO_DOCUMENT_MARGIN + FOOTER_GAP);
    cairo_show_page(d->cairo);
    return st;
}

/* cairo 1.16 leaves out what a date begins with (ISO 32000-1, section 7.9.4); it takes the place of
 * two of the blanks before the key, so that nothing moves. */
static void mend_date(ko_buf *pdf)
{
    static const char wrong[] = "\n   /CreationDate (2", right[] = "\n /CreationDate (D:2";
    const size_t n = sizeof wrong - 1;
    for (size_t at = pdf->size; at >= n; at--)
        if (memcmp(pdf->data + at - n, wrong, n) == 0) {
            memcpy(pdf->data + at - n, right, n);
            return;
        }
}

ko_status ko_document_close(ko_document *d, ko_status st)
{
    if (st == KO_OK)
        st = end_page(d);
    cairo_tag_end(d->cairo, ELEMENT);
    ko_proof_pen_close(&d->pen);
    cairo_surface_finish(d->surface);
    if (st == KO_OK && (d->is_cut || cairo_status(d->cairo) != CAIRO_STATUS_SUCCESS ||
                        cairo_surface_status(d->surface) != CAIRO_STATUS_SUCCESS))
        st = ko_fail(d->err, KO_E_NOMEM, "PDF of %u pages, limit %zu bytes", d->page, d->out->max);
    cairo_destroy(d->cairo);
    cairo_surface_destroy(d->surface);
    if (st == KO_OK)
        mend_date(d->out);
    else
        ko_buf_free(d->out);
    return st;
}

/* --- texts --- */

ko_status ko_document_set(const ko_document *d, const ko_document_text *text,
                          ko_document_block *out_block)
{
    PangoLayout *layout = NULL;
    const ko_status st =
        ko_proof_layout(&d->pen, text->what, text->text, text->size, text->bold, &layout, d->err);
    if (st != KO_OK)
        return st;
    pango_layout_set_width(layout, (int)(text->width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (text->lines) {
        pango_layout_set_height(layout, -text->lines);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    if (pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL)
        pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT); /* that is, the left */
    PangoRectangle extents;
    pango_layout_get_extents(layout, NULL, &extents);
    *out_block = (ko_document_block){
        layout, text->x, text->width, (double)extents.height / PANGO_SCALE, text->grey, text->link};
    return KO_OK;
}

/* What an URL may have that is written between quotes in the options of a link, and between
 * parentheses in the PDF: the characters of RFC 3986 without those. */
static bool can_be_linked(const char *url)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~:/?#[]@!$&*+,;=%";
    return (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) &&
           strlen(url) <= KO_MAX_URL_BYTES && url[strspn(url, plain)] == '\0';
}

static void begin_link(const ko_document *d, const ko_document_block *block)
{
    char options[KO_MAX_URL_BYTES + 16];
    (void)snprintf(options, sizeof options, "uri='%s'", block->link);
    cairo_tag_begin(d->cairo, CAIRO_TAG_LINK, options);
}

/* Nothing leaves the box: accents that are piled up stay in it. */
static void begin_box(const ko_document *d, double x, double y, double width, double height,
                      double grey)
{
    cairo_save(d->cairo);
    cairo_rectangle(d->cairo, x, y, width, height);
    cairo_clip(d->cairo);
    cairo_set_source_rgb(d->cairo, grey, grey, grey);
}

void ko_document_show(const ko_document *d, ko_document_block *block, double y)
{
    const bool linked = block->link && can_be_linked(block->link);
    if (linked)
        begin_link(d, block);
    begin_box(d, block->x, y, block->width, block->height, block->grey);
    cairo_move_to(d->cairo, block->x, y);
    pango_cairo_show_layout(d->cairo, block->layout);
    cairo_restore(d->cairo);
    if (linked)
        cairo_tag_end(d->cairo, CAIRO_TAG_LINK);
    ko_document_drop(block);
}

void ko_document_drop(ko_document_block *block)
{
    g_clear_object(&block->layout);
}

ko_status ko_document_need(ko_document *d, double height)
{
    if (d->y + height <= KO_DOCUMENT_HEIGHT - KO_DOCUMENT_MARGIN)
        return KO_OK;
    const ko_status st = end_page(d);
    d->page++;
    d->y = KO_DOCUMENT_MARGIN;
    return st;
}

/* One line of a block; where it stands in its layout is known in units of pango. */
static ko_status put_line(ko_document *d, const ko_document_block *block, PangoLayoutIter *at)
{
    PangoRectangle line;
    pango_layout_iter_get_line_extents(at, NULL, &line);
    const double height = (double)line.height / PANGO_SCALE;
    const double above = (double)(pango_layout_iter_get_baseline(at) - line.y) / PANGO_SCALE;
    const ko_status st = ko_document_need(d, height);
    if (st != KO_OK)
        return st;
    begin_box(d, block->x, d->y, block->width, height, block->grey);
    cairo_move_to(d->cairo, block->x + (double)line.x / PANGO_SCALE, d->y + above);
    pango_cairo_show_layout_line(d->cairo, pango_layout_iter_get_line_readonly(at));
    cairo_restore(d->cairo);
    d->y += height;
    return KO_OK;
}

ko_status ko_document_put(ko_document *d, const ko_document_text *text)
{
    ko_document_text whole = *text;
    whole.x = KO_DOCUMENT_MARGIN;
    whole.width = KO_DOCUMENT_BREADTH;
    ko_document_block block;
    ko_status st = ko_document_set(d, &whole, &block);
    if (st != KO_OK)
        return st;
    PangoLayoutIter *at = pango_layout_get_iter(block.layout);
    do
        st = put_line(d, &block, at);
    while (st == KO_OK && pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    ko_document_drop(&block);
    return st;
}

/* --- pictures and lines --- */

/* The JPEG goes into the file as it is; cairo asks for a surface to tie it to, and does not look
 * at its pixels. It is copied, for cairo lets go of it when it likes. */
ko_status ko_document_draw(const ko_document *d, const ko_document_picture *p, double y)
{
    void *bytes = ko_alloc(p->jpeg->size);
    if (!bytes)
        return ko_fail(d->err, KO_E_NOMEM, "picture of %u x %u px", p->pixels_wide, p->pixels_high);
    memcpy(bytes, p->jpeg->data, p->jpeg->size);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)p->pixels_wide, (int)p->pixels_high);
    ko_status st = KO_OK;
    if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, bytes, p->jpeg->size, ko_free,
                                    bytes) != CAIRO_STATUS_SUCCESS) {
        ko_free(bytes);
        st = ko_fail(d->err, KO_E_NOMEM, "picture of %u x %u px", p->pixels_wide, p->pixels_high);
    } else {
        cairo_save(d->cairo);
        cairo_translate(d->cairo, p->x, y);
        cairo_scale(d->cairo, p->width / p->pixels_wide, p->height / p->pixels_high);
        cairo_set_source_surface(d->cairo, surface, 0, 0);
        cairo_paint(d->cairo);
        cairo_restore(d->cairo);
    }
    cairo_surface_destroy(surface);
    return st;
}

void ko_document_rule(const ko_document *d, double x, double y, double width)
{
    cairo_move_to(d->cairo, x, y);
    cairo_line_to(d->cairo, x + width, y);
    cairo_set_source_rgb(d->cairo, KO_DOCUMENT_GREY, KO_DOCUMENT_GREY, KO_DOCUMENT_GREY);
    cairo_set_line_width(d->cairo, .7);
    cairo_stroke(d->cairo);
}
