#include "image/job.h"

#include "base/alloc.h"
#include "image/turn.h"

#include <assert.h>
#include <string.h>

ko_status ko_image_job_size(ko_image_job *job, uint64_t width, uint64_t height)
{
    const ko_image_options *caps = &job->options;
    if (width == 0 || height == 0)
        return ko_fail(job->err, KO_E_FORMAT, "%s of %llu x %llu px", ko_image_kind_name(job->kind),
                       (unsigned long long)width, (unsigned long long)height);
    if (width > caps->max_side_px || height > caps->max_side_px)
        return ko_fail(job->err, KO_E_LIMIT, "%s %llu px, limit %u",
                       width >= height ? "width" : "height",
                       (unsigned long long)(width >= height ? width : height), caps->max_side_px);
    if (width * height > caps->max_pixels)
        return ko_fail(job->err, KO_E_LIMIT, "%llu x %llu px, limit %llu px in all",
                       (unsigned long long)width, (unsigned long long)height,
                       (unsigned long long)caps->max_pixels);
    job->full = (ko_extent){(uint32_t)width, (uint32_t)height, 1};
    return KO_OK;
}

static ko_status no_memory(const ko_image_job *job, uint32_t width, uint32_t height)
{
    return ko_fail(job->err, KO_E_NOMEM, "picture of %u x %u px", width, height);
}

static bool grey_alloc(ko_grey *plane, uint32_t width, uint32_t height)
{
    *plane = (ko_grey){ko_alloc_array(height, width), width, height, width};
    return plane->px != NULL;
}

ko_status ko_image_job_begin(ko_image_job *job, uint32_t width, uint32_t height, bool has_alpha)
{
    assert(width && height && !job->luma.px && !job->rgb.px && !job->rgba.px);
    const size_t columns = width;
    bool ok = false;
    switch (job->want) {
    case KO_IMAGE_WANT_LUMA:
        ok = grey_alloc(&job->luma, width, height) &&
             (!has_alpha || grey_alloc(&job->alpha, width, height));
        break;
    case KO_IMAGE_WANT_RGB:
        job->rgb = (ko_rgb){ko_alloc_array(height, 3 * columns), width, height, 3 * columns};
        ok = job->rgb.px != NULL;
        break;
    case KO_IMAGE_WANT_RGBA:
        job->rgba = (ko_rgba){ko_alloc_array(height, 4 * columns), width, height, 4 * columns};
        ok = job->rgba.px != NULL;
        break;
    }
    job->alpha_and = 255;
    return ok ? KO_OK : no_memory(job, width, height);
}

/* Rec. 601 in 16-bit fixed point with rounding, the arithmetic JPEG encoders use, so that
 * a picture has one luma however it was stored. */
static uint8_t luma601(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((19595u * r + 38470u * g + 7471u * b + 32768u) >> 16);
}

static void put_rgb(uint8_t *restrict out, const uint8_t *restrict px, size_t n, unsigned channels)
{
    const unsigned green = channels >= 3 ? 1 : 0, blue = channels >= 3 ? 2 : 0;
    for (size_t x = 0; x < n; x++) {
        out[3 * x] = px[channels * x];
        out[3 * x + 1] = px[channels * x + green];
        out[3 * x + 2] = px[channels * x + blue];
    }
}

static void put_rgba(uint8_t *restrict out, const uint8_t *restrict px, size_t n, unsigned channels)
{
    const unsigned green = channels >= 3 ? 1 : 0, blue = channels >= 3 ? 2 : 0;
    for (size_t x = 0; x < n; x++) {
        out[4 * x] = px[channels * x];
        out[4 * x + 1] = px[channels * x + green];
        out[4 * x + 2] = px[channels * x + blue];
        out[4 * x + 3] = channels % 2 == 0 ? px[channels * x + channels - 1] : 255;
    }
}

static void put_luma(uint8_t *restrict out, const uint8_t *restrict px, size_t n, unsigned channels)
{
    switch (channels) {
    case 1:
        memcpy(out, px, n);
        break;
    case 2:
        for (size_t x = 0; x < n; x++)
            out[x] = px[2 * x];
        break;
    case 3:
        for (size_t x = 0; x < n; x++)
            out[x] = luma601(px[3 * x], px[3 * x + 1], px[3 * x + 2]);
        break;
    default:
        for (size_t x = 0; x < n; x++)
            out[x] = luma601(px[4 * x], px[4 * x + 1], px[4 * x + 2]);
        break;
    }
}

static uint8_t put_alpha(uint8_t *restrict out, const uint8_t *restrict px, size_t n,
                         unsigned channels)
{
    uint8_t all = 255;
    for (size_t x = 0; x < n; x++) {
        out[x] = px[channels * x + channels - 1];
        all &= out[x];
    }
    return all;
}

void ko_image_job_put(ko_image_job *job, uint32_t y, const uint8_t *px, unsigned channels)
{
    assert(channels >= 1 && channels <= 4);
    if (job->want == KO_IMAGE_WANT_RGB) {
        assert(y < job->rgb.height);
        put_rgb(job->rgb.px + y * job->rgb.stride, px, job->rgb.width, channels);
        return;
    }
    if (job->want == KO_IMAGE_WANT_RGBA) {
        assert(y < job->rgba.height);
        put_rgba(job->rgba.px + y * job->rgba.stride, px, job->rgba.width, channels);
        return;
    }
    assert(y < job->luma.height);
    put_luma(job->luma.px + y * job->luma.stride, px, job->luma.width, channels);
    if (job->alpha.px) {
        assert(channels == 2 || channels == 4);
        job->alpha_and &=
            put_alpha(job->alpha.px + y * job->alpha.stride, px, job->alpha.width, channels);
    }
}

ko_status ko_image_job_finish(ko_image_job *job)
{
    if (job->alpha.px && job->alpha_and == 255) {
        ko_free(job->alpha.px);
        job->alpha = (ko_grey){0};
    }
    if (ko_image_turn_grey(&job->luma, job->orientation) &&
        ko_image_turn_grey(&job->alpha, job->orientation) &&
        ko_image_turn_rgb(&job->rgb, job->orientation) &&
        ko_image_turn_rgba(&job->rgba, job->orientation))
        return KO_OK;
    return no_memory(job, job->full.width, job->full.height);
}

void ko_image_job_free(ko_image_job *job)
{
    ko_free(job->luma.px);
    ko_free(job->alpha.px);
    ko_free(job->rgb.px);
    ko_free(job->rgba.px);
    job->luma = job->alpha = (ko_grey){0};
    job->rgb = (ko_rgb){0};
    job->rgba = (ko_rgba){0};
}
