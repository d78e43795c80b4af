#include "match/parts.h"

#include "base/alloc.h"
#include "base/status.h"
#include "match/part_claim.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- the index --- */

struct ko_parts {
    const ko_part_view **views; /* borrowed */
    uint32_t *work_of;          /* each view's */
    size_t n_views, n_works, n_collection;
    uint32_t *first_point; /* number of each view's first keypoint, and of all */
    uint32_t *view_of;     /* each keypoint's */
    ko_part_cells *cells;
};

static ko_status number_points(ko_parts *p, ko_error *err)
{
    size_t n = 0;
    for (size_t v = 0; v < p->n_views; v++) {
        p->first_point[v] = (uint32_t)n;
        n += ko_part_view_keypoints(p->views[v]);
        if (n > KO_PART_POINTS_MAX)
            return ko_fail(err, KO_E_LIMIT, "more than %zu keypoints in one index",
                           KO_PART_POINTS_MAX);
    }
    p->first_point[p->n_views] = (uint32_t)n;
    p->view_of = ko_alloc_array(n, sizeof *p->view_of);
    if (!p->view_of)
        return ko_fail(err, KO_E_NOMEM, "index of %zu keypoints", n);
    for (uint32_t v = 0; v < p->n_views; v++)
        for (size_t i = p->first_point[v]; i < p->first_point[v + 1]; i++)
            p->view_of[i] = v;
    return KO_OK;
}

ko_status ko_parts_build(const ko_part_view *const *views, const uint32_t *works, size_t n_views,
                         size_t n_works, size_t n_collection, unsigned jobs, ko_parts **out_parts,
                         ko_error *err)
{
    assert(n_collection >= n_works && n_views <= UINT32_MAX / KO_VARIANTS);
    ko_status st = KO_OK;
    ko_parts *p = ko_alloc_zero(1, sizeof *p);
    if (p) {
        p->n_views = n_views;
        p->n_works = n_works;
        p->n_collection = n_collection;
        p->views = ko_alloc_array(n_views, sizeof(const ko_part_view *));
        p->work_of = ko_alloc_array(n_views, sizeof *p->work_of);
        p->first_point = ko_alloc_array(n_views + 1, sizeof *p->first_point);
    }
    if (!p || !p->views || !p->work_of || !p->first_point) {
        st = ko_fail(err, KO_E_NOMEM, "index of %zu views", n_views);
        goto done;
    }
    for (size_t i = 0; i < n_views; i++) {
        assert(works[i] < n_works);
        p->views[i] = views[i];
        p->work_of[i] = works[i];
    }
    st = number_points(p, err);
    if (st == KO_OK)
        st = ko_part_cells_build(p->views, p->first_point, n_views, jobs, &p->cells, err);
    if (st != KO_OK)
        goto done;
    *out_parts = p;
    p = NULL;
done:
    ko_parts_free(p);
    return st;
}

size_t ko_parts_bytes(const ko_parts *parts)
{
    const size_t n_points = parts->first_point[parts->n_views];
    return sizeof *parts + n_points * sizeof *parts->view_of +
           parts->n_views * (sizeof(const ko_part_view *) + 2 * sizeof(uint32_t)) +
           ko_part_cells_bytes(parts->cells);
}

void ko_parts_free(ko_parts *parts)
{
    if (!parts)
        return;
    ko_free(parts->views);
    ko_free(parts->work_of);
    ko_free(parts->first_point);
    ko_free(parts->view_of);
    ko_part_cells_free(parts->cells);
    ko_free(parts);
}

/* --- scratch --- */

ko_status ko_parts_scratch_make(ko_parts_scratch **out_scratch, ko_error *err)
{
    ko_parts_scratch *s = ko_alloc_zero(1, sizeof *s);
    if (!s)
        return ko_fail(err, KO_E_NOMEM, "scratch of %zu bytes", sizeof *s);
    *out_scratch = s;
    return KO_OK;
}

