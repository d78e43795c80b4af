#include <knockoff/image.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "image/job.h"
#include "image/sniff.h"
#include "image/turn.h"

#include <assert.h>

#define MIN(a, b) ((a) < (b) ? (a) : (b))

void ko_image_options_init(ko_image_options *options)
{
    *options = (ko_image_options){
        .max_bytes = KO_MAX_IMAGE_BYTES,
        .max_side_px = KO_MAX_IMAGE_SIDE_PX,
        .max_pixels = KO_MAX_IMAGE_PIXELS,
    };
}

/* The caps hold whatever a caller writes into its options. */
static ko_image_options capped(const ko_image_options *options)
{
    ko_image_options out = *options;
    out.max_bytes = MIN(out.max_bytes, KO_MAX_IMAGE_BYTES);
    out.max_side_px = MIN(out.max_side_px, KO_MAX_IMAGE_SIDE_PX);
    out.max_pixels = MIN(out.max_pixels, KO_MAX_IMAGE_PIXELS);
    return out;
}

static ko_status recognise(ko_image_job *job)
{
    if (job->size == 0)
        return ko_fail(job->err, KO_E_FORMAT, "empty file");
    if (job->size > job->options.max_bytes)
        return ko_fail(job->err, KO_E_LIMIT, "picture of %zu bytes, limit %zu", job->size,
                       job->options.max_bytes);
    job->kind = ko_image_sniff(job->bytes, job->size);
    if (job->kind == KO_IMAGE_UNKNOWN) {
        const char *name = ko_image_unread_kind(job->bytes, job->size);
        if (name)
            return ko_fail(job->err, KO_E_UNSUPPORTED, "%s, a kind that is not read", name);
        return ko_fail(job->err, KO_E_FORMAT, "not a picture");
    }
    if (!job->options.trusted && (job->kind == KO_IMAGE_SVG || job->kind == KO_IMAGE_PSD))
        return ko_fail(job->err, KO_E_UNSUPPORTED, "%s is read only from the artist's own files",
                       ko_image_kind_name(job->kind));
    return KO_OK;
}

ko_status ko_image_job_run(ko_image_job *job)
{
    ko_status st = recognise(job);
    if (st != KO_OK)
        return st;
    if (job->kind == KO_IMAGE_JPEG)
        st = ko_image_decode_jpeg(job);
    else if (job->kind == KO_IMAGE_PNG)
        st = ko_image_decode_png(job);
    else if (job->kind == KO_IMAGE_SVG)
        st = ko_image_decode_svg(job);
    else
        st = ko_image_decode_vips(job);
    if (st == KO_OK)
        st = ko_image_job_finish(job);
    if (st != KO_OK)
        ko_image_job_free(job);
    return st;
}

ko_image_job ko_image_job_of(const void *bytes, size_t size, const ko_image_options *options,
                             ko_error *err)
{
    return (ko_image_job){
        .bytes = bytes, .size = size, .options = capped(options), .orientation = 1, .err = err};
}

ko_extent ko_image_job_upright(const ko_image_job *job)
{
    if (!ko_image_turn_swaps(job->orientation))
        return job->full;
    return (ko_extent){job->full.height, job->full.width, job->full.shrink};
}

ko_status ko_image_decode(const void *bytes, size_t size, const ko_image_options *options,
                          ko_image *out_image, ko_error *err)
{
    assert((bytes || size == 0) && options && out_image);
    ko_image_job job = ko_image_job_of(bytes, size, options, err);
    const ko_status st = ko_image_job_run(&job);
    if (st != KO_OK)
        return st;
    *out_image = (ko_image){
        .luma = job.luma, .alpha = job.alpha, .full = ko_image_job_upright(&job), .kind = job.kind};
    return KO_OK;
}

ko_status ko_image_decode_rgb(const void *bytes, size_t size, const ko_image_options *options,
                              ko_rgb *out_rgb, ko_error *err)
{
    assert((bytes || size == 0) && options && out_rgb);
    ko_image_job job = ko_image_job_of(bytes, size, options, err);
    job.want = KO_IMAGE_WANT_RGB;
    job.options.min_side_px = job.options.min_long_side_px = 0;
    const ko_status st = ko_image_job_run(&job);
    if (st == KO_OK)
        *out_rgb = job.rgb;
    return st;
}

void ko_image_free(ko_image *image)
{
    if (!image)
        return;
    ko_free(image->luma.px);
    ko_free(image->alpha.px);
    *image = (ko_image){0};
}

void ko_image_rgb_free(ko_rgb *rgb)
{
    if (!rgb)
        return;
    ko_free(rgb->px);
    *rgb = (ko_rgb){0};
}
