/* A4 in points, set from top to bottom; what does not fit a page begins the next. cairo writes
 * PDF 1.4, so that the file has a plain table of objects that a signature can be added to. */
#include "proof/statement.h"

#include "base/day.h"
#include "base/limits.h"
#include "proof/pen.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PAGE_WIDTH 595.
#define PAGE_HEIGHT 842.
#define MARGIN 54.
#define COLUMN 150. /* of the names of fields */
#define TEXT_SIZE 10.
#define SMALL_SIZE 8.
#define PICTURE_WIDTH 300.
#define PICTURE_HEIGHT 230.
#define SIGN_WIDTH 260.
#define SIGN_HEIGHT 46.
#define GREY .4

typedef struct sheet {
    cairo_t *cairo;
    ko_proof_pen pen;
    const ko_statement *statement;
    double y; /* where the next thing begins */
    unsigned page;
    ko_error *err;
} sheet;

/* --- texts --- */

static bool is_stated(const char *text)
{
    return text && *text;
}

/* A text in a box of that width with its top at y, in a grey 0 (black) to 1. Without cairo it is
 * only measured. */
typedef struct piece {
    const char *what, *text;
    double x, y, width, size, grey;
    bool bold;
} piece;

static ko_status put_piece(const sheet *s, cairo_t *cairo, const piece *p, double *out_height)
{
    PangoLayout *layout = NULL;
    const ko_status st =
        ko_proof_layout(&s->pen, p->what, p->text, p->size, p->bold, &layout, s->err);
    if (st != KO_OK)
        return st;
    pango_layout_set_width(layout, (int)(p->width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL)
        pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT); /* that is, the left */
    PangoRectangle extents;
    pango_layout_get_extents(layout, NULL, &extents);
    *out_height = (double)extents.height / PANGO_SCALE;
    if (cairo) {
        cairo_save(cairo);
        /* accents that are piled up stay in their own box */
        cairo_rectangle(cairo, p->x, p->y, p->width, *out_height);
        cairo_clip(cairo);
        cairo_move_to(cairo, p->x, p->y);
        cairo_set_source_rgb(cairo, p->grey, p->grey, p->grey);
        pango_cairo_show_layout(cairo, layout);
        cairo_restore(cairo);
    }
    g_object_unref(layout);
    return KO_OK;
}

/* --- pages --- */

static ko_status put_footer(const sheet *s)
{
    char text[64 + KO_MAX_STATEMENT_TEXT];
    double height = 0;
    (void)snprintf(text, sizeof text, "%s, statement of %s, page %u", s->statement->serial,
                   s->statement->date, s->page);
    const piece p = {.what = "serial",
                     .text = text,
                     .x = MARGIN,
                     .y = PAGE_HEIGHT - MARGIN + 6,
                     .width = PAGE_WIDTH - 2 * MARGIN,
                     .size = SMALL_SIZE,
                     .grey = GREY};
    return put_piece(s, s->cairo, &p, &height);
}

/* Begins a new page unless so much room is left on this one. */
static ko_status need(sheet *s, double height)
{
    if (s->y + height <= PAGE_HEIGHT - MARGIN)
        return KO_OK;
    const ko_status st = put_footer(s);
    cairo_show_page(s->cairo);
    s->page++;
    s->y = MARGIN;
    return st;
}

/* A paragraph over the whole width. */
static ko_status put_text(sheet *s, const char *text, double size, bool bold)
{
    piece p = {.what = "text",
               .text = text,
               .x = MARGIN,
               .width = PAGE_WIDTH - 2 * MARGIN,
               .size = size,
               .bold = bold};
    double height = 0;
    ko_status st = put_piece(s, NULL, &p, &height);
    if (st == KO_OK)
        st = need(s, height);
    p.y = s->y;
    if (st == KO_OK)
        st = put_piece(s, s->cairo, &p, &height);
    s->y += height + .5 * size;
    return st;
}

static ko_status put_field(sheet *s, const char *name, const char *value)
{
    if (!is_stated(value))
        return KO_OK;
    piece left = {.what = name,
                  .text = name,
                  .x = MARGIN,
                  .width = COLUMN - 10,
                  .size = TEXT_SIZE,
                  .grey = GREY};
    piece right = {.what = name,
                   .text = value,
                   .x = MARGIN + COLUMN,
                   .width = PAGE_WIDTH - 2 * MARGIN - COLUMN,
                   .size = TEXT_SIZE};
    double height = 0, name_height = 0;
    ko_status st = put_piece(s, NULL, &right, &height);
    if (st == KO_OK)
        st = need(s, height);
    left.y = right.y = s->y;
    if (st == KO_OK)
        st = put_piece(s, s->cairo, &left, &name_height);
    if (st == KO_OK)
        st = put_piece(s, s->cairo, &right, &height);
    if (st == KO_OK)
        s->y += fmax(height, name_height) + 3;
    return st;
}

