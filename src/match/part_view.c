/* Describing a view: where the work lies on its canvas, what it looks like on each ground,
 * and the keypoints of that.
 *
 * Seen on a ground, a work's pixel is its light plus the ground's share of what is clear.
 * Resizing is linear, so both are resized once and serve every ground and every look. */
#include "match/part_view.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/status.h"
#include "features/resize.h"
#include "fingerprint/opaque.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* From this alpha on, a pixel belongs to the content box: the faintest edge still counts. */
#define SEEN_FROM 33
/* Ground around a work that has one, so that its outline is described, too. */
#define PAD 24
/* A side shorter than this has no room for a keypoint; a thin work is stretched to it. */
#define SIDE_MIN 24u
#define LOOK_SIDE_MIN 8u
#define KEYPOINTS 350 /* of each ground */

static const uint32_t look_sides[KO_PART_LOOKS] = {KO_PART_LOOK_SIDE, 104, 64, 40};

/* --- light and clear --- */

static bool raster_make(uint32_t width, uint32_t height, ko_grey *out, ko_error *err)
{
    uint8_t *px = ko_alloc_array(height, width);
    *out = (ko_grey){px, width, height, width};
    if (!px)
        (void)ko_fail(err, KO_E_NOMEM, "raster of %u x %u px", width, height);
    return px != NULL;
}

static uint8_t part_of(unsigned value, unsigned of_255)
{
    return (uint8_t)((value * of_255 + 127) / 255);
}

/* Fills light and clear, both as large as the box. alpha is NULL for an opaque view, whose
 * clear is not filled. */
static void split(const ko_grey *luma, const ko_grey *alpha, const ko_fp_box *b,
                  const ko_grey *light, const ko_grey *clear)
{
    for (uint32_t y = 0; y < b->height; y++) {
        const uint8_t *from = luma->px + luma->stride * (b->y + y) + b->x;
        uint8_t *to = light->px + light->stride * y;
        if (!alpha) {
            memcpy(to, from, b->width);
            continue;
        }
        const uint8_t *a = alpha->px + alpha->stride * (b->y + y) + b->x;
        uint8_t *rest = clear->px + clear->stride * y;
        for (uint32_t x = 0; x < b->width; x++) {
            to[x] = part_of(from[x], a[x]);
            rest[x] = (uint8_t)(255 - a[x]);
        }
    }
}

/* The content box at the size of the view; clear stays empty for an opaque view. */
typedef struct layers {
    ko_grey light, clear;
} layers;

static void layers_free(layers *l)
{
    ko_free(l->light.px);
    ko_free(l->clear.px);
}

static ko_status resized(const ko_grey *in, uint32_t width, uint32_t height, ko_grey *out,
                         ko_error *err)
{
    return raster_make(width, height, out, err) ? ko_resize(in, out, err) : KO_E_NOMEM;
}

static ko_status layers_make(const ko_grey *luma, const ko_grey *alpha, const ko_fp_box *b,
                             const ko_part_view *view, layers *out, ko_error *err)
{
    layers full = {0};
    ko_status st = KO_E_NOMEM;
    if (!raster_make(b->width, b->height, &full.light, err) ||
        (alpha && !raster_make(b->width, b->height, &full.clear, err)))
        goto done;
    split(luma, alpha, b, &full.light, &full.clear);
    st = resized(&full.light, view->width, view->height, &out->light, err);
    if (st == KO_OK && alpha)
        st = resized(&full.clear, view->width, view->height, &out->clear, err);
done:
    layers_free(&full);
    return st;
}

/* --- keypoints --- */

uint8_t ko_part_ground(uint32_t g)
{
    static const uint8_t grey[KO_PART_GROUNDS] = {255, 0, 96};
    assert(g < KO_PART_GROUNDS);
    return grey[g];
}

