/* Fits the place of a view in a photo.
 *
 * From the similarity of one match to the matches that agree with it, to all keypoints of
 * the view: guided matching (Hartley and Zisserman, 4.7.1) finds the many whose descriptors
 * alone would not tell them from others. It only refines the place: by itself it says
 * little, for dense texture has something alike everywhere. */
#include "match/part_claim.h"
#include "simd/hamming_row.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define PI 3.14159265f
#define TURN_NEAR .6f /* radians between the predicted direction and the found one */
#define SCALE_NEAR 1.67f
#define TOLERANCE_MIN_PX 3.f
#define SUPPORT_NEAR .03f     /* of the print's side: distinctive matches that agree */
#define GUIDED_RADIUS_BITS 68 /* tight: a wrong one hurts more than a missing one */
#define BORDER_PX 8.f         /* no keypoints there */
/* Scales that keypoints of a photo can have. */
#define SCALE_MIN .8f
#define SCALE_MAX 7.f

/* --- predictions --- */

typedef struct place {
    float x, y, angle, scale;
} place;

static place predict(const ko_part_model *model, const ko_part_point *p)
{
    const ko_part_spot s = ko_part_project(model, p->x, p->y);
    const float *j = s.slope, c = cosf(p->angle), n = sinf(p->angle);
    const float area = fmaxf(j[0] * j[3] - j[1] * j[2], 1e-9f);
    return (place){s.u, s.v, atan2f(j[2] * c + j[3] * n, j[0] * c + j[1] * n),
                   sqrtf(area) * p->scale};
}

static bool agrees(const place *p, const ko_keypoint *k, float tolerance_px, float *out_error2)
{
    const float dx = p->x - k->x, dy = p->y - k->y;
    *out_error2 = dx * dx + dy * dy;
    return *out_error2 < tolerance_px * tolerance_px &&
           fabsf(remainderf(p->angle - k->angle, 2 * PI)) < TURN_NEAR &&
           p->scale * SCALE_NEAR > k->scale && p->scale < SCALE_NEAR * k->scale;
}

void ko_part_photo_sort(ko_part_photo *photo)
{
    const ko_features *f = &photo->features;
    assert(f->n <= KO_PART_PHOTO_KEYPOINTS);
    memset(photo->head, 0xff, sizeof photo->head);
    for (size_t i = 0; i < f->n; i++) {
        const size_t row = (size_t)fmaxf(f->keypoints[i].y, 0) / KO_PART_GRID_PX;
        const size_t column = (size_t)fmaxf(f->keypoints[i].x, 0) / KO_PART_GRID_PX;
        assert(row < KO_PART_GRID_SIDE && column < KO_PART_GRID_SIDE);
        photo->next[i] = photo->head[row][column];
        photo->head[row][column] = (uint16_t)i;
    }
}

/* --- distinctive matches --- */

typedef struct support {
    unsigned weight, count;
    unsigned votes; /* weight of those that do not agree, too */
    unsigned by_ground[KO_PART_GROUNDS];
} support;

static uint32_t ground_of(const ko_part_view *view, uint32_t point)
{
    uint32_t g = 0;
    while (g + 1 < view->n_grounds && point >= view->first[g + 1])
        g++;
    return g;
}

/* What agrees with a model, each keypoint of the photo once. */
static support count_support(const ko_part_view *view, const ko_parts_scratch *s,
                             const ko_part_claim *c, const ko_part_model *model, float side_px)
{
    const float tolerance_px = fmaxf(TOLERANCE_MIN_PX, SUPPORT_NEAR * side_px);
    bool used[KO_PART_PHOTO_KEYPOINTS] = {false};
    support sum = {0};
    for (size_t i = c->from; i < c->to; i++) {
        const ko_part_match *m = &s->matches[i];
        const ko_part_point p = ko_part_point_seen(view, m->point, c->variant);
        const place at = predict(model, &p);
        float error2;
        sum.votes += m->weight;
        if (used[m->query] ||
            !agrees(&at, &s->photo.features.keypoints[m->query], tolerance_px, &error2))
            continue;
        used[m->query] = true;
        sum.weight += m->weight;
        sum.count++;
        sum.by_ground[ground_of(view, m->point)] += m->weight;
    }
    return sum;
}