/* --- the parts --- */

static ko_status put_fields(sheet *s)
{
    const ko_statement *t = s->statement;
    const struct {
        const char *name, *value;
    } fields[] = {{"Title of the work", t->title},
                  {"Serial given by the holder", t->serial},
                  {"Kind of work", t->kind},
                  {"Author", t->author},
                  {"Copyright holder", t->holder},
                  {"Completed on", t->completed_on},
                  {"First published on", t->published_on},
                  {"First published at", t->published_at},
                  {"First published as", t->published_url},
                  {"First published in", t->country},
                  {"Registration", is_stated(t->registration) ? t->registration : "not registered"},
                  {"SHA-256 of the file", t->sha256}};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof fields / sizeof *fields; i++)
        st = put_field(s, fields[i].name, fields[i].value);
    return st;
}

/* The JPEG goes into the file as it is; cairo asks for a surface to tie it to, and does not look
 * at its pixels. */
static ko_status put_picture(sheet *s)
{
    const ko_statement *t = s->statement;
    const double scale = fmin(PICTURE_WIDTH / t->width, PICTURE_HEIGHT / t->height);
    ko_status st = need(s, t->height * scale + 20);
    if (st != KO_OK)
        return st;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)t->width, (int)t->height);
    if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG,
                                    (const unsigned char *)t->picture->data, t->picture->size, NULL,
                                    NULL) != CAIRO_STATUS_SUCCESS) {
        st = ko_fail(s->err, KO_E_NOMEM, "picture of %u x %u px", t->width, t->height);
    } else {
        s->y += 8;
        cairo_save(s->cairo);
        cairo_translate(s->cairo, MARGIN, s->y);
        cairo_scale(s->cairo, scale, scale);
        cairo_set_source_surface(s->cairo, surface, 0, 0);
        cairo_paint(s->cairo);
        cairo_restore(s->cairo);
        s->y += t->height * scale + 12;
    }
    cairo_surface_destroy(surface);
    return st;
}

static ko_status put_declaration(sheet *s)
{
    static const char *const said[] = {
        "The work described and shown above is protected by copyright. I am the holder of the "
        "copyright in it, or I am authorised to act for the holder.",
        "I have looked at each of the offers that are named in the complaint that this statement "
        "comes with. They show or sell this work or copies of it. In good faith I believe that "
        "neither the holder, nor anybody acting for the holder, nor the law has allowed that.",
        "The picture above shows the work with marks laid over it, so that it cannot be used "
        "again. The work itself has no such marks.",
        "What I state here is true and complete to the best of my knowledge. I declare so under "
        "penalty of perjury where the law provides for it."};
    ko_status st = put_text(s, "Declaration", 12, true);
    for (size_t i = 0; st == KO_OK && i < sizeof said / sizeof *said; i++)
        st = put_text(s, said[i], TEXT_SIZE, false);
    return st;
}

static void rule(cairo_t *cairo, double x, double y, double width)
{
    cairo_move_to(cairo, x, y);
    cairo_line_to(cairo, x + width, y);
    cairo_set_source_rgb(cairo, GREY, GREY, GREY);
    cairo_set_line_width(cairo, .7);
    cairo_stroke(cairo);
}

/* What is written on a ruled line and what stands below that. */
static ko_status put_on_line(const sheet *s, const char *text, const char *below, double x,
                             double width)
{
    double height = 0;
    piece p = {.what = below, .text = text, .x = x, .width = width, .size = TEXT_SIZE};
    ko_status st = put_piece(s, NULL, &p, &height);
    p.y = s->y + SIGN_HEIGHT - 3 - height;
    if (st == KO_OK)
        st = put_piece(s, s->cairo, &p, &height);
    rule(s->cairo, x, s->y + SIGN_HEIGHT, width);
    p.text = below;
    p.y = s->y + SIGN_HEIGHT + 2;
    p.size = SMALL_SIZE;
    p.grey = GREY;
    return st == KO_OK ? put_piece(s, s->cairo, &p, &height) : st;
}

