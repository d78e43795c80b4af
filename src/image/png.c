/* PNG through libpng, row by row: what is kept of a row is luma and alpha, so only an
 * interlaced picture is ever whole in memory in full colour.
 *
 * Sixteen bits are scaled to eight, palettes and tRNS expanded. gAMA and cHRM are not
 * applied: writers contradict their own pixels with them, and shops strip them. An
 * embedded profile is. Text chunks are not looked at, so nothing can hide in them.
 *
 * read_guarded and read_rest hold the only setjmp; see jpeg.c. */
#include "base/alloc.h"
#include "image/convert.h"
#include "image/exif.h"
#include "image/icc.h"
#include "image/job.h"

#include <setjmp.h>
#include <string.h>

#include <png.h>

/* One decompressed chunk (a profile); press profiles with tables reach two megabytes. */
#define CHUNK_BYTES_MAX ((png_alloc_size_t)4 << 20)

typedef struct reader {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    ko_image_job *job;
    size_t at; /* bytes consumed */
    unsigned channels;
    uint8_t *row;     /* one row, or */
    ko_image_raw raw; /* the whole picture, when it is interlaced or needs its profile */
} reader;

static void on_error(png_structp png, png_const_charp text)
{
    reader *r = png_get_error_ptr(png);
    (void)ko_fail(r->job->err, KO_E_FORMAT, "PNG: %s", text);
    longjmp(r->escape, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void on_read(png_structp png, png_bytep out, size_t n)
{
    reader *r = png_get_io_ptr(png);
    if (n > r->job->size - r->at)
        png_error(png, "file ends too early");
    memcpy(out, r->job->bytes + r->at, n);
    r->at += n;
}

/* Of the ancillary chunks only those that change what is seen are parsed. */
static void choose_chunks(reader *r)
{
    static const png_byte seen[] = "iCCP\0eXIf"; /* besides tRNS, which always is */
    png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_AS_DEFAULT, seen, 2);
    png_set_chunk_malloc_max(r->png, CHUNK_BYTES_MAX);
    png_set_user_limits(r->png, 0x7FFFFFFF, 0x7FFFFFFF); /* ours speak first */
}

static void choose_transforms(reader *r)
{
    png_set_expand(r->png);
    png_set_scale_16(r->png);
    png_read_update_info(r->png, r->info);
    r->channels = png_get_channels(r->png, r->info);
}

static void find_orientation(reader *r)
{
    png_bytep exif = NULL;
    png_uint_32 size = 0;
    if (png_get_eXIf_1(r->png, r->info, &size, &exif))
        r->job->orientation = ko_image_exif_orientation(exif, size);
}

static bool profile_matters(reader *r)
{
    png_charp name;
    int method;
    png_bytep profile = NULL;
    png_uint_32 size = 0;
    if (r->job->want == KO_IMAGE_WANT_RGB ||
        !png_get_iCCP(r->png, r->info, &name, &method, &profile, &size))
        return false;
    r->raw.profile = profile;
    r->raw.profile_size = size;
    return ko_image_icc_matters(profile, size, r->channels >= 3 ? 3 : 1);
}

static ko_status no_memory(const reader *r)
{
    return ko_fail(r->job->err, KO_E_NOMEM, "picture of %u x %u px", r->job->full.width,
                   r->job->full.height);
}

static ko_status read_rows(reader *r)
{
    r->row = ko_alloc_array(r->job->full.width, r->channels);
    if (!r->row)
        return no_memory(r);
    const ko_status st =
        ko_image_job_begin(r->job, r->job->full.width, r->job->full.height, r->channels % 2 == 0);
    if (st != KO_OK)
        return st;
    for (uint32_t y = 0; y < r->job->full.height; y++) {
        png_read_row(r->png, r->row, NULL);
        ko_image_job_put(r->job, y, r->row, r->channels);
    }
    return KO_OK;
}

static ko_status read_whole(reader *r, int passes, bool convert)
{
    ko_image_job *job = r->job;
    const size_t stride = (size_t)job->full.width * r->channels;
    r->raw.width = job->full.width;
    r->raw.height = job->full.height;
    r->raw.channels = r->channels;
    r->raw.px = ko_alloc_array(job->full.height, stride);
    if (!r->raw.px)
        return no_memory(r);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < job->full.height; y++)
            png_read_row(r->png, r->raw.px + y * stride, NULL);
    if (convert)
        return ko_image_convert(job, &r->raw);
    const ko_status st =
        ko_image_job_begin(job, job->full.width, job->full.height, r->channels % 2 == 0);
    if (st != KO_OK)
        return st;
    for (uint32_t y = 0; y < job->full.height; y++)
        ko_image_job_put(job, y, r->raw.px + y * stride, r->channels);
    return KO_OK;
}

static ko_status read_picture(reader *r)
{
    png_set_read_fn(r->png, r, on_read);
    choose_chunks(r);
    png_read_info(r->png, r->info);
    const ko_status st = ko_image_job_size(r->job, png_get_image_width(r->png, r->info),
                                           png_get_image_height(r->png, r->info));
    if (st != KO_OK)
        return st;
    const int passes = png_set_interlace_handling(r->png);
    choose_transforms(r);
    find_orientation(r);
    const bool convert = profile_matters(r);
    return passes > 1 || convert ? read_whole(r, passes, convert) : read_rows(r);
}

static ko_status read_guarded(reader *r)
{
    if (setjmp(r->escape))
        return KO_E_FORMAT;
    return read_picture(r);
}

/* eXIf may follow the pixels. They are complete by now, so whatever is wrong behind them
 * is no reason to refuse the picture. */
static void read_rest(reader *r)
{
    r->job->err = NULL;
    if (setjmp(r->escape))
        return;
    png_read_end(r->png, r->info);
    find_orientation(r);
}

ko_status ko_image_decode_png(ko_image_job *job)
{
    reader r = {.job = job};
    ko_error *err = job->err;
    ko_status st = KO_E_NOMEM;
    r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, on_error, on_warning);
    r.info = r.png ? png_create_info_struct(r.png) : NULL;
    if (!r.info) {
        st = ko_fail(err, KO_E_NOMEM, "PNG decoder");
        goto done;
    }
    st = read_guarded(&r);
    if (st == KO_OK)
        read_rest(&r);
    job->err = err;
done:
    png_destroy_read_struct(&r.png, &r.info, NULL);
    ko_free(r.row);
    ko_free(r.raw.px);
    return st;
}
