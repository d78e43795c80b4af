/* A view as bytes, little-endian:
 *
 *   "KOPV", u32 version, u32 width, u32 height, u32 transparent, f32 canvas[4],
 *   u32 keypoints of each ground (1, or 3 when transparent),
 *   f32 x, y, angle, scale of each keypoint, 128 bytes of descriptor of each,
 *   the looks' light and clear, largest look first, sizes as ko_part_looks_alloc sets them.
 *
 * Whatever is read is checked as if it came from a stranger: a number out of range would
 * later be an index or a size. */
#include "base/alloc.h"
#include "base/status.h"
#include "match/part_view.h"

#include <math.h>
#include <string.h>

#define MAGIC "KOPV"
#define VERSION 1u
#define SIDE_MIN 8u
/* How far a float of a view may reach. A content box of one pixel on the largest canvas
 * makes that canvas 400 times as long as the limit of its side. */
#define PLACE_MAX 4096.f
#define CANVAS_MAX 3e7f
#define SCALE_MIN .01f
#define SCALE_MAX 100.f

/* --- writing --- */

static ko_status put_u32(ko_buf *out, uint32_t v)
{
    const uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
                              (uint8_t)(v >> 24)};
    return ko_buf_append(out, bytes, sizeof bytes);
}

static ko_status put_floats(ko_buf *out, const float *v, size_t n)
{
    ko_status st = KO_OK;
    for (size_t i = 0; i < n && st == KO_OK; i++) {
        uint32_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        st = put_u32(out, bits);
    }
    return st;
}

static ko_status put_header(const ko_part_view *v, ko_buf *out)
{
    const uint32_t words[] = {VERSION, v->width, v->height, v->looks[0].clear != NULL};
    ko_status st = ko_buf_append(out, MAGIC, 4);
    for (size_t i = 0; i < sizeof words / sizeof *words && st == KO_OK; i++)
        st = put_u32(out, words[i]);
    if (st == KO_OK)
        st = put_floats(out, v->canvas, 4);
    for (uint32_t g = 0; g < v->n_grounds && st == KO_OK; g++)
        st = put_u32(out, v->first[g + 1] - v->first[g]);
    return st;
}

static ko_status put_points(const ko_part_view *v, ko_buf *out)
{
    const size_t n = ko_part_view_keypoints(v);
    ko_status st = KO_OK;
    for (size_t i = 0; i < n && st == KO_OK; i++) {
        const ko_part_point *p = &v->points[i];
        st = put_floats(out, (const float[4]){p->x, p->y, p->angle, p->scale}, 4);
    }
    return st == KO_OK ? ko_buf_append(out, v->descriptors, n * sizeof *v->descriptors) : st;
}

static size_t look_bytes(const ko_part_view *v)
{
    size_t size = 0;
    for (size_t i = 0; i < KO_PART_LOOKS; i++)
        size += (size_t)v->looks[i].width * v->looks[i].height * (v->looks[i].clear ? 2 : 1);
    return size;
}

ko_status ko_part_view_pack(const ko_part_view *view, ko_buf *out, ko_error *err)
{
    ko_status st = put_header(view, out);
    if (st == KO_OK)
        st = put_points(view, out);
    if (st == KO_OK)
        st = ko_buf_append(out, view->look_memory, look_bytes(view));
    return st == KO_OK
               ? KO_OK
               : ko_fail(err, st, "view of %zu keypoints as bytes", ko_part_view_keypoints(view));
}

/* --- reading --- */

/* What is left of the bytes; reading past the end gives zeros and sets short_of. */
typedef struct cursor {
    const uint8_t *at;
    size_t left;
    bool short_of;
} cursor;

static const uint8_t *take(cursor *c, size_t n)
{
    if (n > c->left) {
        c->short_of = true;
        return NULL;
    }
    const uint8_t *at = c->at;
    c->at += n;
    c->left -= n;
    return at;
}

static uint32_t take_u32(cursor *c)
{
    const uint8_t *b = take(c, 4);
    return b ? b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24 : 0;
}

/* NaN, which no check lets through, when the float is not within low..high. */
static float take_float(cursor *c, float low, float high)
{
    const uint32_t bits = take_u32(c);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v >= low && v <= high ? v : NAN;
}

static ko_status damaged(ko_error *err, const char *what)
{
    return ko_fail(err, KO_E_FORMAT, "bytes of a view: %s", what);
}

