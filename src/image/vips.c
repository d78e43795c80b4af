/* Everything but JPEG and PNG, and colour conversion, through libvips.
 *
 * The loader is named by us, from our own look at the bytes: libvips would also offer
 * these bytes to loaders that were never meant for hostile input. Pixels are pulled in
 * strips by the calling thread, so a picture costs a strip and no thread pool; callers
 * decode many pictures at once instead. */
#include "image/vips.h"

#include "base/limits.h"
#include "image/convert.h"
#include "image/header.h"
#include "image/icc.h"
#include "image/job.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>

/* Rows pulled at once: loaders work in strips of 8 to 64 rows. */
#define STRIP_ROWS 64

/* Of one pixel: four channels of double. More is no picture. */
#define PIXEL_BYTES_MAX 32u

static bool started;

static void be_silent(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer data)
{
    (void)domain;
    (void)level;
    (void)text;
    (void)data;
}

/* The settings are the process's, but libvips is a detail of this folder. Its warnings go
 * to stderr otherwise. */
static void start(void)
{
    if (vips_init("knockoff") != 0)
        return;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    (void)g_log_set_handler("VIPS", (GLogLevelFlags)(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE),
                            be_silent, NULL);
    started = true;
}

static bool vips_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    return pthread_once(&once, start) == 0 && started;
}

VipsImage *ko_image_vips_open(const void *bytes, size_t size, ko_image_kind kind)
{
    static int (*const loaders[])(void *, size_t, VipsImage **, ...) = {
        [KO_IMAGE_JPEG] = vips_jpegload_buffer,  [KO_IMAGE_WEBP] = vips_webpload_buffer,
        [KO_IMAGE_GIF] = vips_gifload_buffer,    [KO_IMAGE_TIFF] = vips_tiffload_buffer,
        [KO_IMAGE_AVIF] = vips_heifload_buffer,  [KO_IMAGE_HEIC] = vips_heifload_buffer,
        [KO_IMAGE_PSD] = vips_magickload_buffer,
    };
    assert((size_t)kind < sizeof loaders / sizeof *loaders && loaders[kind]);
    VipsImage *image = NULL;
    if (!vips_ready())
        return NULL;
    /* libvips takes void * and only reads. It has no strips of WebP and would keep a large
     * one in a file on disk; that is what "memory" forbids. */
    void *borrowed = (void *)bytes;
    (void)loaders[kind](borrowed, size, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                        VIPS_FAIL_ON_TRUNCATED, "memory", kind == KO_IMAGE_WEBP, NULL);
    vips_error_clear(); /* one buffer for all threads: its text may be another's */
    return image;
}

static ko_status damaged(const ko_image_job *job, const char *what)
{
    vips_error_clear();
    return ko_fail(job->err, KO_E_FORMAT, "%s: %s cannot be read", ko_image_kind_name(job->kind),
                   what);
}

/* Replaces *image by *next, which an operation that returned result has made of it. */
static bool step(VipsImage **image, int result, VipsImage *const *next)
{
    if (result != 0)
        return false;
    g_object_unref(*image);
    *image = *next;
    return true;
}

/* Perceptual is the intent that profiles have when they have only one, and the one that
 * browsers use. */
static bool convert_profile(VipsImage **image)
{
    const bool cmyk = vips_image_get_interpretation(*image) == VIPS_INTERPRETATION_CMYK;
    VipsImage *next = NULL;
    const int result =
        vips_icc_transform(*image, &next, "srgb", "embedded", TRUE, "input_profile",
                           cmyk ? "cmyk" : "srgb", "intent", VIPS_INTENT_PERCEPTUAL, NULL);
    return step(image, result, &next);
}

static bool needs_profile(VipsImage *image, bool as_stored)
{
    const void *profile = NULL;
    size_t size = 0;
    if (vips_image_get_interpretation(image) == VIPS_INTERPRETATION_CMYK)
        return true;
    if (as_stored || !vips_image_get_typeof(image, VIPS_META_ICC_NAME) ||
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &size) != 0)
        return false;
    return ko_image_icc_matters(profile, size, vips_image_get_bands(image) >= 3 ? 3 : 1);
}

/* Whatever a file holds, to one to four channels of eight bits in sRGB. A profile that
 * does not work is a profile that is not there. */
static bool to_srgb(VipsImage **image, bool as_stored)
{
    VipsImage *next = NULL;
    if (!needs_profile(*image, as_stored) || !convert_profile(image)) {
        const int result = vips_colourspace(*image, &next, VIPS_INTERPRETATION_sRGB, NULL);
        if (!step(image, result, &next))
            return false;
    }
    if (vips_image_get_format(*image) != VIPS_FORMAT_UCHAR &&
        !step(image, vips_cast_uchar(*image, &next, NULL), &next))
        return false;
    return vips_image_get_bands(*image) <= 4 ||
           step(image, vips_extract_band(*image, &next, 0, "n", 4, NULL), &next);
}

