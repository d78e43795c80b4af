#include "image/colour.h"

#include "base/alloc.h"
#include "image/job.h"

#include <assert.h>

#define MIN(a, b) ((a) < (b) ? (a) : (b))

/* The mean of a box, colours weighed by their alpha: what is clear has no colour. */
static void mean_of(const ko_rgba *in, uint32_t left, uint32_t top, uint32_t side, uint8_t out[4])
{
    const uint32_t right = MIN(left + side, in->width), bottom = MIN(top + side, in->height);
    uint64_t sum[3] = {0}, alpha = 0, n = 0;
    for (uint32_t y = top; y < bottom; y++) {
        const uint8_t *px = in->px + y * in->stride + 4 * (size_t)left;
        for (uint32_t x = left; x < right; x++, px += 4, n++) {
            for (size_t c = 0; c < 3; c++)
                sum[c] += (uint64_t)px[c] * px[3];
            alpha += px[3];
        }
    }
    for (size_t c = 0; c < 3; c++)
        out[c] = (uint8_t)(alpha ? (sum[c] + alpha / 2) / alpha : 0);
    out[3] = (uint8_t)(n ? (alpha + n / 2) / n : 0);
}

/* Replaces the raster by one whose pixels are means of boxes of factor x factor. */
static bool shrink(ko_rgba *raster, uint32_t factor)
{
    const uint32_t width = (raster->width + factor - 1) / factor;
    const uint32_t height = (raster->height + factor - 1) / factor;
    const size_t stride = 4 * (size_t)width;
    uint8_t *px = ko_alloc_array(height, stride);
    if (!px)
        return false;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            mean_of(raster, x * factor, y * factor, factor, px + y * stride + 4 * (size_t)x);
    ko_free(raster->px);
    *raster = (ko_rgba){px, width, height, stride};
    return true;
}

ko_status ko_image_decode_colour(const void *bytes, size_t size, const ko_image_options *options,
                                 uint32_t side_px, ko_image_colour *out_colour, ko_error *err)
{
    assert((bytes || size == 0) && options && side_px && out_colour);
    ko_image_job job = ko_image_job_of(bytes, size, options, err);
    job.want = KO_IMAGE_WANT_RGBA;
    /* a drawing would be drawn larger for it, however long it is */
    job.options.min_side_px = ko_image_sniff(bytes, size) == KO_IMAGE_JPEG ? side_px : 0;
    job.options.min_long_side_px = 0;
    const ko_status st = ko_image_job_run(&job);
    if (st != KO_OK)
        return st;
    ko_extent full = ko_image_job_upright(&job);
    const uint32_t longest = job.rgba.width > job.rgba.height ? job.rgba.width : job.rgba.height;
    const uint32_t factor = (longest - 1) / side_px + 1;
    if (factor > 1 && !shrink(&job.rgba, factor)) {
        ko_image_job_free(&job);
        return ko_fail(err, KO_E_NOMEM, "picture of %u x %u px", full.width, full.height);
    }
    full.shrink *= factor;
    *out_colour = (ko_image_colour){.raster = job.rgba, .full = full};
    return KO_OK;
}

void ko_image_colour_free(ko_image_colour *colour)
{
    if (!colour)
        return;
    ko_free(colour->raster.px);
    *colour = (ko_image_colour){0};
}