/* The layers on a ground, with pad pixels of it around. */
static ko_status on_ground(const layers *l, uint8_t ground, uint32_t pad, ko_grey *out,
                           ko_error *err)
{
    if (!raster_make(l->light.width + 2 * pad, l->light.height + 2 * pad, out, err))
        return KO_E_NOMEM;
    memset(out->px, ground, out->stride * out->height);
    for (uint32_t y = 0; y < l->light.height; y++) {
        const uint8_t *light = l->light.px + l->light.stride * y;
        const uint8_t *clear = l->clear.px ? l->clear.px + l->clear.stride * y : NULL;
        uint8_t *to = out->px + out->stride * (y + pad) + pad;
        for (uint32_t x = 0; x < l->light.width; x++) {
            const unsigned sum = clear ? light[x] + part_of(ground, clear[x]) : light[x];
            to[x] = (uint8_t)(sum > UINT8_MAX ? UINT8_MAX : sum);
        }
    }
    return KO_OK;
}

static ko_status find_features(const ko_grey *picture, ko_features *out, ko_error *err)
{
    const uint32_t long_side = picture->width > picture->height ? picture->width : picture->height;
    ko_pyramid *pyramid = NULL;
    ko_status st = ko_pyramid_build(picture, long_side, &pyramid, err);
    if (st == KO_OK)
        st =
            ko_features_find(pyramid, &(ko_features_options){.max_keypoints = KEYPOINTS}, out, err);
    ko_pyramid_free(pyramid);
    return st;
}

/* Appends the keypoints of one ground; there is room for KEYPOINTS. */
static ko_status describe_on(ko_part_view *v, const layers *l, uint32_t ground, ko_error *err)
{
    const uint32_t pad = l->clear.px ? PAD : 0;
    ko_grey picture = {0};
    ko_features f = {0};
    ko_status st = on_ground(l, ko_part_ground(ground), pad, &picture, err);
    if (st == KO_OK)
        st = find_features(&picture, &f, err);
    assert(f.n <= KEYPOINTS);
    const uint32_t first = v->first[ground];
    for (size_t i = 0; i < f.n; i++) {
        const ko_keypoint *k = &f.keypoints[i];
        v->points[first + i] =
            (ko_part_point){k->x - (float)pad, k->y - (float)pad, k->angle, k->scale};
        v->descriptors[first + i] = f.descriptors[i];
    }
    v->first[ground + 1] = first + (uint32_t)f.n;
    ko_features_free(&f);
    ko_free(picture.px);
    return st;
}

static ko_status describe(ko_part_view *v, const layers *l, ko_error *err)
{
    const size_t room = (size_t)v->n_grounds * KEYPOINTS;
    v->points = ko_alloc_array(room, sizeof *v->points);
    v->descriptors = ko_alloc_array(room, sizeof *v->descriptors);
    if (!v->points || !v->descriptors)
        return ko_fail(err, KO_E_NOMEM, "view of %zu keypoints", room);
    for (uint32_t g = 0; g < v->n_grounds; g++) {
        const ko_status st = describe_on(v, l, g, err);
        if (st != KO_OK)
            return st;
    }
    return KO_OK;
}

/* --- looks --- */

/* All looks share one block of memory. */
ko_status ko_part_looks_alloc(ko_part_view *v, bool transparent, ko_error *err)
{
    const uint32_t longest = v->width > v->height ? v->width : v->height;
    size_t size = 0;
    for (size_t i = 0; i < KO_PART_LOOKS; i++) {
        ko_part_look *k = &v->looks[i];
        k->scale = (float)look_sides[i] / (float)longest;
        const uint32_t w = (uint32_t)((float)v->width * k->scale + .5f);
        const uint32_t h = (uint32_t)((float)v->height * k->scale + .5f);
        k->width = w > LOOK_SIDE_MIN ? w : LOOK_SIDE_MIN;
        k->height = h > LOOK_SIDE_MIN ? h : LOOK_SIDE_MIN;
        size += (size_t)k->width * k->height * (transparent ? 2 : 1);
    }
    uint8_t *at = v->look_memory = ko_alloc(size);
    if (!at)
        return ko_fail(err, KO_E_NOMEM, "looks of %zu bytes", size);
    for (size_t i = 0; i < KO_PART_LOOKS; i++) {
        ko_part_look *k = &v->looks[i];
        const size_t n = (size_t)k->width * k->height;
        k->light = at;
        k->clear = transparent ? at + n : NULL;
        at += transparent ? 2 * n : n;
    }
    return KO_OK;
}

