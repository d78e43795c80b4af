#include "report/compared.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "report/picture.h"

#include <openssl/evp.h>
#include <string.h>

/* Decodes a picture that must still be the one with this digest. */
static ko_status load(const ko_file_part *file, const uint8_t sha256[KO_SHA256_SIZE], bool trusted,
                      uint32_t side_px, ko_image_colour *out, ko_error *err)
{
    const char *path = file->path;
    uint8_t now[KO_SHA256_SIZE];
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = trusted;
    if (!trusted)
        options.max_pixels = KO_MAX_PHOTO_PIXELS;
    ko_status st = ko_file_read_part(file, &bytes, err);
    if (st == KO_OK && !EVP_Digest(bytes.data, bytes.size, now, NULL, EVP_sha256(), NULL))
        st = ko_fail(err, KO_E_NOMEM, "%s: no memory for SHA-256", path);
    if (st == KO_OK && memcmp(now, sha256, sizeof now) != 0)
        st = ko_fail(err, KO_E_FORMAT, "%s: changed since it was compared", path);
    if (st == KO_OK) {
        st = ko_image_decode_colour(bytes.data, bytes.size, &options, side_px, out, err);
        ko_error_prefix(err, path);
    }
    ko_buf_free(&bytes);
    return st;
}

ko_status ko_compared_photo(const ko_photo *photo, uint32_t side_px, ko_image_colour *out,
                            ko_error *err)
{
    const ko_file_part file = ko_photo_file_part(photo);
    if (photo->state == KO_PHOTO_REFUSED)
        return ko_fail(err, KO_E_FORMAT, "%s", photo->reason);
    if (photo->state == KO_PHOTO_NEW && !photo->archived) /* its digest is not known */
        return ko_fail(err, KO_E_NOT_FOUND, "%s: not looked at yet; scan first", photo->path);
    return load(&file, photo->sha256, false, side_px, out, err);
}

ko_status ko_compared_work(const ko_view *view, uint32_t side_px, ko_image_colour *out,
                           ko_error *err)
{
    const ko_file_part file = {.path = view->path};
    return load(&file, view->sha256, true, side_px, out, err);
}

typedef struct looking {
    int64_t view_id;
    ko_part_view *part;
} looking;

static ko_status take_part(void *context, const ko_view *view)
{
    looking *l = context;
    if (view->id != l->view_id || !view->part)
        return KO_OK;
    const ko_status st = ko_part_view_unpack(view->part, view->part_bytes, &l->part, NULL);
    return st == KO_E_NOMEM ? st : KO_OK; /* one that is damaged is as good as none */
}

ko_status ko_compared_part(ko_store *store, const ko_candidate *candidate, ko_part_view **out_part,
                           ko_error *err)
{
    looking l = {.view_id = candidate->view->id};
    const ko_status st = ko_view_each(store, candidate->match.work_id, true, take_part, &l, err);
    if (st == KO_OK)
        *out_part = l.part;
    else
        ko_part_view_free(l.part);
    return st;
}

/* The content of a work on its canvas, as shares of it: what a cut work was cut to. */
static void content_box(const ko_part_view *part, float out_box[4])
{
    const float *canvas = part->canvas;
    out_box[0] = -canvas[0] / canvas[2];
    out_box[1] = -canvas[1] / canvas[3];
    out_box[2] = (float)part->width / canvas[2];
    out_box[3] = (float)part->height / canvas[3];
}

ko_compared_place ko_compared_where(const ko_candidate *candidate, const ko_part_view *part,
                                    const ko_extent *full)
{
    const ko_evidence *e = &candidate->match.evidence;
    ko_compared_place place = {.whole = !e->has_part};
    float box[4] = {0, 0, 1, 1};
    if (e->has_part) {
        memcpy(place.quad, e->part.quad, sizeof place.quad);
        place.mirrored = e->part.mirrored;
        place.inverted = e->part.inverted;
        return place;
    }
    if (e->whole.cropped && part)
        content_box(part, box);
    place.mirrored = ko_report_whole_quad(e->whole.orientation, box, full, place.quad);
    return place;
}

/* --- lines --- */

/* Rec. 601 luma of what a browser shows: transparent pixels on white. */
static ko_status grey_of(const ko_rgba *in, ko_grey *out, ko_error *err)
{
    uint8_t *px = ko_alloc_array(in->height, in->width);
    if (!px)
        return ko_fail(err, KO_E_NOMEM, "picture of %u x %u px", in->width, in->height);
    for (uint32_t y = 0; y < in->height; y++)
        for (uint32_t x = 0; x < in->width; x++) {
            const uint8_t *p = in->px + y * in->stride + 4 * (size_t)x;
            const unsigned luma = (299u * p[0] + 587u * p[1] + 114u * p[2] + 500) / 1000;
            px[(size_t)y * in->width + x] =
                (uint8_t)((luma * p[3] + 255u * (255u - p[3]) + 127) / 255);
        }
    *out = (ko_grey){px, in->width, in->height, in->width};
    return KO_OK;
}

ko_status ko_compared_lines(const ko_part_view *part, const ko_image_colour *photo,
                            const ko_compared_place *place,
                            ko_part_line out_lines[KO_COMPARED_LINES], size_t *out_n, ko_error *err)
{
    const float to_x = (float)photo->full.width / (float)photo->raster.width;
    const float to_y = (float)photo->full.height / (float)photo->raster.height;
    ko_part_found found = {.mirrored = place->mirrored, .inverted = place->inverted};
    for (size_t i = 0; i < 8; i++)
        found.quad[i] = place->quad[i] / (i % 2 ? to_y : to_x);
    ko_grey luma = {0};
    *out_n = 0;
    ko_status st = grey_of(&photo->raster, &luma, err);
    if (st == KO_OK)
        st = ko_part_lines(part, &luma, &found, KO_COMPARED_LINES, out_lines, out_n, err);
    for (size_t i = 0; i < *out_n; i++) {
        out_lines[i].photo[0] *= to_x;
        out_lines[i].photo[1] *= to_y;
    }
    ko_free(luma.px);
    return st;
}
