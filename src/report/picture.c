/* The three pictures are pixels of ours, put by report/warp.c straight into the memory that
 * cairo then draws outlines, lines and words on. */
#include "report/picture.h"

#include "base/alloc.h"
#include "base/text.h"
#include "report/png.h"
#include "report/warp.h"

#include <assert.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define LABEL 30u /* height of the words above a panel */
#define FACT_LINE 28u
#define FACT_COLUMN 120u
#define FONT_PX 17

const ko_report_size ko_report_on_screen = {.width = KO_REPORT_PICTURE_WIDTH,
                                            .margin = 32,
                                            .gap_x = 64,
                                            .gap_y = 32,
                                            .listing_width = 920,
                                            .height_min = 620,
                                            .listing_height_max = 1040};
const ko_report_size ko_report_on_paper = {.width = 1200,
                                           .margin = 4,
                                           .gap_x = 44,
                                           .gap_y = 8,
                                           .listing_width = 690,
                                           .height_min = 460,
                                           .listing_height_max = 510};

/* --- layout --- */

/* The largest panel of a picture's shape inside a box, at its top left. */
static ko_report_panel fit(const ko_rgba *picture, uint32_t x, uint32_t y, uint32_t width,
                           uint32_t height)
{
    const double scale = fmin((double)width / picture->width, (double)height / picture->height);
    const double w = fmax(1, round(picture->width * scale));
    const double h = fmax(1, round(picture->height * scale));
    return (ko_report_panel){x, y, (uint32_t)w, (uint32_t)h};
}

ko_report_layout ko_report_picture_layout(const ko_report_picture_source *source)
{
    const ko_report_size *size = source->size;
    const ko_rgba *listing = &source->listing->raster, *work = &source->work->raster;
    const uint32_t top = size->margin + LABEL;
    ko_report_layout l = {.width = size->width};
    l.listing = fit(listing, size->margin, top, size->listing_width, size->listing_height_max);
    const uint32_t height =
        l.listing.height > size->height_min ? l.listing.height : size->height_min;
    const uint32_t x = size->margin + l.listing.width + size->gap_x;
    l.work = fit(work, x, top, l.width - size->margin - x, (height - LABEL - size->gap_y) / 2);
    l.patch = l.work;
    l.patch.y = l.work.y + l.work.height + size->gap_y + LABEL;
    const uint32_t left_end = l.listing.y + l.listing.height;
    const uint32_t right_end = l.patch.y + l.patch.height;
    l.height = (right_end > left_end ? right_end : left_end) + size->margin;
    if (source->n_facts)
        l.height += (uint32_t)source->n_facts * FACT_LINE + size->margin;
    return l;
}

/* --- pixels --- */

static ko_part_model whole_of(const ko_rgba *picture)
{
    return (ko_part_model){{picture->width, 0, 0, 0, picture->height, 0, 0, 0, 1}};
}

/* A panel with a border, over whatever is there. */
static void put_panel(cairo_t *cairo, const ko_report_panel *p, const ko_rgba *picture,
                      const ko_part_model *model, ko_report_ground ground)
{
    cairo_surface_t *surface = cairo_get_target(cairo);
    cairo_surface_flush(surface);
    const size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    uint8_t *rows = cairo_image_surface_get_data(surface) + p->y * stride + 4 * (size_t)p->x;
    ko_report_warp(picture, model, ground, rows, stride, p->width, p->height);
    cairo_surface_mark_dirty(surface);
    cairo_rectangle(cairo, p->x - .5, p->y - .5, p->width + 1., p->height + 1.);
    cairo_set_source_rgb(cairo, .55, .55, .55);
    cairo_set_line_width(cairo, 1);
    cairo_stroke(cairo);
}

/* --- outlines and lines --- */

typedef struct point {
    double x, y;
} point;

/* A place in the listing, in pixels of its full size, on the sheet. */
static point in_listing(const ko_report_picture_source *source, const ko_report_layout *l,
                        const float place[2])
{
    const ko_image_colour *listing = source->listing;
    const double width = (double)listing->raster.width * listing->full.shrink;
    const double height = (double)listing->raster.height * listing->full.shrink;
    return (point){l->listing.x + (double)place[0] * l->listing.width / width,
                   l->listing.y + (double)place[1] * l->listing.height / height};
}

/* Light on dark, so that it is seen on any ground; what lies outside the photo is not
 * drawn, but a border along its edge is. */
static void draw_outline(cairo_t *cairo, const ko_report_picture_source *source,
                         const ko_report_layout *l)
{
    const ko_report_panel *p = &l->listing;
    cairo_save(cairo);
    cairo_rectangle(cairo, p->x - 4., p->y - 4., p->width + 8., p->height + 8.);
    cairo_clip(cairo);
    for (size_t i = 0; i < 4; i++) {
        const point corner = in_listing(source, l, source->quad + 2 * i);
        cairo_line_to(cairo, corner.x, corner.y);
    }
    cairo_close_path(cairo);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_BEVEL);
    cairo_set_source_rgb(cairo, .1, .1, .1);
    cairo_set_line_width(cairo, 7);
    cairo_stroke_preserve(cairo);
    cairo_set_source_rgb(cairo, 1, .85, 0);
    cairo_set_line_width(cairo, 3);
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

