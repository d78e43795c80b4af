#include "scan/picture.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "image/title.h"

#include <openssl/evp.h>
#include <string.h>

static ko_status load(const char *path, ko_buf *out_bytes, uint8_t sha256[32], ko_error *err)
{
    *out_bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    const ko_status st =
        strcmp(path, "-") == 0 ? ko_stdin_read(out_bytes, err) : ko_file_read(path, out_bytes, err);
    if (st != KO_OK)
        return st;
    if (!EVP_Digest(out_bytes->data, out_bytes->size, sha256, NULL, EVP_sha256(), NULL))
        return ko_fail(err, KO_E_NOMEM, "%s: no memory for SHA-256", path);
    return KO_OK;
}

static void describe(const ko_image *image, size_t bytes, ko_picture *picture)
{
    picture->bytes = (int64_t)bytes;
    picture->kind = image->kind;
    picture->width = image->full.width;
    picture->height = image->full.height;
    picture->has_alpha = image->alpha.px != NULL;
}

/* What a browser shows of a transparent listing photo. */
static void lay_on_white(ko_image *image)
{
    for (uint32_t y = 0; y < image->luma.height; y++) {
        uint8_t *luma = image->luma.px + y * image->luma.stride;
        const uint8_t *alpha = image->alpha.px + y * image->alpha.stride;
        for (uint32_t x = 0; x < image->luma.width; x++)
            luma[x] = (uint8_t)((luma[x] * alpha[x] + 255 * (255 - alpha[x]) + 127) / 255);
    }
}

/* Bytes to luma as a listing shows it, and what is known of the picture but its quality. */
static ko_status decode_photo(const char *path, ko_image *out_image, ko_picture *picture,
                              ko_error *err)
{
    ko_buf bytes = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    options.min_side_px = KO_PHOTO_SIDE_PX;
    options.max_pixels = KO_MAX_PHOTO_PIXELS;
    ko_status st = load(path, &bytes, picture->sha256, err);
    if (st == KO_OK) {
        st = ko_image_decode(bytes.data, bytes.size, &options, out_image, err);
        ko_error_prefix(err, path);
    }
    if (st == KO_OK) {
        describe(out_image, bytes.size, picture);
        if (out_image->alpha.px)
            lay_on_white(out_image);
    }
    ko_buf_free(&bytes);
    return st;
}

static ko_status photo_read(ko_photo_reading *photo)
{
    ko_image image = {0};
    ko_status st = decode_photo(photo->path, &image, &photo->picture, &photo->error);
    if (st == KO_OK)
        st = ko_fp_from_grey(&image.luma, &image.full, &photo->fp, &photo->picture.quality,
                             &photo->error);
    ko_image_free(&image);
    return st;
}

ko_status ko_photo_orientations(const char *path, ko_picture *out_picture,
                                ko_fp out_fps[KO_ORIENT_COUNT], ko_error *err)
{
    ko_image image = {0};
    ko_picture picture = {0};
    ko_status st = decode_photo(path, &image, &picture, err);
    if (st == KO_OK)
        st = ko_fp_orientations(&image.luma, &image.full, out_fps, &picture.quality, err);
    if (st == KO_OK)
        *out_picture = picture;
    ko_image_free(&image);
    return st;
}

static void read_photo_item(void *context, size_t item, unsigned worker)
{
    (void)worker;
    ko_photo_reading *photo = (ko_photo_reading *)context + item;
    photo->status = photo_read(photo);
}

ko_status ko_photos_read(ko_photo_reading *photos, size_t n, unsigned jobs)
{
    return ko_parallel_for(n, jobs, read_photo_item, photos);
}

/* Keeps the n variants found, in a block of their size. */
static ko_status keep_variants(ko_original_reading *original, const ko_fp_variant *variants,
                               size_t n)
{
    original->variants = ko_alloc_array(n, sizeof *variants);
    if (!original->variants)
        return ko_fail(&original->error, KO_E_NOMEM, "%zu fingerprints", n);
    memcpy(original->variants, variants, n * sizeof *variants);
    original->n_variants = n;
    return KO_OK;
}

static ko_status original_read(ko_original_reading *original)
{
    ko_buf bytes = {0};
    ko_image image = {0};
    ko_fp_variant variants[KO_FP_VARIANTS_MAX];
    size_t n = 0;
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = true;
    ko_status st = load(original->path, &bytes, original->picture.sha256, &original->error);
    if (st != KO_OK)
        goto done;
    st = ko_image_decode(bytes.data, bytes.size, &options, &image, &original->error);
    if (st == KO_OK)
        st = ko_fp_work(&image.luma, &image.alpha, variants, &n, &original->picture.quality,
                        &original->error);
    if (st == KO_OK)
        st = keep_variants(original, variants, n);
    if (st != KO_OK) {
        ko_error_prefix(&original->error, original->path);
        goto done;
    }
    original->title = ko_image_title(bytes.data, bytes.size);
    describe(&image, bytes.size, &original->picture);
done:
    ko_image_free(&image);
    ko_buf_free(&bytes);
    return st;
}

static void read_original_item(void *context, size_t item, unsigned worker)
{
    (void)worker;
    ko_original_reading *original = (ko_original_reading *)context + item;
    original->status = original_read(original);
}

ko_status ko_originals_read(ko_original_reading *originals, size_t n, unsigned jobs)
{
    return ko_parallel_for(n, jobs, read_original_item, originals);
}

void ko_original_free(ko_original_reading *original)
{
    ko_free(original->title);
    ko_free(original->variants);
    original->title = NULL;
    original->variants = NULL;
    original->n_variants = 0;
}
