/* Pairs of keypoints for the eye.
 *
 * The search keeps no matches of a claim, and those it had are only the distinctive ones.
 * Here the place is known, so every keypoint of the work is looked for where it should be,
 * as guided matching does when it fits the place (part_verify.c). */
#include "match/part_lines.h"

#include "base/alloc.h"
#include "base/status.h"
#include "match/part_claim.h"
#include "simd/hamming_row.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define PI 3.14159265f
#define NEAR .025f /* of the print's side */
#define NEAR_MIN_PX 3.f
#define ALIKE_BITS 72
#define TURN_NEAR .6f /* radians */
#define SCALE_NEAR 1.67f
#define APART_PX 10.f /* of the view, between the points of two pairs */

/* --- the place --- */

#define AREA_MIN_PX 1e-2
#define FARTHEST_PX 1e6f

/* Twice the signed area of the triangle that corners a, b, c of a quad make. */
static double turn_at(const float q[8], size_t a, size_t b, size_t c)
{
    const double x = q[2 * a], y = q[2 * a + 1];
    return (q[2 * b] - x) * (q[2 * c + 1] - y) - (q[2 * b + 1] - y) * (q[2 * c] - x);
}

static bool is_convex(const float q[8])
{
    unsigned left = 0, right = 0;
    for (size_t i = 0; i < 4; i++) {
        const double turn = turn_at(q, i, (i + 1) % 4, (i + 2) % 4);
        left += turn > AREA_MIN_PX;
        right += turn < -AREA_MIN_PX;
    }
    return left == 4 || right == 4;
}

static double area_of(const float q[8])
{
    return fabs(turn_at(q, 0, 1, 2) + turn_at(q, 0, 2, 3)) / 2;
}

bool ko_part_square_to_quad(const float q[8], ko_part_model *out_model)
{
    for (size_t i = 0; i < 8; i++)
        if (!(fabsf(q[i]) <= FARTHEST_PX))
            return false;
    if (!is_convex(q) || area_of(q) < 1)
        return false;
    double *h = out_model->h;
    const double dx1 = (double)q[2] - q[4], dx2 = (double)q[6] - q[4];
    const double dy1 = (double)q[3] - q[5], dy2 = (double)q[7] - q[5];
    const double dx3 = (double)q[0] - q[2] + q[4] - q[6];
    const double dy3 = (double)q[1] - q[3] + q[5] - q[7];
    const double area = dx1 * dy2 - dx2 * dy1; /* not 0: a corner of a convex quad */
    h[6] = (dx3 * dy2 - dx2 * dy3) / area;
    h[7] = (dx1 * dy3 - dx3 * dy1) / area;
    h[8] = 1;
    for (size_t i = 0; i < 2; i++) {
        h[3 * i] = (double)q[2 + i] - q[i] + h[6] * q[2 + i];
        h[3 * i + 1] = (double)q[6 + i] - q[i] + h[7] * q[6 + i];
        h[3 * i + 2] = q[i];
    }
    return true;
}

/* --- pairs --- */

/* The best point of the view for each keypoint of the photo. */
typedef struct best {
    uint32_t point;
    unsigned distance; /* above ALIKE_BITS: none */
} best;

/* What is the same for all pairs. */
typedef struct scene {
    const ko_part_view *view;
    ko_part_model model; /* from shares of the canvas to pixels of the pyramid */
    bool inverted;
    unsigned variant;
    float near_px;
} scene;

static void share_of_canvas(const ko_part_view *view, const ko_part_point *p, float out[2])
{
    out[0] = (p->x + .5f - view->canvas[0]) / view->canvas[2];
    out[1] = (p->y + .5f - view->canvas[1]) / view->canvas[3];
}

/* Where the photo should show a point. The place itself mirrors, so the point is taken as
 * it lies in the work; an inverted patch has its brighter side where the darker was. */
static ko_part_point predict(const scene *s, const ko_part_point *p)
{
    const float *canvas = s->view->canvas;
    float share[2];
    share_of_canvas(s->view, p, share);
    const ko_part_spot spot = ko_part_project(&s->model, share[0], share[1]);
    const float *j = spot.slope;
    const float dx = cosf(p->angle) / canvas[2], dy = sinf(p->angle) / canvas[3];
    const float area = fabsf(j[0] * j[3] - j[1] * j[2]) / (canvas[2] * canvas[3]);
    return (ko_part_point){.x = spot.u,
                           .y = spot.v,
                           .angle = atan2f(j[2] * dx + j[3] * dy, j[0] * dx + j[1] * dy) +
                                    (s->inverted ? PI : 0),
                           .scale = sqrtf(area) * p->scale};
}

static bool agrees(const scene *s, const ko_part_point *p, const ko_keypoint *k)
{
    return hypotf(p->x - k->x, p->y - k->y) < s->near_px &&
           fabsf(remainderf(p->angle - k->angle, 2 * PI)) < TURN_NEAR &&
           p->scale * SCALE_NEAR > k->scale && p->scale < SCALE_NEAR * k->scale;
}