static ko_status put_signature(sheet *s, ko_statement_box *out_box)
{
    const ko_statement *t = s->statement;
    char place[KO_MAX_STATEMENT_TEXT + 32], signer[KO_MAX_STATEMENT_TEXT + 32] = "";
    const double x = PAGE_WIDTH - MARGIN - SIGN_WIDTH;
    (void)snprintf(place, sizeof place, "%s%s%s", is_stated(t->place) ? t->place : "",
                   is_stated(t->place) ? ", " : "", t->date);
    if (is_stated(t->signer))
        (void)snprintf(signer, sizeof signer, "Digitally signed by %s", t->signer);
    ko_status st = need(s, 2 * SIGN_HEIGHT);
    if (st == KO_OK)
        st = put_on_line(s, place, "place and date", MARGIN, x - MARGIN - 20);
    if (st == KO_OK)
        st = put_on_line(s, signer, "signature", x, SIGN_WIDTH);
    *out_box = (ko_statement_box){x, PAGE_HEIGHT - s->y - SIGN_HEIGHT, SIGN_WIDTH, SIGN_HEIGHT};
    return st;
}

/* --- the file --- */

static ko_status check(const ko_statement *t, ko_error *err)
{
    const struct {
        const char *name, *value;
        bool needed;
    } texts[] = {{"title", t->title, true},
                 {"serial", t->serial, true},
                 {"author", t->author, true},
                 {"holder", t->holder, true},
                 {"date", t->date, true},
                 {"kind", t->kind, false},
                 {"date of completion", t->completed_on, false},
                 {"date of publication", t->published_on, false},
                 {"place of publication", t->published_at, false},
                 {"URL of publication", t->published_url, false},
                 {"country", t->country, false},
                 {"registration", t->registration, false},
                 {"place", t->place, false},
                 {"name of the signer", t->signer, false}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const size_t n = texts[i].value ? strlen(texts[i].value) : 0;
        if (n == 0 && texts[i].needed)
            return ko_fail(err, KO_E_USAGE, "a statement needs the %s", texts[i].name);
        if (n > KO_MAX_STATEMENT_TEXT)
            return ko_fail(err, KO_E_LIMIT, "%s of %zu bytes, limit %zu", texts[i].name, n,
                           KO_MAX_STATEMENT_TEXT);
    }
    ko_day day;
    if (!ko_day_read(t->date, &day))
        return ko_fail(err, KO_E_USAGE, "a date is YYYY-MM-DD, not '%s'", t->date);
    return KO_OK;
}

static ko_status put_all(sheet *s, ko_statement_box *out_box)
{
    ko_status st = put_text(s, "Copyright Claim Statement", 18, true);
    s->y += 8;
    if (st == KO_OK)
        st = put_fields(s);
    if (st == KO_OK)
        st = put_picture(s);
    if (st == KO_OK)
        st = put_declaration(s);
    if (st == KO_OK)
        st = put_signature(s, out_box);
    if (st == KO_OK)
        st = put_footer(s);
    cairo_show_page(s->cairo);
    return st;
}

static cairo_status_t on_write(void *context, const unsigned char *bytes, unsigned n)
{
    return ko_buf_append(context, bytes, n) == KO_OK ? CAIRO_STATUS_SUCCESS
                                                     : CAIRO_STATUS_WRITE_ERROR;
}

/* Without a moment of creation cairo would take that of the clock. */
static void put_metadata(cairo_surface_t *surface, const ko_statement *t)
{
    char moment[32];
    (void)snprintf(moment, sizeof moment, "%sT00:00:00Z", t->date);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "Copyright Claim Statement");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, t->software);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, moment);
}

ko_status ko_statement_pdf(const ko_statement *statement, ko_buf *out_pdf,
                           ko_statement_box *out_box, ko_error *err)
{
    ko_status st = check(statement, err);
    if (st != KO_OK)
        return st;
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(on_write, out_pdf, PAGE_WIDTH, PAGE_HEIGHT);
    sheet s = {.statement = statement, .y = MARGIN, .page = 1, .err = err};
    put_metadata(surface, statement);
    s.cairo = cairo_create(surface);
    ko_proof_pen_open(&s.pen);
    st = put_all(&s, out_box);
    ko_proof_pen_close(&s.pen);
    cairo_surface_finish(surface);
    if (st == KO_OK && (cairo_status(s.cairo) != CAIRO_STATUS_SUCCESS ||
                        cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS))
        st = ko_fail(err, KO_E_NOMEM, "statement about %s", statement->serial);
    cairo_destroy(s.cairo);
    cairo_surface_destroy(surface);
    return st;
}
