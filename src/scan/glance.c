#include "scan/glance.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/progress.h"
#include "base/stop.h"
#include "store/candidate.h"
#include "store/seen.h"

#define BATCH 2048 /* photos a transaction: some milliseconds of writing */

/* What is asked about a photo. */
typedef struct known {
    int64_t id;
    ko_fp fp;
} known;

typedef struct glance {
    ko_store *store;
    const ko_catalogue *catalogue;
    ko_finder *finder;
    ko_parts_scratch *scratch;
    known *photos; /* of the batch that can be compared */
    size_t n, seen;
    int64_t last; /* of the batch */
    ko_claims claims;
    size_t pairs, candidates;
    ko_error *err;
} glance;

static ko_status take(void *context, const ko_photo *photo)
{
    glance *g = context;
    g->seen++;
    g->last = photo->id;
    if (photo->state == KO_PHOTO_READ && photo->quality >= KO_FP_QUALITY_MIN)
        g->photos[g->n++] = (known){photo->id, photo->fp};
    return KO_OK;
}

static ko_status keep(glance *g, int64_t photo_id, const ko_claim *claim, int64_t now)
{
    const ko_catalogue *c = g->catalogue;
    const ko_match match = {.work_id = c->works[claim->work].id,
                            .view_id = c->view_ids[claim->view],
                            .photo_id = photo_id,
                            .evidence = claim->evidence,
                            .n_fingerprints = (int64_t)c->n_fingerprints,
                            .n_works = (int64_t)c->n_works,
                            .found_at = now};
    ko_error own = {0};
    const ko_status st = ko_match_add(g->store, &match, &g->candidates, &own);
    g->pairs += st == KO_OK;
    if (st == KO_OK || st == KO_E_NOT_FOUND) /* removed meanwhile */
        return KO_OK;
    return ko_fail(g->err, st, "%s", own.text);
}

/* Few photos show something, so the transaction begins with the first that does. */
static ko_status ask_batch(glance *g)
{
    const int64_t now = ko_clock_now();
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < g->n; i++) {
        const ko_finder_photo asked = {.fp = &g->photos[i].fp};
        st = ko_finder_ask(g->finder, g->scratch, &asked, &g->claims, g->err);
        if (st == KO_OK && g->claims.n && !ko_store_is_writing(g->store))
            st = ko_store_begin(g->store, g->err);
        for (size_t k = 0; st == KO_OK && k < g->claims.n; k++)
            st = keep(g, g->photos[i].id, &g->claims.items[k], now);
    }
    if (st == KO_OK && ko_store_is_writing(g->store))
        st = ko_store_commit(g->store, g->err);
    if (st != KO_OK)
        ko_store_rollback(g->store);
    return st;
}

static ko_status walk(glance *g, int64_t after, int64_t up_to)
{
    ko_progress progress;
    ko_status st = KO_OK;
    size_t done = 0;
    ko_progress_start(&progress, "photos seen before", (size_t)(up_to - after));
    while (st == KO_OK && after < up_to) {
        if (ko_stop_asked()) {
            st = ko_fail(g->err, KO_E_STOPPED, "stopped; the next scan goes on from here");
            break;
        }
        g->n = g->seen = 0;
        st = ko_photo_each(g->store, after, up_to, BATCH, take, g, g->err);
        if (st != KO_OK || g->seen == 0)
            break;
        after = g->last;
        st = ask_batch(g);
        ko_progress_show(&progress, done += g->seen);
    }
    ko_progress_end(&progress);
    return st;
}

/* How far the one furthest behind has come. */
static int64_t furthest_behind(const ko_catalogue *c)
{
    int64_t after = INT64_MAX;
    for (size_t i = 0; i < c->n_works; i++)
        if (c->works[i].compared_to < after)
            after = c->works[i].compared_to;
    return after;
}

ko_status ko_glance(ko_store *store, const ko_catalogue *catalogue, unsigned jobs, int64_t last_id,
                    size_t *out_pairs, size_t *out_candidates, ko_error *err)
{
    const int64_t after = furthest_behind(catalogue);
    if (after >= last_id)
        return KO_OK;
    glance g = {.store = store,
                .catalogue = catalogue,
                .photos = ko_alloc_array(BATCH, sizeof *g.photos),
                .err = err};
    ko_status st = g.photos ? KO_OK : ko_fail(err, KO_E_NOMEM, "a batch of %d photos", BATCH);
    if (st == KO_OK)
        st = ko_parts_scratch_make(&g.scratch, err);
    if (st == KO_OK)
        st = ko_catalogue_finder(catalogue, last_id - 1, jobs, &g.finder, err);
    if (st == KO_OK)
        st = walk(&g, after, last_id);
    *out_pairs += g.pairs;
    *out_candidates += g.candidates;
    ko_finder_free(g.finder);
    ko_parts_scratch_free(g.scratch);
    ko_free(g.claims.items);
    ko_free(g.photos);
    return st;
}