void ko_parts_scratch_free(ko_parts_scratch *scratch)
{
    if (!scratch)
        return;
    ko_free(scratch->start);
    ko_free(scratch);
}

void ko_parts_scratch_cost(const ko_parts_scratch *scratch, ko_parts_cost *out_cost)
{
    *out_cost = scratch->cost;
}

/* Adds the CPU time since *since_ms to a stage, and moves *since_ms on. */
static void charge(double *stage_ms, double *since_ms)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    const double now_ms = (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
    if (stage_ms)
        *stage_ms += now_ms - *since_ms;
    *since_ms = now_ms;
}

/* --- matches --- */

/* A match is weighed by how much nearer it is than the nearest keypoint of the seventh
 * work: what six works or fewer share may still tell them from all others (Lowe 2004,
 * section 7.1, asks the second nearest, too few for sister works). */
#define RIVAL 7

static bool has_variant(const ko_part_match *m, size_t n, uint32_t view, unsigned variant)
{
    for (size_t i = 0; i < n; i++)
        if (m[i].view == view && m[i].variant == variant)
            return true;
    return false;
}

/* Among works[0..*n), or as a new one after them. */
static void note_work(uint32_t work, uint32_t works[RIVAL], size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        if (works[i] == work)
            return;
    works[(*n)++] = work;
}

/* In a collection of few works the seventh lies far off or nowhere, and common edges and
 * corners would pass for marks of the one work that has them. There the rival is at most
 * where it would lie among RIVAL_WORKS works: the more evenly a descriptor's gradients are
 * spread, the rarer it is and the farther its rival. The line is a least squares fit to
 * 190,000 keypoints of listing photos (half of the variance, 8 bits left over). */
#define RIVAL_WORKS 416
#define RIVAL_AT_NONE (-21.9f)
#define RIVAL_A_BIN .01585f

static unsigned farthest_rival(const ko_parts *p, const ko_descriptor *d)
{
    if (p->n_works >= RIVAL_WORKS)
        return KO_PART_WEIGHT; /* as if just beyond the radius */
    unsigned sum = 0;
    for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++)
        sum += d->bin[i];
    const float rival = RIVAL_AT_NONE + RIVAL_A_BIN * (float)sum;
    return rival < 0 ? 0 : rival > KO_PART_WEIGHT ? KO_PART_WEIGHT : (unsigned)rival;
}

/* Of one keypoint's n hits the nearest of each view and variant, up to the rival. Returns how
 * many were written. */
static size_t distinctive(const ko_parts *p, const ko_parts_scratch *s, size_t n_hits,
                          uint16_t query, unsigned rival, ko_part_match *out)
{
    uint32_t works[RIVAL];
    size_t n = 0, n_works = 0;
    unsigned distance[KO_PART_MATCHES_A_KEYPOINT];
    for (size_t i = 0; i < n_hits && s->hits[s->order[i]].distance < rival; i++) {
        const ko_codes_hit *hit = &s->hits[s->order[i]];
        const ko_part_entry e = ko_part_cells_entry(p->cells, hit->slot);
        const uint32_t view = p->view_of[e.point];
        note_work(p->work_of[view], works, &n_works);
        if (n_works == RIVAL) {
            rival = hit->distance;
            break;
        }
        if (n == KO_PART_MATCHES_A_KEYPOINT || has_variant(out, n, view, e.variant))
            continue;
        distance[n] = hit->distance;
        out[n++] = (ko_part_match){.view = view,
                                   .point = e.point - p->first_point[view],
                                   .query = query,
                                   .variant = (uint8_t)e.variant};
    }
    size_t kept = 0; /* nearest first, so those as far as the rival come last */
    for (; kept < n && distance[kept] < rival; kept++)
        out[kept].weight = (uint8_t)(rival - distance[kept]);
    return kept;
}

