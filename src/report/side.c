#include "report/side.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "match/part_lines.h"
#include "report/compared.h"
#include "report/warp.h"

#include <math.h>
#include <string.h>

/* Pictures are read so much larger than they are drawn, as shrinking them well is done here; and
 * again so much for a patch, which may be a small part of its photo. */
#define FINER 2u

static const ko_report_ground white = {{255, 255}}, black = {{0, 0}};

/* Sees a picture through a model, at width x height scaled to fit side_px. */
static ko_status warp(const ko_rgba *in, const ko_part_model *model, ko_report_ground ground,
                      double width, double height, uint32_t side_px, ko_report_pixels *out,
                      ko_error *err)
{
    const double scale = side_px / fmax(width, height);
    const uint32_t w = (uint32_t)fmax(1, round(width * scale));
    const uint32_t h = (uint32_t)fmax(1, round(height * scale));
    uint8_t *rows = ko_alloc_array((size_t)w * h, 4);
    if (!rows)
        return ko_fail(err, KO_E_NOMEM, "picture of %u x %u px", w, h);
    ko_report_warp(in, model, ground, rows, 4 * (size_t)w, w, h);
    *out = (ko_report_pixels){rows, 4 * (size_t)w, w, h};
    return KO_OK;
}

static ko_status draw_whole(const ko_image_colour *picture, ko_report_ground ground,
                            uint32_t side_px, ko_report_pixels *out, ko_error *err)
{
    const ko_rgba *in = &picture->raster;
    const ko_part_model all = {{in->width, 0, 0, 0, in->height, 0, 0, 0, 1}};
    const uint32_t longer = in->width > in->height ? in->width : in->height;
    return warp(in, &all, ground, in->width, in->height, longer < side_px ? longer : side_px, out,
                err);
}

static ko_status draw_patch(ko_store *store, const ko_candidate *c, const ko_image_colour *photo,
                            uint32_t side_px, ko_report_pixels *out, ko_error *err)
{
    ko_part_view *part = NULL;
    ko_part_model model;
    const ko_status st = ko_compared_part(store, c, &part, err);
    if (st != KO_OK)
        return st;
    const ko_compared_place place = ko_compared_where(c, part, &photo->full);
    ko_part_view_free(part);
    if (!ko_part_square_to_quad(place.quad, &model))
        return ko_fail(err, KO_E_FORMAT, "a place in the photo that no work can have");
    for (size_t i = 0; i < 6; i++)
        model.h[i] /= photo->full.shrink;
    return warp(&photo->raster, &model, white, c->view->width, c->view->height, side_px, out, err);
}

ko_status ko_side_photo(const ko_photo *photo, uint32_t side_px, ko_report_pixels *out_pixels,
                        ko_error *err)
{
    ko_image_colour picture = {0};
    ko_status st = ko_compared_photo(photo, FINER * side_px, &picture, err);
    if (st == KO_OK)
        st = draw_whole(&picture, white, side_px, out_pixels, err);
    ko_image_colour_free(&picture);
    return st;
}

ko_status ko_side_work(const ko_view *view, uint32_t side_px, ko_report_pixels *out_pixels,
                       ko_error *err)
{
    ko_image_colour picture = {0};
    ko_status st = ko_compared_work(view, FINER * side_px, &picture, err);
    if (st == KO_OK)
        st = draw_whole(&picture, ko_report_ground_of(&picture.raster), side_px, out_pixels, err);
    ko_image_colour_free(&picture);
    return st;
}

/* The same picture, all in white. */
static void whiten(const ko_rgba *picture)
{
    for (uint32_t y = 0; y < picture->height; y++)
        for (uint32_t x = 0; x < picture->width; x++)
            memset(picture->px + y * picture->stride + 4 * (size_t)x, 255, 3);
}

ko_status ko_side_shape(const ko_view *view, uint32_t side_px, ko_report_pixels *out_pixels,
                        ko_error *err)
{
    ko_image_colour picture = {0};
    ko_status st = ko_compared_work(view, FINER * side_px, &picture, err);
    if (st == KO_OK) {
        whiten(&picture.raster);
        st = draw_whole(&picture, black, side_px, out_pixels, err);
    }
    ko_image_colour_free(&picture);
    return st;
}

ko_status ko_side_bytes(const void *bytes, size_t size, uint32_t side_px,
                        ko_report_pixels *out_pixels, ko_error *err)
{
    ko_image_colour picture = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    options.max_pixels = KO_MAX_PHOTO_PIXELS;
    ko_status st = ko_image_decode_colour(bytes, size, &options, FINER * side_px, &picture, err);
    if (st == KO_OK)
        st = draw_whole(&picture, white, side_px, out_pixels, err);
    ko_image_colour_free(&picture);
    return st;
}

ko_status ko_side_patch(ko_store *store, const ko_candidate *c, uint32_t side_px,
                        ko_report_pixels *out_pixels, ko_error *err)
{
    ko_image_colour picture = {0};
    ko_status st = ko_compared_photo(c->photo, FINER * FINER * side_px, &picture, err);
    if (st == KO_OK)
        st = draw_patch(store, c, &picture, side_px, out_pixels, err);
    ko_image_colour_free(&picture);
    return st;
}