static ko_status take_header(cursor *c, ko_part_view *v, bool *out_transparent, ko_error *err)
{
    const uint8_t *magic = take(c, 4);
    if (!magic || memcmp(magic, MAGIC, 4) != 0)
        return damaged(err, "no view");
    const uint32_t version = take_u32(c);
    if (c->short_of)
        return damaged(err, "too short for a header");
    if (version != VERSION)
        return ko_fail(err, KO_E_VERSION, "view of layout %u, this program knows %u", version,
                       VERSION);
    v->width = take_u32(c);
    v->height = take_u32(c);
    const uint32_t transparent = take_u32(c);
    for (size_t i = 0; i < 4; i++)
        v->canvas[i] = take_float(c, i < 2 ? -CANVAS_MAX : 1, i < 2 ? 0 : CANVAS_MAX);
    v->n_grounds = transparent ? KO_PART_GROUNDS : 1;
    bool fits = transparent <= 1;
    for (uint32_t g = 0; g < v->n_grounds; g++) {
        const uint32_t n = take_u32(c);
        fits = fits && n <= KO_PART_KEYPOINTS_MAX;
        v->first[g + 1] = v->first[g] + (n <= KO_PART_KEYPOINTS_MAX ? n : 0);
    }
    for (size_t i = 0; i < 4; i++)
        fits = fits && !isnan(v->canvas[i]);
    fits = fits && v->width >= SIDE_MIN && v->width <= KO_PART_VIEW_SIDE && v->height >= SIDE_MIN &&
           v->height <= KO_PART_VIEW_SIDE;
    *out_transparent = transparent;
    return fits && !c->short_of ? KO_OK : damaged(err, "header out of range");
}

static ko_status take_points(cursor *c, ko_part_view *v, ko_error *err)
{
    const size_t n = ko_part_view_keypoints(v);
    if (c->left / (sizeof *v->descriptors + 4 * sizeof(float)) < n)
        return damaged(err, "too short for its keypoints");
    v->points = ko_alloc_array(n, sizeof *v->points);
    v->descriptors = ko_alloc_array(n, sizeof *v->descriptors);
    if (!v->points || !v->descriptors)
        return ko_fail(err, KO_E_NOMEM, "view of %zu keypoints", n);
    bool fits = true;
    for (size_t i = 0; i < n; i++) {
        ko_part_point *p = &v->points[i];
        p->x = take_float(c, -PLACE_MAX, PLACE_MAX);
        p->y = take_float(c, -PLACE_MAX, PLACE_MAX);
        p->angle = take_float(c, -PLACE_MAX, PLACE_MAX);
        p->scale = take_float(c, SCALE_MIN, SCALE_MAX);
        fits = fits && !isnan(p->x) && !isnan(p->y) && !isnan(p->angle) && !isnan(p->scale);
    }
    if (!fits)
        return damaged(err, "keypoint out of range");
    memcpy(v->descriptors, take(c, n * sizeof *v->descriptors), n * sizeof *v->descriptors);
    uint8_t all = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < KO_DESCRIPTOR_BINS; k++)
            all |= v->descriptors[i].bin[k];
    return all <= INT8_MAX ? KO_OK : damaged(err, "descriptor out of range");
}

static ko_status take_looks(cursor *c, ko_part_view *v, bool transparent, ko_error *err)
{
    const ko_status st = ko_part_looks_alloc(v, transparent, err);
    if (st != KO_OK)
        return st;
    const size_t size = look_bytes(v);
    if (c->left != size)
        return damaged(err, c->left < size ? "too short for its looks" : "more than a view");
    memcpy(v->look_memory, take(c, size), size);
    return KO_OK;
}

ko_status ko_part_view_unpack(const void *bytes, size_t size, ko_part_view **out_view,
                              ko_error *err)
{
    cursor c = {bytes, size, false};
    bool transparent = false;
    ko_status st = KO_OK;
    ko_part_view *v = ko_alloc_zero(1, sizeof *v);
    if (!v) {
        st = ko_fail(err, KO_E_NOMEM, "view");
        goto done;
    }
    st = take_header(&c, v, &transparent, err);
    if (st == KO_OK)
        st = take_points(&c, v, err);
    if (st == KO_OK)
        st = take_looks(&c, v, transparent, err);
    if (st != KO_OK)
        goto done;
    *out_view = v;
    v = NULL;
done:
    ko_part_view_free(v);
    return st;
}
