#include "match/finder.h"

#include "base/alloc.h"
#include "base/status.h"
#include "match/collection.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* What an entry of the collection was made from. */
typedef struct origin {
    uint32_t view;
    ko_fp_variant variant;
} origin;

struct ko_finder {
    ko_collection *collection;
    origin *origins; /* by entry of the collection */
    ko_parts *parts;
    uint32_t *part_views; /* by view of the parts: the caller's number */
    size_t n_part_views;
    uint32_t *works;    /* by the caller's number of the view */
    double *thresholds; /* by work */
    double floor;       /* the lowest threshold */
    size_t n_fingerprints;
};

/* Both methods may be wrong about a photo, so the false claims that a score allows are shared
 * out between them: whole pictures keep far more than they promise, and what they find has
 * score to spare. */
#define WHOLE_SHARE .1

/* A method's own score as that of a claim: three decimals, rounded down, so that no promise
 * is rounded up. */
static double claim_score(double score, double share)
{
    const double least = 1e-6; /* what arithmetic may take from a score of three decimals */
    return floor((score + log10(share)) * 1000 + least) / 1000;
}

const char *ko_method_name(ko_method method)
{
    return method == KO_METHOD_PART ? "part" : "whole";
}

/* --- building --- */

static bool is_wanted(const ko_finder_works *w, size_t view)
{
    return w->thresholds[w->views[view].work] < INFINITY;
}

static ko_status build_collection(ko_finder *f, const ko_finder_works *w, ko_error *err)
{
    size_t n = 0;
    ko_collection_entry *entries = ko_alloc_array(f->n_fingerprints, sizeof *entries);
    double *thresholds = ko_alloc_array(w->n_works, sizeof *thresholds);
    f->origins = ko_alloc_array(f->n_fingerprints, sizeof *f->origins);
    ko_status st = KO_OK;
    if (!entries || !thresholds || !f->origins) {
        st = ko_fail(err, KO_E_NOMEM, "%zu fingerprints", f->n_fingerprints);
        goto done;
    }
    for (uint32_t v = 0; v < w->n_views; v++)
        for (size_t i = 0; is_wanted(w, v) && i < w->views[v].n_variants; i++) {
            const ko_fp_variant *variant = &w->views[v].variants[i];
            entries[n] = (ko_collection_entry){variant->fp, w->views[v].work};
            f->origins[n++] = (origin){v, *variant};
        }
    for (size_t i = 0; i < w->n_works; i++)
        thresholds[i] = w->thresholds[i] - log10(WHOLE_SHARE) - .001;
    st = ko_collection_build(entries, n, thresholds, w->n_works, f->n_fingerprints, &f->collection,
                             err);
done:
    ko_free(entries);
    ko_free(thresholds);
    return st;
}

/* The works that are looked for, numbered through: how many rivals a match has depends on
 * how many works are in the index, not in the collection. */
static size_t number_works(const ko_finder_works *w, uint32_t *out_numbers)
{
    uint32_t n = 0;
    for (size_t i = 0; i < w->n_works; i++)
        out_numbers[i] = w->thresholds[i] < INFINITY ? n++ : 0;
    return n;
}

static ko_status build_parts(ko_finder *f, const ko_finder_works *w, unsigned jobs, ko_error *err)
{
    ko_status st = KO_OK;
    const ko_part_view **views = ko_alloc_array(w->n_views, sizeof(const ko_part_view *));
    uint32_t *works = ko_alloc_array(w->n_views, sizeof *works);
    uint32_t *numbers = ko_alloc_array(w->n_works, sizeof *numbers);
    f->part_views = ko_alloc_array(w->n_views, sizeof *f->part_views);
    if (!views || !works || !numbers || !f->part_views) {
        st = ko_fail(err, KO_E_NOMEM, "%zu views", w->n_views);
        goto done;
    }
    const size_t n_numbers = number_works(w, numbers);
    for (uint32_t v = 0; v < w->n_views; v++) {
        if (!w->views[v].part || !is_wanted(w, v))
            continue;
        const size_t n = f->n_part_views++;
        views[n] = w->views[v].part;
        works[n] = numbers[w->views[v].work];
        f->part_views[n] = v;
    }
    st = ko_parts_build(views, works, f->n_part_views, n_numbers, w->n_works, jobs, &f->parts, err);
done:
    ko_free((void *)views);
    ko_free(works);
    ko_free(numbers);
    return st;
}

static void note_works(ko_finder *f, const ko_finder_works *w)
{
    f->floor = INFINITY;
    for (size_t i = 0; i < w->n_works; i++) {
        f->thresholds[i] = w->thresholds[i];
        f->floor = fmin(f->floor, w->thresholds[i]);
    }
    for (size_t v = 0; v < w->n_views; v++) {
        assert(w->views[v].work < w->n_works);
        f->works[v] = w->views[v].work;
        f->n_fingerprints += w->views[v].n_variants;
    }
}

ko_status ko_finder_build(const ko_finder_works *works, unsigned jobs, ko_finder **out_finder,
                          ko_error *err)
{
    ko_status st = KO_OK;
    ko_finder *f = ko_alloc_zero(1, sizeof *f);
    if (f) {
        f->works = ko_alloc_array(works->n_views, sizeof *f->works);
        f->thresholds = ko_alloc_array(works->n_works, sizeof *f->thresholds);
    }
    if (!f || !f->works || !f->thresholds) {
        st = ko_fail(err, KO_E_NOMEM, "%zu works", works->n_works);
        goto done;
    }
    note_works(f, works);
    st = build_collection(f, works, err);
    if (st == KO_OK)
        st = build_parts(f, works, jobs, err);
    if (st != KO_OK)
        goto done;
    *out_finder = f;
    f = NULL;
done:
    ko_finder_free(f);
    return st;
}

