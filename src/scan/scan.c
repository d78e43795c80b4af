/* The photos are walked in the order of their numbers. Works differ in how far they have
 * come; the walk starts at the one furthest behind, and at each number where another work
 * joins the collection is built anew. So a work added late is compared with the old photos
 * alone, and the score still accounts for the whole collection. */
#include "scan/scan.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/progress.h"
#include "base/stop.h"
#include "scan/catalogue.h"
#include "scan/picture.h"
#include "store/candidate.h"
#include "store/seen.h"

#include <assert.h>
#include <string.h>

#define BATCH 1024 /* photos a transaction */

typedef struct scan {
    ko_store *store;
    unsigned jobs;
    ko_problems *problems;
    ko_scan_counts counts;
    ko_catalogue catalogue;
    ko_collection *collection; /* of the works that have not seen the next photo */
    uint32_t *entries;         /* collection entry -> catalogue entry */
    ko_photo *photos;          /* the batch */
    size_t n_photos;
    ko_photo_reading *readings; /* of those photos that are new; place in places */
    uint32_t *places;
    size_t n_readings;
    uint32_t *asked; /* query number -> photo of the batch */
} scan;

static ko_status take_photo(void *context, const ko_photo *photo)
{
    scan *s = context;
    ko_photo *kept = &s->photos[s->n_photos++];
    *kept = *photo;
    kept->path = NULL;
    if (photo->state != KO_PHOTO_NEW)
        return KO_OK;
    char *path = ko_strdup(photo->path); /* borrowed until we return */
    if (!path)
        return KO_E_NOMEM;
    s->readings[s->n_readings] = (ko_photo_reading){.path = path};
    s->places[s->n_readings++] = (uint32_t)(s->n_photos - 1);
    return KO_OK;
}

static void drop_batch(scan *s)
{
    for (size_t i = 0; i < s->n_readings; i++)
        ko_free((char *)s->readings[i].path);
    s->n_readings = s->n_photos = 0;
}

/* Takes what reading made of a new photo into the batch and the store. */
static ko_status keep_reading(scan *s, ko_photo *photo, const ko_photo_reading *reading,
                              ko_error *err)
{
    photo->reason = "";
    if (reading->status == KO_OK) {
        photo->state = KO_PHOTO_READ;
        memcpy(photo->sha256, reading->picture.sha256, sizeof photo->sha256);
        photo->width = reading->picture.width;
        photo->height = reading->picture.height;
        photo->quality = reading->picture.quality;
        photo->fp = reading->fp;
        s->counts.photos_read++;
        s->counts.photos_plain += photo->quality < KO_FP_QUALITY_MIN;
    } else {
        photo->state = KO_PHOTO_REFUSED;
        photo->reason = reading->error.text;
        s->counts.photos_refused++;
        ko_problem(s->problems, "%s", reading->error.text);
    }
    return ko_photo_update(s->store, photo, err);
}

typedef struct found_context {
    scan *scan;
    int64_t now;
    ko_error *err;
} found_context;

static ko_status keep_found(void *context, const ko_found *found)
{
    const found_context *f = context;
    scan *s = f->scan;
    const ko_catalogue_entry *entry = &s->catalogue.entries[s->entries[found->entry]];
    const ko_match match = {
        .work_id = s->catalogue.works[found->work].id,
        .view_id = entry->view_id,
        .photo_id = s->photos[s->asked[found->photo]].id,
        .method = "whole",
        .score = found->score,
        .distance = found->distance,
        .orientation = (ko_orientation)entry->variant.orientation,
        .ground = entry->variant.has_ground ? entry->variant.ground : -1,
        .cropped = entry->variant.cropped,
        .n_fingerprints = (int64_t)s->catalogue.n_entries,
        .found_at = f->now,
    };
    s->counts.pairs_found++;
    ko_error err = {0};
    const ko_status st = ko_match_add(s->store, &match, &s->counts.new_candidates, &err);
    if (st == KO_OK || st == KO_E_NOT_FOUND) /* the work was removed while we scanned */
        return KO_OK;
    return ko_fail(f->err, st, "%s", err.text);
}

static ko_status compare(scan *s, ko_error *err)
{
    ko_fp fps[BATCH];
    size_t n = 0;
    for (size_t i = 0; i < s->n_photos; i++) {
        const ko_photo *photo = &s->photos[i];
        if (photo->state != KO_PHOTO_READ || photo->quality < KO_FP_QUALITY_MIN)
            continue;
        fps[n] = photo->fp;
        s->asked[n++] = (uint32_t)i;
    }
    found_context context = {.scan = s, .now = ko_clock_now(), .err = err};
    return ko_collection_ask(s->collection, fps, n, keep_found, &context, err);
}

