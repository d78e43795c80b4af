/* The mark is light words with dark edges in slanted rows, which show on any ground, and fine
 * lines across them, so that what lies between two words is not clean either. */
#include "proof/picture.h"

#include "base/limits.h"
#include "proof/jpeg.h"
#include "proof/pen.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define FONT_SHARE 26.  /* of the diagonal is the height of a letter */
#define WORD_WIDTH 16.  /* letters' heights; a longer name is cut */
#define ROW_PITCH 2.9   /* letters' heights from row to row, of two lines each */
#define SLANT (-.5236)  /* radians: 30 degrees upwards */
#define LIGHT_FROM 170u /* mean luma of a work that is lost on white */
#define JPEG_QUALITY 88 /* words keep sharp edges, and the file stays below 1 MB */

/* --- the work --- */

void ko_proof_size(const ko_rgba *work, uint32_t *out_width, uint32_t *out_height)
{
    const uint32_t longer = work->width > work->height ? work->width : work->height;
    double scale = 1;
    if (longer > KO_PROOF_SIDE_PX)
        scale = (double)KO_PROOF_SIDE_PX / longer;
    else if (longer < KO_PROOF_SIDE_LEAST_PX)
        scale = (double)KO_PROOF_SIDE_LEAST_PX / longer;
    *out_width = (uint32_t)fmax(1, round(work->width * scale));
    *out_height = (uint32_t)fmax(1, round(work->height * scale));
}

static double ground_of(const ko_rgba *work)
{
    uint64_t light = 0, alpha = 0;
    for (uint32_t y = 0; y < work->height; y++) {
        const uint8_t *px = work->px + y * work->stride;
        for (uint32_t x = 0; x < work->width; x++, px += 4) {
            light += (uint64_t)(px[0] * 2u + px[1] * 5u + px[2]) / 8 * px[3];
            alpha += px[3];
        }
    }
    return light > LIGHT_FROM * alpha ? .25 : 1;
}

