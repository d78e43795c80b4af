/* image/job.h - one decode: what was asked, what the decoder found, where pixels go.
 *
 * image.c fills the upper half and calls the decoder of the kind. The decoder reports the
 * size, begins, puts rows, and notes the orientation; image.c then drops an alpha plane
 * that says nothing and turns what is left. So each decoder knows one format and nothing
 * else. The job owns the planes until its caller hands them out; ko_image_job_free is safe
 * at any moment. */
#ifndef KO_IMAGE_JOB_H
#define KO_IMAGE_JOB_H

#include "base/status.h"

#include <knockoff/image.h>

/* What the pixels are wanted as. */
typedef enum ko_image_want {
    KO_IMAGE_WANT_LUMA = 0, /* luma and alpha, of sRGB colours */
    KO_IMAGE_WANT_RGB,      /* RGB as stored */
    KO_IMAGE_WANT_RGBA      /* sRGB and alpha */
} ko_image_want;

typedef struct ko_image_job {
    const uint8_t *bytes; /* borrowed */
    size_t size;
    ko_image_kind kind;
    ko_image_options options;
    ko_image_want want;
    ko_error *err;

    ko_extent full;       /* as stored, and how much the decoder shrinks it */
    unsigned orientation; /* EXIF: 1 (as stored) to 8 */
    ko_grey luma, alpha;  /* as stored, perhaps shrunk; or */
    ko_rgb rgb;           /* or */
    ko_rgba rgba;
    uint8_t alpha_and; /* of all alpha bytes: 255 means opaque */
} ko_image_job;

/* A job for borrowed bytes, under the caps of options and of base/limits.h. */
ko_image_job ko_image_job_of(const void *bytes, size_t size, const ko_image_options *options,
                             ko_error *err);

/* From bytes to finished planes, upright. On failure the job owns none. */
KO_NODISCARD ko_status ko_image_job_run(ko_image_job *job);

/* The full size as displayed. */
ko_extent ko_image_job_upright(const ko_image_job *job);

/* Checks what the header says against the caps and keeps it as the full size. To be called
 * before anything is allocated by these numbers. KO_E_FORMAT (a side of 0), KO_E_LIMIT. */
KO_NODISCARD ko_status ko_image_job_size(ko_image_job *job, uint64_t width, uint64_t height);

/* Allocates the planes; width and height are those of the decoded raster. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_image_job_begin(ko_image_job *job, uint32_t width, uint32_t height,
                                          bool has_alpha);

/* Writes row y from interleaved sRGB: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
void ko_image_job_put(ko_image_job *job, uint32_t y, const uint8_t *px, unsigned channels);

/* Takes the alpha plane away when every pixel is opaque, and turns the planes upright. */
KO_NODISCARD ko_status ko_image_job_finish(ko_image_job *job);

void ko_image_job_free(ko_image_job *job);

/* The decoders. Each leaves the job half done on failure; its status is the job's. */
KO_NODISCARD ko_status ko_image_decode_jpeg(ko_image_job *job);
KO_NODISCARD ko_status ko_image_decode_png(ko_image_job *job);
KO_NODISCARD ko_status ko_image_decode_svg(ko_image_job *job);
KO_NODISCARD ko_status ko_image_decode_vips(ko_image_job *job); /* all other kinds */

#endif