/* Pairs of the matches that agree with the claim's model, nearer ones weighing more. */
static size_t near_pairs(const ko_part_view *view, ko_parts_scratch *s, const ko_part_claim *c,
                         float tolerance_px)
{
    size_t n = 0;
    for (size_t i = c->from; i < c->to && n < KO_PART_PAIRS_MAX; i++) {
        const ko_part_match *m = &s->matches[i];
        const ko_keypoint *k = &s->photo.features.keypoints[m->query];
        const ko_part_point p = ko_part_point_seen(view, m->point, c->variant);
        const place at = predict(&c->model, &p);
        float error2;
        if (!agrees(&at, k, tolerance_px, &error2))
            continue;
        const float weight = (float)m->weight / KO_PART_WEIGHT;
        s->pairs[n++] = (ko_part_pair){p.x, p.y, k->x, k->y,
                                       weight / (1 + 3 * error2 / (tolerance_px * tolerance_px))};
    }
    return n;
}

/* From the pivot's own similarity to what the matches near it say, in narrowing circles.
 * Sets the model and the side; false when even the pivot is not plausible. */
static bool fit_matches(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *c)
{
    static const float near[] = {.15f, .08f, .05f, .05f}; /* of the longer side */
    const ko_part_match *pivot = &s->matches[c->pivot];
    const ko_keypoint *k = &s->photo.features.keypoints[pivot->query];
    const ko_part_point p = ko_part_point_seen(view, pivot->point, pivot->variant);
    const float width = (float)view->width, height = (float)view->height;
    const float longest = fmaxf(width, height);
    ko_part_model fitted =
        ko_part_similarity(p.x, p.y, k->x, k->y, k->angle - p.angle, k->scale / p.scale);
    float side_px;
    for (size_t round = 0; ko_part_plausible(&fitted, width, height, &side_px); round++) {
        c->model = fitted;
        c->side_px = side_px;
        if (round == sizeof near / sizeof *near)
            break;
        const float scale = side_px / sqrtf(width * height);
        const size_t n = near_pairs(view, s, c, near[round] * longest * scale);
        const ko_part_kind kind = n < 5 ? KO_PART_SIMILARITY : KO_PART_AFFINE;
        if (n < 3 || !ko_part_fit(s->pairs, n, kind, longest, &fitted))
            break;
    }
    return c->side_px > 0;
}

/* --- guided matching --- */

/* The keypoint of the photo near a place that is most like one of the view; -1: none. */
static int most_alike(const ko_part_photo *photo, const place *at, float tolerance_px,
                      const ko_descriptor *plain, unsigned variant, unsigned *out_distance)
{
    const size_t last = KO_PART_GRID_SIDE - 1;
    const size_t x0 = (size_t)fmaxf((at->x - tolerance_px) / KO_PART_GRID_PX, 0);
    const size_t y0 = (size_t)fmaxf((at->y - tolerance_px) / KO_PART_GRID_PX, 0);
    const size_t x1 = (size_t)fminf((at->x + tolerance_px) / KO_PART_GRID_PX, (float)last);
    const size_t y1 = (size_t)fminf((at->y + tolerance_px) / KO_PART_GRID_PX, (float)last);
    ko_code code;
    bool coded = false; /* few keypoints have a neighbour at all */
    int best = -1;
    *out_distance = GUIDED_RADIUS_BITS + 1;
    for (size_t y = y0; y <= y1; y++)
        for (size_t x = x0; x <= x1; x++)
            for (size_t k = photo->head[y][x]; k != KO_PART_NO_KEYPOINT; k = photo->next[k]) {
                float error2;
                if (!agrees(at, &photo->features.keypoints[k], tolerance_px, &error2))
                    continue;
                if (!coded) {
                    ko_descriptor d;
                    ko_descriptor_variant(plain, variant, &d);
                    ko_descriptor_code(&d, &code);
                    coded = true;
                }
                const unsigned distance = ko_hamming_distance(code.w, photo->features.codes[k].w);
                if (distance < *out_distance) {
                    *out_distance = distance;
                    best = (int)k;
                }
            }
    return best;
}