void ko_finder_free(ko_finder *finder)
{
    if (!finder)
        return;
    ko_collection_free(finder->collection);
    ko_parts_free(finder->parts);
    ko_free(finder->origins);
    ko_free(finder->part_views);
    ko_free(finder->works);
    ko_free(finder->thresholds);
    ko_free(finder);
}

size_t ko_finder_fingerprints(const ko_finder *finder)
{
    return finder->n_fingerprints;
}

size_t ko_finder_bytes(const ko_finder *finder)
{
    return ko_parts_bytes(finder->parts);
}

/* --- asking --- */

/* A claim of the work, new at the end unless there is one; NULL without memory. */
static ko_claim *claim_of(ko_claims *claims, uint32_t work, bool *out_new)
{
    *out_new = false;
    for (size_t i = 0; i < claims->n; i++)
        if (claims->items[i].work == work)
            return &claims->items[i];
    ko_claim *items = ko_grown(claims->items, claims->n, &claims->capacity, sizeof *items);
    if (!items)
        return NULL;
    claims->items = items;
    *out_new = true;
    ko_claim *claim = &claims->items[claims->n++];
    *claim = (ko_claim){.work = work};
    return claim;
}

typedef struct asking {
    const ko_finder *finder;
    ko_claims *claims;
} asking;

static ko_status on_whole(void *context, const ko_found *found)
{
    const asking *a = context;
    const origin *from = &a->finder->origins[found->entry];
    const double score = claim_score(found->score, WHOLE_SHARE);
    bool fresh;
    if (score < a->finder->thresholds[found->work])
        return KO_OK; /* within the rounding */
    ko_claim *claim = claim_of(a->claims, found->work, &fresh);
    if (!claim)
        return KO_E_NOMEM;
    claim->view = from->view;
    claim->evidence =
        (ko_evidence){.score = score,
                      .method = KO_METHOD_WHOLE,
                      .has_whole = true,
                      .whole = {.distance = found->distance,
                                .orientation = (ko_orientation)from->variant.orientation,
                                .ground = from->variant.has_ground ? from->variant.ground : -1,
                                .cropped = from->variant.cropped}};
    return KO_OK;
}

static ko_part_evidence part_of(const ko_part_found *found, const ko_finder_photo *photo)
{
    ko_part_evidence part = {.mirrored = found->mirrored,
                             .inverted = found->inverted,
                             .turn = found->turn,
                             .share = found->share,
                             .inliers = found->inliers};
    for (size_t i = 0; i < 8; i += 2) {
        part.quad[i] = found->quad[i] * (float)photo->full.width / (float)photo->luma->width;
        part.quad[i + 1] =
            found->quad[i + 1] * (float)photo->full.height / (float)photo->luma->height;
    }
    return part;
}

/* Joins the claim that the work may have already. Evidence about another view than the one
 * that gives the score is dropped. */
static ko_status on_part(const asking *a, const ko_part_found *found, const ko_finder_photo *photo)
{
    const uint32_t view = a->finder->part_views[found->view], work = a->finder->works[view];
    const double score = claim_score(found->score, 1 - WHOLE_SHARE);
    if (score < a->finder->thresholds[work])
        return KO_OK;
    bool fresh;
    ko_claim *claim = claim_of(a->claims, work, &fresh);
    if (!claim)
        return KO_E_NOMEM;
    const bool better = fresh || score > claim->evidence.score;
    if (better && claim->view != view)
        *claim = (ko_claim){.work = work};
    if (better) {
        claim->view = view;
        claim->evidence.score = score;
        claim->evidence.method = KO_METHOD_PART;
    }
    if (claim->view == view) {
        claim->evidence.has_part = true;
        claim->evidence.part = part_of(found, photo);
    }
    return KO_OK;
}

static ko_status ask_parts(const asking *a, ko_parts_scratch *scratch, const ko_finder_photo *photo,
                           ko_error *err)
{
    ko_part_found found[KO_PARTS_FOUND_MAX];
    size_t n = 0;
    ko_status st =
        ko_parts_find(a->finder->parts, scratch, photo->luma, a->finder->floor, found, &n, err);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = on_part(a, &found[i], photo);
    return st;
}

static int by_score(const void *a, const void *b)
{
    const ko_claim *x = a, *y = b;
    if (x->evidence.score != y->evidence.score)
        return x->evidence.score > y->evidence.score ? -1 : 1;
    return (x->work > y->work) - (x->work < y->work);
}

ko_status ko_finder_ask(const ko_finder *finder, ko_parts_scratch *scratch,
                        const ko_finder_photo *photo, ko_claims *out_claims, ko_error *err)
{
    asking a = {.finder = finder, .claims = out_claims};
    ko_status st = KO_OK;
    out_claims->n = 0;
    if (photo->fp)
        st = ko_collection_ask(finder->collection, photo->fp, 1, on_whole, &a, err);
    if (st == KO_OK && photo->luma && finder->n_part_views)
        st = ask_parts(&a, scratch, photo, err);
    if (st == KO_E_NOMEM)
        (void)ko_fail(err, st, "claims about a photo");
    if (st == KO_OK && out_claims->n)
        qsort(out_claims->items, out_claims->n, sizeof *out_claims->items, by_score);
    return st;
}