static ko_status put_strips(ko_image_job *job, VipsRegion *region, uint32_t width, uint32_t height,
                            unsigned channels)
{
    for (uint32_t top = 0; top < height; top += STRIP_ROWS) {
        const uint32_t rows = height - top < STRIP_ROWS ? height - top : STRIP_ROWS;
        const VipsRect strip = {0, (int)top, (int)width, (int)rows};
        if (vips_region_prepare(region, &strip) != 0)
            return damaged(job, "the picture");
        const uint8_t *px = VIPS_REGION_ADDR_TOPLEFT(region);
        const size_t stride = (size_t)VIPS_REGION_LSKIP(region);
        for (uint32_t i = 0; i < rows; i++)
            ko_image_job_put(job, top + i, px + i * stride, channels);
    }
    return KO_OK;
}

/* Takes the image over. */
static ko_status put_image(ko_image_job *job, VipsImage *image)
{
    VipsRegion *region = NULL;
    ko_status st;
    if (!to_srgb(&image, job->want == KO_IMAGE_WANT_RGB)) {
        st = damaged(job, "the colours");
        goto done;
    }
    const uint32_t width = (uint32_t)vips_image_get_width(image);
    const uint32_t height = (uint32_t)vips_image_get_height(image);
    const unsigned channels = (unsigned)vips_image_get_bands(image);
    st = ko_image_job_begin(job, width, height, channels % 2 == 0);
    if (st != KO_OK)
        goto done;
    region = vips_region_new(image);
    st = region ? put_strips(job, region, width, height, channels)
                : ko_fail(job->err, KO_E_NOMEM, "strips of a picture %u px wide", width);
done:
    vips_error_clear();
    if (region)
        g_object_unref(region);
    g_object_unref(image);
    return st;
}

ko_status ko_image_convert(ko_image_job *job, const ko_image_raw *raw)
{
    if (!vips_ready())
        return ko_fail(job->err, KO_E_UNSUPPORTED, "libvips does not start");
    VipsImage *memory = vips_image_new_from_memory(
        raw->px, (size_t)raw->width * raw->height * raw->channels, (int)raw->width,
        (int)raw->height, (int)raw->channels, VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    const VipsInterpretation meaning = raw->cmyk            ? VIPS_INTERPRETATION_CMYK
                                       : raw->channels <= 2 ? VIPS_INTERPRETATION_B_W
                                                            : VIPS_INTERPRETATION_sRGB;
    const int result = memory ? vips_copy(memory, &image, "interpretation", meaning, NULL) : -1;
    if (memory)
        g_object_unref(memory);
    if (result != 0)
        return ko_fail(job->err, KO_E_NOMEM, "picture of %u x %u px", raw->width, raw->height);
    if (raw->profile)
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, raw->profile, raw->profile_size);
    return put_image(job, image);
}

/* ImageMagick (PSD) and libheif look at far more than the header when they are opened. */
static ko_status check_header(ko_image_job *job)
{
    ko_extent stated = {0};
    bool found;
    switch (job->kind) {
    case KO_IMAGE_PSD:
        found = ko_image_psd_size(job->bytes, job->size, &stated);
        break;
    case KO_IMAGE_AVIF:
    case KO_IMAGE_HEIC:
        found = ko_image_heif_size(job->bytes, job->size, &stated);
        break;
    default:
        return KO_OK;
    }
    return found ? ko_image_job_size(job, stated.width, stated.height) : damaged(job, "the header");
}

static size_t pixel_bytes(const VipsImage *image)
{
    return (size_t)vips_image_get_bands(image) *
           vips_format_sizeof_unsafe(vips_image_get_format(image));
}

ko_status ko_image_decode_vips(ko_image_job *job)
{
    VipsImage *image = NULL;
    ko_status st = check_header(job);
    if (st != KO_OK)
        return st;
    image = ko_image_vips_open(job->bytes, job->size, job->kind);
    if (!image)
        return damaged(job, "the header");
    st = ko_image_job_size(job, (uint64_t)vips_image_get_width(image),
                           (uint64_t)vips_image_get_height(image));
    if (st == KO_OK && pixel_bytes(image) > PIXEL_BYTES_MAX)
        st = ko_fail(job->err, KO_E_UNSUPPORTED, "%s of %d channels", ko_image_kind_name(job->kind),
                     vips_image_get_bands(image));
    if (st != KO_OK) {
        g_object_unref(image);
        return st;
    }
    job->orientation = (unsigned)vips_image_get_orientation(image);
    return put_image(job, image);
}
