/* Drawings go to librsvg itself. libvips would do, but it takes 72 px for an inch where CSS
 * has 96, and on a page measured in millimetres what is drawn in pixels is then cut off. */
#include "image/job.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <librsvg/rsvg.h>
#include <math.h>

#define CSS_PX_PER_INCH 96.0 /* CSS Values and Units 3, section 6.2 */

static ko_status damaged(const ko_image_job *job, const char *what)
{
    return ko_fail(job->err, KO_E_FORMAT, "SVG: %s cannot be read", what);
}

/* The page in CSS pixels: stated, or else the view box, or else a square. */
static void page_size(RsvgHandle *drawing, double *out_width, double *out_height)
{
    gboolean has_width, has_height, has_box;
    RsvgLength width, height;
    RsvgRectangle box;
    if (rsvg_handle_get_intrinsic_size_in_pixels(drawing, out_width, out_height))
        return;
    rsvg_handle_get_intrinsic_dimensions(drawing, &has_width, &width, &has_height, &height,
                                         &has_box, &box);
    *out_width = has_box ? box.width : KO_SVG_SIDE_PX;
    *out_height = has_box ? box.height : KO_SVG_SIDE_PX;
}

/* A drawing has no size of its own: its longer side becomes KO_SVG_SIDE_PX, or more where
 * a side would fall below what was asked for. The raster counts as the full size. */
static ko_status raster_size(ko_image_job *job, RsvgHandle *drawing)
{
    double width, height;
    page_size(drawing, &width, &height);
    if (!(width > 0) || !(height > 0))
        return damaged(job, "the size of the page");
    const uint32_t asked = job->options.min_long_side_px;
    const double longer = asked > KO_SVG_SIDE_PX ? asked : KO_SVG_SIDE_PX;
    double scale =
        fmax(longer / fmax(width, height), job->options.min_side_px / fmin(width, height));
    if (fmax(width, height) > KO_MAX_IMAGE_SIDE_PX)
        scale = 1; /* no drawing but a mistake: let the check speak of what the file says */
    const double most = UINT32_MAX;
    return ko_image_job_size(job, (uint64_t)fmin(most, round(width * scale)),
                             (uint64_t)fmin(most, round(height * scale)));
}

/* One row of cairo's ARGB32, premultiplied and in the machine's byte order. */
static void put_row(ko_image_job *job, uint32_t y, const uint32_t *argb, uint8_t *rgba)
{
    for (uint32_t x = 0; x < job->full.width; x++) {
        const uint32_t alpha = argb[x] >> 24;
        for (unsigned c = 0; c < 3; c++) {
            const uint32_t value = argb[x] >> (16 - 8 * c) & 255u;
            rgba[4 * x + c] = (uint8_t)(alpha ? (value * 255 + alpha / 2) / alpha : 0);
        }
        rgba[4 * x + 3] = (uint8_t)alpha;
    }
    ko_image_job_put(job, y, rgba, 4);
}

static ko_status put_surface(ko_image_job *job, cairo_surface_t *surface)
{
    const uint8_t *px = cairo_image_surface_get_data(surface);
    const size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    uint8_t *row = ko_alloc_array(job->full.width, 4);
    if (!row)
        return ko_fail(job->err, KO_E_NOMEM, "a row of %u px", job->full.width);
    ko_status st = ko_image_job_begin(job, job->full.width, job->full.height, true);
    for (uint32_t y = 0; st == KO_OK && y < job->full.height; y++)
        put_row(job, y, (const uint32_t *)(const void *)(px + y * stride), row);
    ko_free(row);
    return st;
}

static ko_status render(ko_image_job *job, RsvgHandle *drawing)
{
    const RsvgRectangle page = {0, 0, job->full.width, job->full.height};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)job->full.width,
                                                          (int)job->full.height);
    cairo_t *cairo = cairo_create(surface);
    ko_status st;
    if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
        st = ko_fail(job->err, KO_E_NOMEM, "picture of %u x %u px", job->full.width,
                     job->full.height);
    } else if (!rsvg_handle_render_document(drawing, cairo, &page, NULL)) {
        st = damaged(job, "the drawing");
    } else {
        cairo_surface_flush(surface);
        st = put_surface(job, surface);
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return st;
}

ko_status ko_image_decode_svg(ko_image_job *job)
{
    /* From memory and without a base address: nothing outside the file is ever read. */
    RsvgHandle *drawing = rsvg_handle_new_from_data(job->bytes, job->size, NULL);
    if (!drawing)
        return damaged(job, "the drawing");
    rsvg_handle_set_dpi(drawing, CSS_PX_PER_INCH);
    ko_status st = raster_size(job, drawing);
    if (st == KO_OK)
        st = render(job, drawing);
    g_object_unref(drawing);
    return st;
}
