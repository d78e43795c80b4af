#include "match/collection.h"

#include "base/alloc.h"
#include "base/status.h"

#include <assert.h>
#include <stdlib.h>

struct ko_collection {
    ko_index *index;
    uint32_t *works; /* per entry */
    int *radii;      /* per work: the largest distance that reaches its threshold, or -1 */
    size_t n_works;
    size_t n_fingerprints;
    int radius; /* the largest of radii */
};

static ko_status fail_nomem(ko_error *err, size_t n_entries)
{
    return ko_fail(err, KO_E_NOMEM, "collection of %zu fingerprints", n_entries);
}

static void set_radii(ko_collection *c, const double *thresholds)
{
    c->radius = -1;
    for (size_t w = 0; w < c->n_works; w++) {
        c->radii[w] = ko_score_whole_radius(thresholds[w], c->n_fingerprints);
        if (c->radii[w] > c->radius)
            c->radius = c->radii[w];
    }
}

static ko_status index_entries(ko_collection *c, const ko_collection_entry *entries, size_t n,
                               ko_error *err)
{
    ko_fp *fps = ko_alloc_array(n, sizeof *fps);
    if (!fps)
        return fail_nomem(err, n);
    for (size_t i = 0; i < n; i++) {
        assert(entries[i].work < c->n_works);
        fps[i] = entries[i].fp;
        c->works[i] = entries[i].work;
    }
    const ko_status st = ko_index_build(fps, n, &c->index, err);
    ko_free(fps);
    return st;
}

ko_status ko_collection_build(const ko_collection_entry *entries, size_t n_entries,
                              const double *thresholds, size_t n_works, size_t n_fingerprints,
                              ko_collection **out_collection, ko_error *err)
{
    assert(n_fingerprints >= n_entries && n_works <= UINT32_MAX);
    ko_status st = KO_OK;
    ko_collection *c = ko_alloc_zero(1, sizeof *c);
    if (c) {
        c->n_works = n_works;
        c->n_fingerprints = n_fingerprints;
        c->works = ko_alloc_array(n_entries, sizeof *c->works);
        c->radii = ko_alloc_array(n_works, sizeof *c->radii);
    }
    if (!c || !c->works || !c->radii) {
        st = fail_nomem(err, n_entries);
        goto done;
    }
    set_radii(c, thresholds);
    st = index_entries(c, entries, n_entries, err);
    if (st != KO_OK)
        goto done;
    *out_collection = c;
    c = NULL;
done:
    ko_collection_free(c);
    return st;
}

#define NOTHING UINT16_MAX

/* The nearest entry of one work to the photo at hand. */
typedef struct nearest {
    uint32_t entry;
    uint16_t distance; /* NOTHING: none within the work's radius */
} nearest;

/* Hits come photo by photo; each photo's are gathered by work before they are told. */
typedef struct asking {
    const ko_collection *collection;
    ko_found_fn *fn;
    void *context;
    nearest *nearest; /* per work */
    ko_found *found;  /* one for each work that has something; the rest filled in at the end */
    size_t n_found;
    uint32_t photo;
} asking;

static int by_score(const void *a, const void *b)
{
    const ko_found *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->work > y->work) - (x->work < y->work);
}

static ko_status tell(asking *a)
{
    for (size_t i = 0; i < a->n_found; i++) {
        ko_found *f = &a->found[i];
        nearest *best = &a->nearest[f->work];
        f->photo = a->photo;
        f->entry = best->entry;
        f->distance = best->distance;
        f->score = ko_score_whole(best->distance, a->collection->n_fingerprints);
        best->distance = NOTHING;
    }
    qsort(a->found, a->n_found, sizeof *a->found, by_score);
    ko_status st = KO_OK;
    for (size_t i = 0; i < a->n_found && st == KO_OK; i++)
        st = a->fn(a->context, &a->found[i]);
    a->n_found = 0;
    return st;
}

static void gather(asking *a, const ko_hit *hit)
{
    const uint32_t work = a->collection->works[hit->row];
    nearest *best = &a->nearest[work];
    if ((int)hit->distance > a->collection->radii[work] || hit->distance >= best->distance)
        return; /* rows ascend, so among equals the lowest entry stays */
    if (best->distance == NOTHING)
        a->found[a->n_found++].work = work;
    *best = (nearest){.entry = hit->row, .distance = hit->distance};
}

static ko_status on_hits(void *context, const ko_hit *hits, size_t n)
{
    asking *a = context;
    for (size_t k = 0; k < n; k++) {
        if (hits[k].query != a->photo) {
            const ko_status st = tell(a);
            if (st != KO_OK)
                return st;
            a->photo = hits[k].query;
        }
        gather(a, &hits[k]);
    }
    return KO_OK;
}

ko_status ko_collection_ask(const ko_collection *collection, const ko_fp *photos, size_t n_photos,
                            ko_found_fn *fn, void *context, ko_error *err)
{
    if (collection->radius < 0)
        return KO_OK; /* no distance reaches any threshold */
    const size_t n_works = collection->n_works;
    asking a = {.collection = collection, .fn = fn, .context = context};
    ko_status st = KO_OK;
    a.nearest = ko_alloc_array(n_works, sizeof *a.nearest);
    a.found = ko_alloc_array(n_works, sizeof *a.found);
    if (!a.nearest || !a.found) {
        st = ko_fail(err, KO_E_NOMEM, "answers about %zu works", n_works);
        goto done;
    }
    for (size_t w = 0; w < n_works; w++)
        a.nearest[w].distance = NOTHING;
    st = ko_index_search(collection->index, photos, n_photos, (unsigned)collection->radius, on_hits,
                         &a, err);
    if (st == KO_OK)
        st = tell(&a);
done:
    ko_free(a.nearest);
    ko_free(a.found);
    return st;
}

void ko_collection_free(ko_collection *collection)
{
    if (!collection)
        return;
    ko_index_free(collection->index);
    ko_free(collection->works);
    ko_free(collection->radii);
    ko_free(collection);
}
