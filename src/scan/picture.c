#include "scan/picture.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "image/title.h"

#include <knockoff/match.h>

#include <openssl/evp.h>
#include <string.h>

static ko_status digest(const void *bytes, size_t size, uint8_t sha256[32], ko_error *err)
{
    if (!EVP_Digest(bytes, size, sha256, NULL, EVP_sha256(), NULL))
        return ko_fail(err, KO_E_NOMEM, "no memory for SHA-256");
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
static ko_status decode_photo(const void *bytes, size_t size, ko_image *out_image,
                              ko_picture *picture, ko_error *err)
{
    ko_image_options options;
    ko_image_options_init(&options);
    options.min_side_px = KO_PHOTO_SIDE_PX;
    options.min_long_side_px = KO_PHOTO_LONG_SIDE_PX;
    options.max_pixels = KO_MAX_PHOTO_PIXELS;
    ko_status st = digest(bytes, size, picture->sha256, err);
    if (st == KO_OK)
        st = ko_image_decode(bytes, size, &options, out_image, err);
    if (st != KO_OK)
        return st;
    describe(out_image, size, picture);
    if (out_image->alpha.px)
        lay_on_white(out_image);
    return KO_OK;
}

/* The same of a photo wherever it lies. */
static ko_status load_photo(ko_photo_reading *photo, ko_image *out_image)
{
    ko_buf read = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_status st = photo->bytes ? KO_OK : ko_file_read_part(&photo->file, &read, &photo->error);
    if (st == KO_OK) {
        st = decode_photo(photo->bytes ? photo->bytes : read.data,
                          photo->bytes ? photo->size : read.size, out_image, &photo->picture,
                          &photo->error);
        ko_error_prefix(&photo->error, photo->name);
    }
    ko_buf_free(&read);
    return st;
}

/* What the threads that read photos share, and a scratch for each. */
typedef struct reading {
    ko_photo_reading *photos;
    const ko_finder *finder;
    ko_parts_scratch **scratches;
} reading;

static ko_status photo_read(ko_photo_reading *photo, const ko_finder *finder,
                            ko_parts_scratch *scratch)
{
    ko_image image = {0};
    ko_status st = load_photo(photo, &image);
    if (st == KO_OK)
        st = ko_fp_orientations(&image.luma, &image.full, photo->fps, &photo->picture.quality,
                                &photo->error);
    if (st == KO_OK && finder) {
        const bool plain = photo->picture.quality < KO_FP_QUALITY_MIN;
        const ko_finder_photo asked = {.fp = plain ? NULL : &photo->fps[KO_ORIENT_NONE],
                                       .luma = &image.luma,
                                       .full = image.full};
        st = ko_finder_ask(finder, scratch, &asked, &photo->claims, &photo->error);
    }
    ko_image_free(&image);
    return st;
}

static void read_photo_item(void *context, size_t item, unsigned worker)
{
    const reading *r = context;
    ko_photo_reading *photo = &r->photos[item];
    photo->status = photo_read(photo, r->finder, r->scratches[worker]);
}

ko_status ko_photos_read(ko_photo_reading *photos, size_t n, const ko_finder *finder, unsigned jobs)
{
    const size_t n_scratches = jobs < n ? jobs : n;
    reading r = {.photos = photos, .finder = finder};
    r.scratches = ko_alloc_zero(n_scratches, sizeof(ko_parts_scratch *));
    ko_status st = r.scratches ? KO_OK : KO_E_NOMEM;
    for (size_t i = 0; st == KO_OK && i < n_scratches; i++)
        st = ko_parts_scratch_make(&r.scratches[i], NULL);
    if (st == KO_OK && n)
        st = ko_parallel_for(n, (unsigned)n_scratches, read_photo_item, &r);
    for (size_t i = 0; r.scratches && i < n_scratches; i++)
        ko_parts_scratch_free(r.scratches[i]);
    ko_free(r.scratches);
    return st;
}

void ko_photo_reading_free(ko_photo_reading *photo)
{
    ko_free(photo->claims.items);
    photo->claims = (ko_claims){0};
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
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image image = {0};
    ko_fp_variant variants[KO_FP_VARIANTS_MAX];
    size_t n = 0;
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = true;
    const ko_file_part file = {.path = original->path};
    ko_status st = ko_file_read_part(&file, &bytes, &original->error);
    if (st != KO_OK)
        goto done;
    st = digest(bytes.data, bytes.size, original->picture.sha256, &original->error);
    if (st == KO_OK)
        st = ko_image_decode(bytes.data, bytes.size, &options, &image, &original->error);
    if (st == KO_OK)
        st = ko_fp_work(&image.luma, &image.alpha, variants, &n, &original->picture.quality,
                        &original->error);
    if (st == KO_OK)
        st = keep_variants(original, variants, n);
    if (st == KO_OK)
        st = ko_part_view_make(&image.luma, &image.alpha, &original->part, &original->error);
    unsigned robustness = 0;
    if (st == KO_OK && original->with_trial)
        st = ko_part_view_robustness(original->part, &image.luma, &image.alpha, KO_SCORE_DEFAULT,
                                     &robustness, &original->error);
    original->robustness = (int)robustness;
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

bool ko_original_is_plain(const ko_original_reading *original)
{
    return original->n_variants == 0 && ko_part_view_keypoints(original->part) == 0;
}

void ko_original_free(ko_original_reading *original)
{
    ko_free(original->title);
    ko_free(original->variants);
    ko_part_view_free(original->part);
    original->title = NULL;
    original->variants = NULL;
    original->part = NULL;
    original->n_variants = 0;
}
