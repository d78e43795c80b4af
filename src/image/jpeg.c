/* JPEG through libjpeg-turbo: the kind that nearly every listing photo is, so the one
 * that is made fast. Luma is a plane of the file itself; asking for grey output leaves the
 * colour planes unfiltered and unconverted. Shrinking happens in the inverse DCT.
 *
 * Pictures whose numbers are not sRGB (CMYK, a wide-gamut profile) are decoded to their
 * own channels and converted through their profile.
 *
 * libjpeg reports by calling back and expects not to return; read_guarded holds the only
 * setjmp, and everything that lives across it is in the reader. */
#include "base/alloc.h"
#include "image/convert.h"
#include "image/exif.h"
#include "image/icc.h"
#include "image/job.h"

#include <assert.h>
#include <setjmp.h>
#include <stdio.h>  /* before jpeglib.h, which needs FILE */
#include <stdlib.h> /* free, for what libjpeg has allocated */
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

/* A progressive file may repeat its passes; cameras and editors write about ten. */
#define SCANS_MAX 100

/* Rows handed over at once; libjpeg delivers at most one MCU row (32) of them. */
#define ROWS_AT_ONCE 32u

typedef struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    ko_status status; /* of an escape */
    bool many_scans;
    ko_image_job *job;
    ko_image_raw raw; /* pixels that still need their colours converted */
    JOCTET *profile;
    unsigned profile_size;
} reader;

static _Noreturn void escape(reader *r, ko_status status)
{
    char text[JMSG_LENGTH_MAX];
    r->errors.format_message((j_common_ptr)&r->jpeg, text);
    r->status = ko_fail(r->job->err, status, "JPEG: %s", text);
    longjmp(r->escape, 1);
}

static void on_error(j_common_ptr jpeg)
{
    switch (jpeg->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
        escape(jpeg->client_data, KO_E_NOMEM);
    case JERR_BAD_PRECISION: /* 12 bits a sample */
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
        escape(jpeg->client_data, KO_E_UNSUPPORTED);
    default:
        escape(jpeg->client_data, KO_E_FORMAT);
    }
}

/* libjpeg fills what is missing with grey and only warns. Odd markers and padding are
 * harmless; what tells of lost pixels is not. A single scan that ends with the file has
 * all its pixels, only the end mark is missing. */
static void on_message(j_common_ptr jpeg, int level)
{
    if (level >= 0)
        return;
    reader *r = jpeg->client_data;
    switch (jpeg->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        escape(r, KO_E_FORMAT);
    case JWRN_JPEG_EOF:
        if (r->many_scans)
            escape(r, KO_E_FORMAT);
        break;
    default:
        break;
    }
}

static void on_progress(j_common_ptr jpeg)
{
    reader *r = jpeg->client_data;
    if (r->jpeg.input_scan_number <= SCANS_MAX)
        return;
    r->status = ko_fail(r->job->err, KO_E_LIMIT, "JPEG of more than %d scans", SCANS_MAX);
    longjmp(r->escape, 1);
}

static unsigned exif_orientation(const reader *r)
{
    for (jpeg_saved_marker_ptr m = r->jpeg.marker_list; m; m = m->next)
        if (m->marker == JPEG_APP0 + 1 && m->data_length >= 6 && memcmp(m->data, "Exif\0", 5) == 0)
            return ko_image_exif_orientation(m->data, m->data_length);
    return 1;
}

static bool profile_matters(reader *r)
{
    if (r->job->want == KO_IMAGE_WANT_RGB ||
        !jpeg_read_icc_profile(&r->jpeg, &r->profile, &r->profile_size))
        return false;
    return ko_image_icc_matters(r->profile, r->profile_size, (unsigned)r->jpeg.num_components);
}

/* Sets the colour space of the output; true when it has to be converted afterwards. */
static bool choose_colours(reader *r)
{
    const bool matters = profile_matters(r);
    if (r->jpeg.num_components == 4) {
        r->jpeg.out_color_space = JCS_CMYK;
        return true;
    }
    const ko_image_want want = r->job->want;
    const bool convert = matters || want == KO_IMAGE_WANT_RGBA;
    const bool rgb = want == KO_IMAGE_WANT_RGB || (convert && r->jpeg.num_components == 3);
    r->jpeg.out_color_space = rgb ? JCS_RGB : JCS_GRAYSCALE;
    return convert;
}

/* The strongest shrinking that leaves both sides as long as they were asked for. libjpeg
 * knows every eighth; only the powers of two have vector code. */