static void draw_dot(cairo_t *cairo, point at, const double rgb[3])
{
    cairo_arc(cairo, at.x, at.y, 3, 0, 2 * G_PI);
    cairo_set_source_rgb(cairo, rgb[0], rgb[1], rgb[2]);
    cairo_fill_preserve(cairo);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_set_line_width(cairo, 1);
    cairo_stroke(cairo);
}

/* Neighbours in the list lie far apart in the work, so their colours may be alike. */
static void draw_lines(cairo_t *cairo, const ko_report_picture_source *source,
                       const ko_report_layout *l)
{
    static const double colours[][3] = {{.90, .10, .29}, {.00, .51, .78}, {.24, .70, .29},
                                        {.96, .51, .19}, {.57, .12, .71}, {.00, .60, .60},
                                        {.94, .20, .90}, {.60, .39, .14}};
    for (size_t i = 0; i < source->n_lines; i++) {
        const ko_part_line *line = &source->lines[i];
        const double *c = colours[i % (sizeof colours / sizeof *colours)];
        const point from = {l->work.x + (double)line->work[0] * l->work.width,
                            l->work.y + (double)line->work[1] * l->work.height};
        const point to = in_listing(source, l, line->photo);
        cairo_move_to(cairo, from.x, from.y);
        cairo_line_to(cairo, to.x, to.y);
        cairo_set_source_rgba(cairo, c[0], c[1], c[2], .75);
        cairo_set_line_width(cairo, 1.2);
        cairo_stroke(cairo);
        draw_dot(cairo, from, c);
        draw_dot(cairo, to, c);
    }
}

/* Pictures first, and the patch and the ground of its label last: lines pass behind it. */
static void draw_pictures(cairo_t *cairo, const ko_report_picture_source *source,
                          const ko_report_layout *l, const ko_part_model *place)
{
    static const ko_report_ground white = {{255, 255}};
    const ko_rgba *listing = &source->listing->raster, *work = &source->work->raster;
    const ko_part_model whole_listing = whole_of(listing), whole_work = whole_of(work);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    put_panel(cairo, &l->listing, listing, &whole_listing, white);
    put_panel(cairo, &l->work, work, &whole_work, ko_report_ground_of(work));
    draw_outline(cairo, source, l);
    draw_lines(cairo, source, l);
    cairo_rectangle(cairo, l->patch.x, l->patch.y - (double)LABEL, l->patch.width, LABEL);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_fill(cairo);
    put_panel(cairo, &l->patch, listing, place, white);
}

/* --- words --- */

/* Of a text that is cut at the edge of the sheet anyway. */
#define TEXT_BYTES_MAX 600

typedef struct pen {
    cairo_t *cairo;
    PangoContext *context;
} pen;

/* One line of a text in a box, in a grey 0 (black) to 1. */
static ko_status write_text(const pen *p, const char *text, ko_report_panel box, double grey)
{
    ko_buf clean = KO_BUF(3 * TEXT_BYTES_MAX + 3);
    const ko_status st = ko_text_clean(&clean, text, strnlen(text, TEXT_BYTES_MAX));
    if (st != KO_OK)
        return st;
    PangoLayout *layout = pango_layout_new(p->context);
    pango_layout_set_text(layout, clean.data, -1);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(layout, (int)box.width * PANGO_SCALE);
    if (pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL)
        pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT); /* that is, the left */
    cairo_save(p->cairo);
    /* accents that are piled up stay on their own line */
    cairo_rectangle(p->cairo, box.x, box.y, box.width, box.height);
    cairo_clip(p->cairo);
    cairo_move_to(p->cairo, box.x, box.y);
    cairo_set_source_rgb(p->cairo, grey, grey, grey);
    pango_cairo_show_layout(p->cairo, layout);
    cairo_restore(p->cairo);
    g_object_unref(layout);
    ko_buf_free(&clean);
    return KO_OK;
}

static const char *patch_label(const ko_report_picture_source *source)
{
    static const char *const labels[2][4] = {
        {"the listing's picture at that place",
         "the listing's picture at that place, mirrored back",
         "the listing's picture at that place (inverted tones)",
         "the listing's picture at that place, mirrored back (inverted tones)"},
        {"the listing's picture in the work's frame",
         "the listing's picture in the work's frame, mirrored back",
         "the listing's picture in the work's frame (inverted tones)",
         "the listing's picture in the work's frame, mirrored back (inverted tones)"}};
    return labels[source->whole][source->mirrored + 2 * source->inverted];
}

static ko_status write_label(const pen *p, const char *text, const ko_report_layout *l,
                             const ko_report_panel *of)
{
    const uint32_t right = of->x == l->listing.x ? l->work.x : l->width;
    return write_text(p, text, (ko_report_panel){of->x, of->y - LABEL, right - of->x, LABEL}, .35);
}