/* cairo wants colours multiplied with alpha, in words of the machine's byte order. */
static cairo_surface_t *surface_of(const ko_rgba *work)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)work->width, (int)work->height);
    uint8_t *rows = cairo_image_surface_get_data(surface);
    if (!rows)
        return surface; /* in a state of error */
    const size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    for (uint32_t y = 0; y < work->height; y++) {
        const uint8_t *px = work->px + y * work->stride;
        for (uint32_t x = 0; x < work->width; x++, px += 4) {
            const uint32_t a = px[3];
            const uint32_t argb = a << 24 | (px[0] * a + 127) / 255 << 16 |
                                  (px[1] * a + 127) / 255 << 8 | (px[2] * a + 127) / 255;
            memcpy(rows + y * stride + 4 * (size_t)x, &argb, sizeof argb);
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void draw_work(cairo_t *cairo, const ko_rgba *work, uint32_t width, uint32_t height)
{
    const double ground = ground_of(work);
    cairo_surface_t *surface = surface_of(work);
    cairo_set_source_rgb(cairo, ground, ground, ground);
    cairo_paint(cairo);
    cairo_save(cairo);
    cairo_scale(cairo, (double)width / work->width, (double)height / work->height);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_GOOD);
    cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_destroy(surface);
}

/* --- the mark --- */

/* The two lines that are repeated. */
typedef struct mark {
    PangoLayout *name, *below;
    double width, size; /* of the wider line; height of a letter */
} mark;

static ko_status set_line(const ko_proof_pen *pen, const char *text, double size,
                          PangoLayout **out_layout, ko_error *err)
{
    const ko_status st =
        ko_proof_layout(pen, "the mark on a proof", text, size, true, out_layout, err);
    if (st == KO_OK) {
        pango_layout_set_width(*out_layout, (int)(size * WORD_WIDTH * PANGO_SCALE));
        pango_layout_set_ellipsize(*out_layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_auto_dir(*out_layout, FALSE); /* always from the left of its place */
    }
    return st;
}

static double line_width(PangoLayout *layout)
{
    PangoRectangle extents;
    pango_layout_get_pixel_extents(layout, NULL, &extents);
    return extents.width;
}

static ko_status set_mark(const ko_proof_pen *pen, const ko_proof_source *source, mark *m,
                          ko_error *err)
{
    ko_buf name = KO_BUF(KO_MAX_STATEMENT_TEXT + 8), below = KO_BUF(KO_MAX_STATEMENT_TEXT);
    ko_status st = ko_buf_printf(&name, "© %.*s", (int)KO_MAX_STATEMENT_TEXT, source->owner);
    if (st == KO_OK)
        st = ko_buf_printf(&below, "%s  %s", source->serial, source->date);
    if (st != KO_OK)
        st = ko_fail(err, st, "the mark on a proof");
    if (st == KO_OK)
        st = set_line(pen, name.data, m->size, &m->name, err);
    if (st == KO_OK)
        st = set_line(pen, below.data, m->size * .8, &m->below, err);
    if (st == KO_OK)
        m->width = fmax(line_width(m->name), line_width(m->below));
    ko_buf_free(&name);
    ko_buf_free(&below);
    return st;
}

static void draw_line(cairo_t *cairo, PangoLayout *layout, double x, double y, double size)
{
    cairo_new_path(cairo);
    cairo_move_to(cairo, x, y);
    pango_cairo_layout_path(cairo, layout);
    cairo_set_source_rgba(cairo, 0, 0, 0, .5);
    cairo_set_line_width(cairo, size / 9);
    cairo_stroke_preserve(cairo);
    cairo_set_source_rgba(cairo, 1, 1, 1, .62);
    cairo_fill(cairo);
}

static void draw_fine_lines(cairo_t *cairo, double reach, double pitch)
{
    const int n = (int)ceil(reach / pitch);
    for (int i = -n; i <= n; i++) {
        cairo_move_to(cairo, i * pitch, -reach);
        cairo_line_to(cairo, i * pitch, reach);
    }
    cairo_set_source_rgba(cairo, .5, .5, .5, .55);
    cairo_set_line_width(cairo, pitch / 16);
    cairo_stroke(cairo);
}

/* Rows around the middle, each second one shifted, as far as the corners. */
static void draw_mark(cairo_t *cairo, const mark *m, uint32_t width, uint32_t height)
{
    const double reach = hypot(width, height) / 2;
    const double row = m->size * ROW_PITCH, column = m->width + 1.2 * m->size;
    cairo_save(cairo);
    cairo_translate(cairo, width / 2., height / 2.);
    cairo_rotate(cairo, SLANT);
    draw_fine_lines(cairo, reach, m->size);
    const int rows = (int)ceil(reach / row), columns = (int)ceil(reach / column) + 1;
    for (int r = -rows; r <= rows; r++)
        for (int c = -columns; c <= columns; c++) {
            const double x = (c + (r % 2 ? .5 : 0)) * column, y = r * row;
            draw_line(cairo, m->name, x, y, m->size);
            draw_line(cairo, m->below, x, y + m->size * 1.2, m->size * .8);
        }
    cairo_restore(cairo);
}

static ko_status write_mark(cairo_t *cairo, const ko_proof_source *source, uint32_t width,
                            uint32_t height, ko_error *err)
{
    ko_proof_pen pen;
    mark m = {.size = hypot(width, height) / FONT_SHARE};
    ko_proof_pen_open(&pen);
    const ko_status st = set_mark(&pen, source, &m, err);
    if (st == KO_OK)
        draw_mark(cairo, &m, width, height);
    g_clear_object(&m.name);
    g_clear_object(&m.below);
    ko_proof_pen_close(&pen);
    return st;
}

/* --- the picture --- */

ko_status ko_proof_picture(const ko_proof_source *source, ko_buf *out_jpeg, ko_error *err)
{
    uint32_t width, height;
    assert(source->work->width > 0 && source->work->height > 0);
    ko_proof_size(source->work, &width, &height);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_t *cairo = cairo_create(surface);
    draw_work(cairo, source->work, width, height);
    ko_status st = write_mark(cairo, source, width, height, err);
    cairo_surface_flush(surface);
    if (st == KO_OK && cairo_status(cairo) != CAIRO_STATUS_SUCCESS)
        st = ko_fail(err, KO_E_NOMEM, "proof of %u x %u px", width, height);
    if (st == KO_OK)
        st = ko_proof_jpeg(cairo_image_surface_get_data(surface),
                           (size_t)cairo_image_surface_get_stride(surface), width, height,
                           JPEG_QUALITY, out_jpeg, err);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return st;
}