/* Pairs each keypoint of the claim's ground with what is where the model puts it. */
static size_t match_guided(const ko_part_view *view, const ko_part_photo *photo,
                           const ko_part_claim *c, float tolerance_px, ko_part_pair *out)
{
    size_t n = 0;
    for (uint32_t i = view->first[c->ground]; i < view->first[c->ground + 1]; i++) {
        const ko_part_point p = ko_part_point_seen(view, i, c->variant);
        const place at = predict(&c->model, &p);
        if (!(at.x > BORDER_PX && at.y > BORDER_PX && at.x < photo->width - BORDER_PX &&
              at.y < photo->height - BORDER_PX) ||
            at.scale < SCALE_MIN || at.scale > SCALE_MAX)
            continue;
        unsigned distance;
        const int k =
            most_alike(photo, &at, tolerance_px, &view->descriptors[i], c->variant, &distance);
        if (k < 0)
            continue;
        const ko_keypoint *found = &photo->features.keypoints[k];
        const float weight = (float)(GUIDED_RADIUS_BITS + 8 - (int)distance) / GUIDED_RADIUS_BITS;
        out[n++] = (ko_part_pair){p.x, p.y, found->x, found->y, weight};
    }
    return n;
}

#define GUIDED_ROUNDS 2
#define SUPPORT_KEPT .6f /* a refinement that loses more of the support has slid off */

/* Refits to guided matches of the ground that agrees most, with ever freer models. On
 * periodic art that may slide to a neighbour of the true place: then the place before it
 * stays the best. */
static void refine(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *c)
{
    static const float near[GUIDED_ROUNDS] = {.06f, .04f};
    const float width = (float)view->width, height = (float)view->height;
    float side_px = c->side_px;
    ko_part_claim trial = *c;
    for (size_t round = 0; round < GUIDED_ROUNDS; round++) {
        const float tolerance_px = fmaxf(TOLERANCE_MIN_PX, near[round] * side_px);
        const size_t n = match_guided(view, &s->photo, &trial, tolerance_px, s->pairs);
        const ko_part_kind kind = n < 6 ? KO_PART_SIMILARITY : KO_PART_AFFINE;
        if (!ko_part_refit(s->pairs, n, kind, fmaxf(width, height), tolerance_px / 2, s->near,
                           &trial.model) ||
            !ko_part_plausible(&trial.model, width, height, &side_px))
            break;
        const support now = count_support(view, s, c, &trial.model, side_px);
        if ((float)now.weight >= SUPPORT_KEPT * (float)c->support) {
            c->model = trial.model;
            c->side_px = side_px;
            c->support = now.weight;
            c->inliers = now.count;
        }
    }
}

void ko_part_verify(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *claim)
{
    if (!fit_matches(view, s, claim))
        return;
    const support first = count_support(view, s, claim, &claim->model, claim->side_px);
    claim->support = first.weight;
    claim->inliers = first.count;
    claim->votes = first.votes;
    if (claim->support < KO_PART_SUPPORT_MIN)
        return;
    uint32_t ground = 0;
    for (uint32_t g = 1; g < view->n_grounds; g++)
        if (first.by_ground[g] > first.by_ground[ground])
            ground = g;
    claim->ground = ground;
    refine(view, s, claim);
}

void ko_part_claim_own(const ko_part_view *view, const ko_parts_scratch *s, ko_part_claim *claim,
                       bool taken[KO_PART_PHOTO_KEYPOINTS])
{
    const float tolerance_px = fmaxf(TOLERANCE_MIN_PX, SUPPORT_NEAR * claim->side_px);
    bool own[KO_PART_PHOTO_KEYPOINTS] = {false};
    unsigned lost = 0, n_lost = 0;
    for (size_t i = claim->from; i < claim->to; i++) {
        const ko_part_match *m = &s->matches[i];
        const ko_part_point p = ko_part_point_seen(view, m->point, claim->variant);
        const place at = predict(&claim->model, &p);
        float error2;
        if (own[m->query] ||
            !agrees(&at, &s->photo.features.keypoints[m->query], tolerance_px, &error2))
            continue;
        own[m->query] = true;
        lost += taken[m->query] ? m->weight : 0;
        n_lost += taken[m->query];
    }
    claim->support -= lost / 2 < claim->support ? lost / 2 : claim->support;
    claim->inliers -= n_lost / 2 < claim->inliers ? n_lost / 2 : claim->inliers;
    for (size_t i = 0; i < KO_PART_PHOTO_KEYPOINTS; i++)
        taken[i] |= own[i];
}