static ko_status shrink_to_looks(const ko_part_view *v, const layers *l, ko_error *err)
{
    for (size_t i = 0; i < KO_PART_LOOKS; i++) {
        const ko_part_look *k = &v->looks[i];
        const ko_grey light = {k->light, k->width, k->height, k->width};
        const ko_grey clear = {k->clear, k->width, k->height, k->width};
        ko_status st = ko_resize(&l->light, &light, err);
        if (st == KO_OK && clear.px)
            st = ko_resize(&l->clear, &clear, err);
        if (st != KO_OK)
            return st;
    }
    return KO_OK;
}

/* --- a view --- */

static uint32_t view_side(uint32_t side, uint32_t longest)
{
    const uint32_t px = (uint32_t)((float)side * ((float)KO_PART_VIEW_SIDE / (float)longest) + .5f);
    return px > SIDE_MIN ? px : SIDE_MIN;
}

static void set_geometry(ko_part_view *v, const ko_grey *canvas, const ko_fp_box *b)
{
    const uint32_t longest = b->width > b->height ? b->width : b->height;
    v->width = view_side(b->width, longest);
    v->height = view_side(b->height, longest);
    const float sx = (float)v->width / (float)b->width;
    const float sy = (float)v->height / (float)b->height;
    v->canvas[0] = -(float)b->x * sx;
    v->canvas[1] = -(float)b->y * sy;
    v->canvas[2] = (float)canvas->width * sx;
    v->canvas[3] = (float)canvas->height * sy;
}

ko_status ko_part_view_make(const ko_grey *luma, const ko_grey *alpha, ko_part_view **out_view,
                            ko_error *err)
{
    if (luma->width == 0 || luma->height == 0 || luma->width > KO_MAX_IMAGE_SIDE_PX ||
        luma->height > KO_MAX_IMAGE_SIDE_PX)
        return ko_fail(err, KO_E_LIMIT, "view of %u x %u px, limit %u", luma->width, luma->height,
                       KO_MAX_IMAGE_SIDE_PX);
    if (alpha && (!alpha->px || !ko_fp_is_transparent(alpha)))
        alpha = NULL;
    assert(!alpha || (alpha->width == luma->width && alpha->height == luma->height));
    layers l = {0};
    ko_status st = KO_OK;
    ko_part_view *v = ko_alloc_zero(1, sizeof *v);
    if (!v) {
        st = ko_fail(err, KO_E_NOMEM, "view");
        goto done;
    }
    const ko_fp_box b =
        alpha ? ko_fp_opaque_box(alpha, SEEN_FROM) : (ko_fp_box){0, 0, luma->width, luma->height};
    set_geometry(v, luma, &b);
    v->n_grounds = alpha ? KO_PART_GROUNDS : 1;
    st = layers_make(luma, alpha, &b, v, &l, err);
    if (st == KO_OK)
        st = describe(v, &l, err);
    if (st == KO_OK)
        st = ko_part_looks_alloc(v, alpha != NULL, err);
    if (st == KO_OK)
        st = shrink_to_looks(v, &l, err);
    if (st != KO_OK)
        goto done;
    *out_view = v;
    v = NULL;
done:
    layers_free(&l);
    ko_part_view_free(v);
    return st;
}

size_t ko_part_view_keypoints(const ko_part_view *view)
{
    return view->first[view->n_grounds];
}

void ko_part_view_free(ko_part_view *view)
{
    if (!view)
        return;
    ko_free(view->points);
    ko_free(view->descriptors);
    ko_free(view->look_memory);
    ko_free(view);
}

ko_part_point ko_part_point_seen(const ko_part_view *view, uint32_t point, unsigned variant)
{
    const float pi = 3.14159265f;
    ko_part_point p = view->points[point];
    if (variant & KO_VARIANT_MIRRORED) {
        p.x = (float)view->width - 1 - p.x;
        p.angle = pi - p.angle;
    }
    if (variant & KO_VARIANT_INVERTED)
        p.angle += pi;
    return p;
}