/* Moves every work of the collection up to the last photo of the batch. */
static ko_status move_works(scan *s, int64_t before, int64_t last, ko_error *err)
{
    ko_catalogue *c = &s->catalogue;
    int64_t *ids = ko_alloc_array(c->n_works, sizeof *ids);
    double *scores = ko_alloc_array(c->n_works, sizeof *scores);
    size_t n = 0;
    ko_status st;
    if (!ids || !scores) {
        st = ko_fail(err, KO_E_NOMEM, "%zu works", c->n_works);
        goto done;
    }
    for (size_t i = 0; i < c->n_works; i++) {
        if (c->works[i].compared_to > before)
            continue;
        ids[n] = c->works[i].id;
        scores[n++] = c->works[i].threshold;
    }
    st = ko_work_compared(s->store, ids, scores, n, last, c->last_view_id, err);
    for (size_t i = 0; st == KO_OK && i < c->n_works; i++)
        if (c->works[i].compared_to <= before)
            c->works[i].compared_to = last;
done:
    ko_free(ids);
    ko_free(scores);
    return st;
}

/* Reads, compares and keeps the photos in (before, before + ...], in one transaction. */
static ko_status do_batch(scan *s, int64_t before, ko_error *err)
{
    const int64_t last = s->photos[s->n_photos - 1].id;
    if (ko_photos_read(s->readings, s->n_readings, s->jobs) != KO_OK)
        return ko_fail(err, KO_E_STOPPED, "stopped; the next scan goes on from here");
    ko_status st = ko_store_begin(s->store, err);
    for (size_t i = 0; st == KO_OK && i < s->n_readings; i++)
        st = keep_reading(s, &s->photos[s->places[i]], &s->readings[i], err);
    if (st == KO_OK)
        st = compare(s, err);
    if (st == KO_OK)
        st = move_works(s, before, last, err);
    if (st == KO_OK)
        st = ko_store_commit(s->store, err);
    if (st != KO_OK)
        ko_store_rollback(s->store);
    return st;
}

/* The first photo number at which a work joins that has seen all up to it. */
static int64_t next_join(const ko_catalogue *c, int64_t after)
{
    int64_t join = INT64_MAX;
    for (size_t i = 0; i < c->n_works; i++)
        if (c->works[i].compared_to > after && c->works[i].compared_to < join)
            join = c->works[i].compared_to;
    return join;
}

/* Before the first photo that some work has not seen, or that nobody has looked at. */
static int64_t start(const scan *s, const ko_photo_counts *counts)
{
    int64_t from = counts->first_new_id ? counts->first_new_id - 1 : counts->last_id;
    for (size_t i = 0; i < s->catalogue.n_works; i++)
        if (s->catalogue.works[i].compared_to < from)
            from = s->catalogue.works[i].compared_to;
    return from;
}

static ko_status collect(scan *s, int64_t photo_id, ko_error *err)
{
    ko_collection_free(s->collection);
    ko_free(s->entries);
    s->collection = NULL;
    s->entries = NULL;
    return ko_catalogue_collect(&s->catalogue, photo_id, &s->collection, &s->entries, err);
}

static ko_status run(scan *s, ko_progress *progress, ko_error *err)
{
    ko_photo_counts counts;
    ko_status st = ko_photo_count(s->store, &counts, err);
    if (st != KO_OK)
        return st;
    int64_t at = start(s, &counts), join = at;
    size_t done = 0;
    ko_progress_start(progress, "photos", (size_t)(counts.last_id - at));
    while (st == KO_OK && at < counts.last_id) {
        if (at >= join) {
            st = collect(s, at, err);
            join = next_join(&s->catalogue, at);
        }
        if (st == KO_OK) {
            st = ko_photo_each(s->store, at, join, BATCH, take_photo, s, err);
        }
        if (st != KO_OK || s->n_photos == 0)
            break;
        const int64_t last = s->photos[s->n_photos - 1].id;
        st = do_batch(s, at, err);
        done += s->n_photos;
        at = last;
        drop_batch(s);
        ko_progress_show(progress, done);
    }
    return st;
}

ko_status ko_scan(ko_store *store, unsigned jobs, ko_problems *problems, ko_scan_counts *out_counts,
                  ko_error *err)
{
    scan s = {.store = store, .jobs = jobs, .problems = problems};
    ko_progress progress = {0};
    s.photos = ko_alloc_array(BATCH, sizeof *s.photos);
    s.readings = ko_alloc_array(BATCH, sizeof *s.readings);
    s.places = ko_alloc_array(BATCH, sizeof *s.places);
    s.asked = ko_alloc_array(BATCH, sizeof *s.asked);
    ko_status st = KO_OK;
    if (!s.photos || !s.readings || !s.places || !s.asked)
        st = ko_fail(err, KO_E_NOMEM, "a batch of %d photos", BATCH);
    if (st == KO_OK)
        st = ko_catalogue_load(store, &s.catalogue, err);
    if (st == KO_OK)
        st = run(&s, &progress, err);
    if (st == KO_OK)
        st = ko_candidates_complete(store, &s.counts.new_candidates, err);
    ko_progress_end(&progress);
    s.counts.works = s.catalogue.n_works;
    s.counts.fingerprints = s.catalogue.n_entries;
    *out_counts = s.counts;
    drop_batch(&s);
    ko_collection_free(s.collection);
    ko_catalogue_free(&s.catalogue);
    ko_free(s.entries);
    ko_free(s.photos);
    ko_free(s.readings);
    ko_free(s.places);
    ko_free(s.asked);
    return st;
}