static void match(const scene *s, const ko_features *photo, best *out)
{
    for (size_t k = 0; k < photo->n; k++)
        out[k] = (best){.distance = ALIKE_BITS + 1};
    const size_t n = ko_part_view_keypoints(s->view);
    for (uint32_t i = 0; i < n; i++) {
        const ko_part_point at = predict(s, &s->view->points[i]);
        ko_descriptor descriptor;
        ko_code code;
        ko_descriptor_variant(&s->view->descriptors[i], s->variant, &descriptor);
        ko_descriptor_code(&descriptor, &code);
        for (size_t k = 0; k < photo->n; k++) {
            if (!agrees(s, &at, &photo->keypoints[k]))
                continue;
            const unsigned distance = ko_hamming_distance(code.w, photo->codes[k].w);
            if (distance < out[k].distance)
                out[k] = (best){i, distance};
        }
    }
}

/* --- the few that are shown --- */

static float gap(const ko_part_view *view, uint32_t a, uint32_t b)
{
    const ko_part_point *p = &view->points[a], *q = &view->points[b];
    return hypotf(p->x - q->x, p->y - q->y);
}

/* Moves max pairs or fewer to the front of order: the most alike, then again and again the
 * one farthest from all before it (Gonzalez 1985). room has a float for each keypoint. */
static size_t spread(const ko_part_view *view, const best *pairs, size_t n, size_t max,
                     uint32_t *order, float *room)
{
    size_t found = 0, first = 0;
    for (uint32_t k = 0; k < n; k++) {
        if (pairs[k].distance > ALIKE_BITS)
            continue;
        if (found && pairs[k].distance < pairs[order[first]].distance)
            first = found;
        room[found] = INFINITY;
        order[found++] = k;
    }
    size_t shown = 0;
    for (size_t next = first; shown < max && shown < found; shown++) {
        if (room[next] < APART_PX)
            break;
        const uint32_t chosen = order[next];
        order[next] = order[shown];
        room[next] = room[shown];
        order[shown] = chosen;
        next = shown + 1;
        for (size_t i = shown + 1; i < found; i++) {
            room[i] = fminf(room[i], gap(view, pairs[chosen].point, pairs[order[i]].point));
            if (room[i] > room[next])
                next = i;
        }
    }
    return shown;
}

static ko_status find_lines(const scene *s, const ko_features *photo, size_t max_lines,
                            ko_part_line *out_lines, size_t *out_count, ko_error *err)
{
    ko_status st = KO_OK;
    best *pairs = ko_alloc_array(photo->n, sizeof *pairs);
    uint32_t *order = ko_alloc_array(photo->n, sizeof *order);
    float *room = ko_alloc_array(photo->n, sizeof *room);
    if (!pairs || !order || !room) {
        st = ko_fail(err, KO_E_NOMEM, "pairs of %zu keypoints", photo->n);
        goto done;
    }
    match(s, photo, pairs);
    *out_count = spread(s->view, pairs, photo->n, max_lines, order, room);
    for (size_t i = 0; i < *out_count; i++) {
        const ko_keypoint *k = &photo->keypoints[order[i]];
        ko_part_line *line = &out_lines[i];
        share_of_canvas(s->view, &s->view->points[pairs[order[i]].point], line->work);
        line->photo[0] = k->x + .5f;
        line->photo[1] = k->y + .5f;
    }
done:
    ko_free(pairs);
    ko_free(order);
    ko_free(room);
    return st;
}

/* Pixels of luma, their edges at whole numbers, to pixels of the pyramid, their centres. */
static void scale_model(ko_part_model *model, float to_x, float to_y)
{
    double *h = model->h;
    for (size_t i = 0; i < 3; i++) {
        h[i] = to_x * h[i] - .5 * h[6 + i];
        h[3 + i] = to_y * h[3 + i] - .5 * h[6 + i];
    }
}

ko_status ko_part_lines(const ko_part_view *view, const ko_grey *luma, const ko_part_found *found,
                        size_t max_lines, ko_part_line *out_lines, size_t *out_count, ko_error *err)
{
    scene s = {.view = view,
               .inverted = found->inverted,
               .variant = (found->mirrored ? KO_VARIANT_MIRRORED : 0u) |
                          (found->inverted ? KO_VARIANT_INVERTED : 0u)};
    if (!ko_part_square_to_quad(found->quad, &s.model))
        return ko_fail(err, KO_E_FORMAT, "a place in the photo that no work can have");
    ko_pyramid *pyramid = NULL;
    ko_features photo = {0};
    size_t n = 0;
    ko_status st = ko_pyramid_build(luma, KO_PART_PHOTO_SIDE, &pyramid, err);
    if (st != KO_OK || pyramid->n == 0)
        goto done;
    const float to_x = (float)pyramid->level[0].width / (float)luma->width;
    const float to_y = (float)pyramid->level[0].height / (float)luma->height;
    scale_model(&s.model, to_x, to_y);
    const float content =
        (float)view->width * (float)view->height / (view->canvas[2] * view->canvas[3]);
    s.near_px =
        fmaxf(NEAR_MIN_PX, NEAR * sqrtf((float)area_of(found->quad) * content * to_x * to_y));
    st = ko_features_find(pyramid, &(ko_features_options){.max_keypoints = KO_PART_PHOTO_KEYPOINTS},
                          &photo, err);
    if (st == KO_OK)
        st = find_lines(&s, &photo, max_lines, out_lines, &n, err);
    for (size_t i = 0; i < n; i++) {
        out_lines[i].photo[0] /= to_x;
        out_lines[i].photo[1] /= to_y;
    }
done:
    if (st == KO_OK)
        *out_count = n;
    ko_features_free(&photo);
    ko_pyramid_free(pyramid);
    return st;
}