static void choose_scale(reader *r)
{
    ko_extent *full = &r->job->full;
    const ko_image_options *o = &r->job->options;
    const uint32_t shorter = full->width < full->height ? full->width : full->height;
    const uint32_t longer = full->width < full->height ? full->height : full->width;
    uint32_t shrink = o->min_side_px || o->min_long_side_px ? 8 : 1;
    while (shrink > 1 && ((shorter + shrink - 1) / shrink < o->min_side_px ||
                          (longer + shrink - 1) / shrink < o->min_long_side_px))
        shrink /= 2;
    r->jpeg.scale_num = 1;
    r->jpeg.scale_denom = shrink;
    full->shrink = shrink;
}

static ko_status begin(reader *r, bool convert)
{
    const uint32_t width = r->jpeg.output_width, height = r->jpeg.output_height;
    if (!convert)
        return ko_image_job_begin(r->job, width, height, false);
    r->raw = (ko_image_raw){.width = width,
                            .height = height,
                            .channels = (unsigned)r->jpeg.output_components,
                            .cmyk = r->jpeg.out_color_space == JCS_CMYK,
                            .profile = r->profile,
                            .profile_size = r->profile_size};
    r->raw.px = ko_alloc_array(height, (size_t)width * r->raw.channels);
    if (!r->raw.px)
        return ko_fail(r->job->err, KO_E_NOMEM, "picture of %u x %u px", width, height);
    return KO_OK;
}

static void read_rows(reader *r)
{
    const ko_image_job *job = r->job;
    uint8_t *px = r->raw.px ? r->raw.px : job->rgb.px ? job->rgb.px : job->luma.px;
    const size_t stride = (size_t)r->jpeg.output_width * (unsigned)r->jpeg.output_components;
    while (r->jpeg.output_scanline < r->jpeg.output_height) {
        JSAMPROW rows[ROWS_AT_ONCE];
        const uint32_t y = r->jpeg.output_scanline, left = r->jpeg.output_height - y;
        const uint32_t n = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
        for (uint32_t i = 0; i < n; i++)
            rows[i] = px + (y + i) * stride;
        (void)jpeg_read_scanlines(&r->jpeg, rows, n);
    }
}

/* Photoshop stores ink the wrong way round and says so by its marker. */
static void set_ink_upright(reader *r)
{
    if (!r->raw.cmyk || !r->jpeg.saw_Adobe_marker)
        return;
    const size_t n = (size_t)r->raw.width * r->raw.height * r->raw.channels;
    for (size_t i = 0; i < n; i++)
        r->raw.px[i] = (uint8_t)(255 - r->raw.px[i]);
}

static ko_status read_picture(reader *r)
{
    ko_image_job *job = r->job;
    jpeg_create_decompress(&r->jpeg);
    r->jpeg.progress = &r->progress;
    jpeg_mem_src(&r->jpeg, job->bytes, (unsigned long)job->size);
    jpeg_save_markers(&r->jpeg, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(&r->jpeg, JPEG_APP0 + 2, 0xFFFF);
    (void)jpeg_read_header(&r->jpeg, TRUE);
    ko_status st = ko_image_job_size(job, r->jpeg.image_width, r->jpeg.image_height);
    if (st != KO_OK)
        return st;
    if (r->jpeg.arith_code)
        return ko_fail(job->err, KO_E_UNSUPPORTED, "JPEG: arithmetic coding");
    r->many_scans = jpeg_has_multiple_scans(&r->jpeg);
    job->orientation = exif_orientation(r);
    const bool convert = choose_colours(r);
    choose_scale(r);
    (void)jpeg_start_decompress(&r->jpeg);
    st = begin(r, convert);
    if (st != KO_OK)
        return st;
    read_rows(r);
    if (!convert)
        return KO_OK;
    set_ink_upright(r);
    return ko_image_convert(job, &r->raw);
}

static ko_status read_guarded(reader *r)
{
    if (setjmp(r->escape))
        return r->status;
    return read_picture(r);
}

ko_status ko_image_decode_jpeg(ko_image_job *job)
{
    reader r = {.job = job, .progress.progress_monitor = on_progress};
    r.jpeg.err = jpeg_std_error(&r.errors);
    r.jpeg.client_data = &r;
    r.errors.error_exit = on_error;
    r.errors.emit_message = on_message;
    const ko_status st = read_guarded(&r);
    jpeg_destroy_decompress(&r.jpeg);
    free(r.profile); /* libjpeg's memory, not ours */
    ko_free(r.raw.px);
    return st;
}