static size_t search(const ko_parts *p, ko_parts_scratch *s)
{
    const ko_features *f = &s->photo.features;
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        const unsigned rival = farthest_rival(p, &f->descriptors[i]);
        const unsigned radius = rival < KO_PART_RADIUS ? rival : KO_PART_RADIUS;
        const size_t n_hits = ko_part_cells_search(p->cells, &f->descriptors[i], &f->codes[i],
                                                   radius, s->hits, s->order);
        n += distinctive(p, s, n_hits, (uint16_t)i, rival, s->found + n);
    }
    return n;
}

/* --- claims --- */

static int by_score(const void *a, const void *b)
{
    const ko_part_claim *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->view > y->view) - (x->view < y->view);
}

/* The canvas corners in the photo given, whose first pixel's edge is at 0. A model takes
 * pixel centres to pixel centres of the pyramid's first level. */
static void canvas_corners(const ko_part_view *view, const ko_part_claim *c, float to_x, float to_y,
                           float out_quad[8])
{
    const float *b = view->canvas;
    const float corner[4][2] = {
        {b[0], b[1]}, {b[0] + b[2], b[1]}, {b[0] + b[2], b[1] + b[3]}, {b[0], b[1] + b[3]}};
    for (size_t i = 0; i < 4; i++) {
        const bool mirrored = c->variant & KO_VARIANT_MIRRORED;
        const float x = mirrored ? (float)view->width - corner[i][0] : corner[i][0];
        const ko_part_spot s = ko_part_project(&c->model, x - .5f, corner[i][1] - .5f);
        out_quad[2 * i] = (s.u + .5f) * to_x;
        out_quad[2 * i + 1] = (s.v + .5f) * to_y;
    }
}

static float turn_of(const ko_part_view *view, const ko_part_claim *c)
{
    const ko_part_spot s =
        ko_part_project(&c->model, (float)view->width / 2, (float)view->height / 2);
    return atan2f(s.slope[2], s.slope[0]) * (180 / 3.14159265f);
}

/* Writes the claims that reach the floor, best first, each work once. */
static size_t tell(const ko_parts *p, const ko_parts_scratch *s, const ko_grey *luma,
                   const ko_part_claim *claims, size_t n, double floor, ko_part_found *out)
{
    size_t told = 0;
    for (size_t i = 0; i < n && claims[i].score >= floor; i++) {
        const ko_part_claim *c = &claims[i];
        bool again = false;
        for (size_t k = 0; k < told; k++)
            again |= out[k].work == p->work_of[c->view];
        if (again)
            continue;
        ko_part_found *f = &out[told++];
        *f = (ko_part_found){.work = p->work_of[c->view],
                             .view = c->view,
                             .score = c->score,
                             .mirrored = c->variant & KO_VARIANT_MIRRORED,
                             .inverted = c->variant & KO_VARIANT_INVERTED,
                             .turn = turn_of(p->views[c->view], c),
                             .share = c->share,
                             .inliers = c->inliers};
        canvas_corners(p->views[c->view], c, (float)luma->width / s->photo.width,
                       (float)luma->height / s->photo.height, f->quad);
    }
    return told;
}

/* Hope is no bound for the surest claims: whoever asks for more than this pays the fine look. */
#define HOPE_MOST 6.

static void look_closely(const ko_parts *p, ko_parts_scratch *s, double floor, ko_part_claim *c)
{
    c->score = -INFINITY;
    if (!(c->side_px > 0) || c->support < KO_PART_SUPPORT_MIN)
        return;
    const ko_part_view *view = p->views[c->view];
    ko_part_align(view, s, c, KO_PART_COARSE);
    ko_part_look_at(view, s, c, KO_PART_COARSE);
    if (ko_part_hope(c, p->n_collection) < fmin(floor, HOPE_MOST))
        return;
    ko_part_align(view, s, c, KO_PART_FINE);
    ko_part_look_at(view, s, c, KO_PART_FINE);
    c->score = ko_part_score(c, p->n_collection);
}