static ko_status write_words(const pen *p, const ko_report_picture_source *source,
                             const ko_report_layout *l)
{
    ko_status st = write_label(p, "listing", l, &l->listing);
    if (st == KO_OK)
        st = write_label(p, "work", l, &l->work);
    if (st == KO_OK)
        st = write_label(p, patch_label(source), l, &l->patch);
    const uint32_t margin = source->size->margin;
    ko_report_panel box = {0, l->height - margin - (uint32_t)source->n_facts * FACT_LINE, 0,
                           FACT_LINE};
    for (size_t i = 0; st == KO_OK && i < source->n_facts; i++, box.y += FACT_LINE) {
        box.x = margin;
        box.width = FACT_COLUMN;
        st = write_text(p, source->facts[i].name, box, .35);
        box.x += FACT_COLUMN;
        box.width = l->width - margin - box.x;
        if (st == KO_OK)
            st = write_text(p, source->facts[i].value, box, .1);
    }
    return st;
}

static ko_status write_all(cairo_t *cairo, const ko_report_picture_source *source,
                           const ko_report_layout *l)
{
    PangoFontMap *fonts = pango_cairo_font_map_new();
    const pen p = {cairo, pango_font_map_create_context(fonts)};
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "sans");
    pango_font_description_set_absolute_size(font, FONT_PX * PANGO_SCALE);
    pango_context_set_font_description(p.context, font);
    const ko_status st = write_words(&p, source, l);
    pango_font_description_free(font);
    g_object_unref(p.context);
    g_object_unref(fonts);
    return st;
}

/* --- places --- */

bool ko_report_whole_quad(ko_orientation orientation, const float box[4], const ko_extent *full,
                          float out_quad[8])
{
    static const float corners[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    for (size_t i = 0; i < 4; i++) {
        const float x = (corners[i][0] - box[0]) / box[2], y = (corners[i][1] - box[1]) / box[3];
        const float places[KO_ORIENT_COUNT][2] = {
            [KO_ORIENT_NONE] = {x, y},           [KO_ORIENT_ROT90] = {1 - y, x},
            [KO_ORIENT_ROT180] = {1 - x, 1 - y}, [KO_ORIENT_ROT270] = {y, 1 - x},
            [KO_ORIENT_MIRROR] = {1 - x, y},     [KO_ORIENT_FLIP] = {x, 1 - y},
            [KO_ORIENT_TRANSPOSE] = {y, x},      [KO_ORIENT_TRANSVERSE] = {1 - y, 1 - x},
        };
        out_quad[2 * i] = places[orientation][0] * (float)full->width;
        out_quad[2 * i + 1] = places[orientation][1] * (float)full->height;
    }
    return orientation >= KO_ORIENT_MIRROR;
}

/* In pixels of the listing's raster. */
static bool place_of(const ko_report_picture_source *source, ko_part_model *out)
{
    if (!ko_part_square_to_quad(source->quad, out))
        return false;
    for (size_t i = 0; i < 6; i++)
        out->h[i] /= source->listing->full.shrink;
    return true;
}

/* --- the sheet --- */

static ko_status draw(cairo_surface_t *surface, const ko_report_picture_source *source,
                      const ko_report_layout *l, const ko_part_model *place)
{
    cairo_t *cairo = cairo_create(surface);
    ko_status st = KO_E_NOMEM;
    if (cairo_status(cairo) == CAIRO_STATUS_SUCCESS) {
        draw_pictures(cairo, source, l, place);
        st = write_all(cairo, source, l);
        cairo_surface_flush(surface);
        if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS)
            st = KO_E_NOMEM;
    }
    cairo_destroy(cairo);
    return st;
}

ko_status ko_report_draw(const ko_report_picture_source *source, ko_report_pixels *out_pixels,
                         ko_error *err)
{
    assert(source->n_facts <= KO_REPORT_FACTS_MAX);
    ko_part_model place;
    if (!place_of(source, &place))
        return ko_fail(err, KO_E_FORMAT, "a place in the photo that no work can have");
    const ko_report_layout l = ko_report_picture_layout(source);
    ko_report_pixels p = {.stride = 4 * (size_t)l.width, .width = l.width, .height = l.height};
    p.rows = ko_alloc_array(l.height, p.stride);
    if (!p.rows)
        return ko_fail(err, KO_E_NOMEM, "picture of %u x %u px", l.width, l.height);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        p.rows, CAIRO_FORMAT_RGB24, (int)l.width, (int)l.height, (int)p.stride);
    const ko_status st = draw(surface, source, &l, &place);
    cairo_surface_destroy(surface);
    if (st == KO_OK) {
        *out_pixels = p;
        return KO_OK;
    }
    ko_free(p.rows);
    return ko_fail(err, st, "picture of %u x %u px", l.width, l.height);
}

ko_status ko_report_picture(const ko_report_picture_source *source, ko_buf *out_png, ko_error *err)
{
    ko_report_pixels p = {0};
    ko_status st = ko_report_draw(source, &p, err);
    if (st != KO_OK)
        return st;
    st = ko_report_png(p.rows, p.stride, p.width, p.height, source->software, out_png, err);
    ko_free(p.rows);
    return st;
}