/* Works that share parts claim the same place: what they share is the best claim's. */
static void share_out(const ko_parts *p, ko_parts_scratch *s, ko_part_claim *claims, size_t n)
{
    bool taken[KO_PART_PHOTO_KEYPOINTS] = {false};
    qsort(claims, n, sizeof *claims, by_score);
    for (size_t i = 0; i < n && claims[i].score > -INFINITY; i++) {
        ko_part_claim_own(p->views[claims[i].view], s, &claims[i], taken);
        claims[i].score = ko_part_score(&claims[i], p->n_collection);
    }
    qsort(claims, n, sizeof *claims, by_score);
}

static ko_status claim_all(const ko_parts *p, ko_parts_scratch *s, double floor,
                           ko_part_claim *claims, size_t *out_n, double *clock_ms, ko_error *err)
{
    const size_t n_matches = search(p, s);
    charge(&s->cost.search_ms, clock_ms);
    size_t n = 0;
    const ko_status st =
        ko_part_vote(p->views, p->work_of, p->n_views, s, n_matches, claims, &n, err);
    charge(&s->cost.vote_ms, clock_ms);
    if (st != KO_OK)
        return st;
    ko_part_photo_sort(&s->photo);
    for (size_t i = 0; i < n; i++)
        ko_part_verify(p->views[claims[i].view], s, &claims[i]);
    charge(&s->cost.verify_ms, clock_ms);
    for (size_t i = 0; i < n; i++)
        look_closely(p, s, floor, &claims[i]);
    share_out(p, s, claims, n);
    charge(&s->cost.look_ms, clock_ms);
    *out_n = n;
    return KO_OK;
}

ko_status ko_parts_claim(const ko_parts *parts, ko_parts_scratch *scratch, const ko_grey *luma,
                         double floor, ko_part_claim out_claims[KO_PART_CANDIDATES],
                         size_t *out_count, ko_error *err)
{
    ko_part_photo *photo = &scratch->photo;
    ko_pyramid *pyramid = NULL;
    size_t n = 0;
    double clock_ms;
    charge(NULL, &clock_ms);
    ko_status st = ko_pyramid_build(luma, KO_PART_PHOTO_SIDE, &pyramid, err);
    charge(&scratch->cost.pyramid_ms, &clock_ms);
    if (st != KO_OK || pyramid->n == 0)
        goto done;
    photo->pyramid = pyramid;
    photo->width = (float)pyramid->level[0].width;
    photo->height = (float)pyramid->level[0].height;
    st = ko_features_find(pyramid, &(ko_features_options){.max_keypoints = KO_PART_PHOTO_KEYPOINTS},
                          &photo->features, err);
    charge(&scratch->cost.features_ms, &clock_ms);
    if (st == KO_OK)
        st = claim_all(parts, scratch, floor, out_claims, &n, &clock_ms, err);
done:
    if (st == KO_OK) {
        *out_count = n;
        scratch->cost.photos++;
    }
    ko_features_free(&photo->features);
    ko_pyramid_free(pyramid);
    return st;
}

/* One photo in a hundred has a false claim of this score: no such is worth a fine look. */
#define OF_USE 2.

ko_status ko_parts_find(const ko_parts *parts, ko_parts_scratch *scratch, const ko_grey *luma,
                        double floor, ko_part_found *out_found, size_t *out_count, ko_error *err)
{
    static_assert(KO_PART_CANDIDATES <= KO_PARTS_FOUND_MAX, "every candidate may be found");
    ko_part_claim claims[KO_PART_CANDIDATES];
    size_t n = 0;
    const ko_status st = ko_parts_claim(parts, scratch, luma, fmax(floor, OF_USE), claims, &n, err);
    if (st == KO_OK)
        *out_count = tell(parts, scratch, luma, claims, n, floor, out_found);
    return st;
}
