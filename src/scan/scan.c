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
#include "scan/glance.h"
#include "scan/picture.h"
#include "store/candidate.h"
#include "store/seen.h"

#include <assert.h>
#include <string.h>

#define BATCH 32 /* photos a transaction: a second or so */
#define GLANCE_FROM ((int64_t)4 * BATCH)

typedef struct scan {
    ko_store *store;
    unsigned jobs;
    ko_problems *problems;
    ko_scan_counts counts;
    ko_catalogue catalogue;
    ko_finder *finder; /* of the works that have not seen the next photo */
    ko_parts_scratch *scratch;
    ko_photo *photos; /* the batch; their paths are in readings */
    ko_photo_reading *readings;
    size_t n_photos;
} scan;

static void free_reading(ko_photo_reading *reading)
{
    ko_photo_reading_free(reading);
    ko_free((char *)reading->name);
    ko_free((char *)reading->file.path);
}

static ko_status take_photo(void *context, const ko_photo *photo)
{
    scan *s = context;
    /* Texts are borrowed until we return. */
    ko_photo_reading reading = {.name = ko_photo_name(photo), .file = ko_photo_file_part(photo)};
    reading.file.path = ko_strdup(photo->path);
    if (!reading.name || !reading.file.path) {
        free_reading(&reading);
        return KO_E_NOMEM;
    }
    ko_photo *kept = &s->photos[s->n_photos];
    *kept = *photo;
    kept->path = NULL;
    kept->reason = NULL;
    s->readings[s->n_photos++] = reading;
    return KO_OK;
}

static void drop_batch(scan *s)
{
    for (size_t i = 0; i < s->n_photos; i++)
        free_reading(&s->readings[i]);
    s->n_photos = 0;
}

/* --- reading --- */

/* An archive never changes, so other bytes than it was given are damage. */
static void check_archived(const ko_photo *photo, ko_photo_reading *reading)
{
    if (!photo->archived || reading->status != KO_OK ||
        memcmp(reading->picture.sha256, photo->sha256, sizeof photo->sha256) == 0)
        return;
    reading->status =
        ko_fail(&reading->error, KO_E_FORMAT, "%s: not what was archived there", reading->name);
    reading->claims.n = 0;
}

/* Takes what reading made of a new photo into the batch and the store. */
static ko_status keep_new(scan *s, ko_photo *photo, ko_photo_reading *reading, ko_error *err)
{
    check_archived(photo, reading);
    photo->reason = "";
    if (reading->status == KO_OK) {
        photo->state = KO_PHOTO_READ;
        memcpy(photo->sha256, reading->picture.sha256, sizeof photo->sha256);
        photo->width = reading->picture.width;
        photo->height = reading->picture.height;
        photo->quality = reading->picture.quality;
        photo->fp = reading->fps[KO_ORIENT_NONE];
        s->counts.photos_read++;
    } else {
        photo->state = KO_PHOTO_REFUSED;
        photo->reason = reading->error.text;
        s->counts.photos_refused++;
        ko_problem(s->problems, "%s", reading->error.text);
    }
    return ko_photo_update(s->store, photo, err);
}

/* A photo read earlier whose file is gone or another one now: its fingerprint is left. */
static ko_status ask_from_memory(scan *s, const ko_photo *photo, ko_photo_reading *reading,
                                 ko_error *err)
{
    s->counts.photos_gone++;
    reading->status = KO_OK;
    const ko_finder_photo asked = {.fp = photo->quality < KO_FP_QUALITY_MIN ? NULL : &photo->fp};
    return ko_finder_ask(s->finder, s->scratch, &asked, &reading->claims, err);
}

static ko_status keep_reading(scan *s, ko_photo *photo, ko_photo_reading *reading, ko_error *err)
{
    if (photo->state == KO_PHOTO_NEW)
        return keep_new(s, photo, reading, err);
    const bool same = reading->status == KO_OK &&
                      memcmp(reading->picture.sha256, photo->sha256, sizeof photo->sha256) == 0;
    return same ? KO_OK : ask_from_memory(s, photo, reading, err);
}

/* Reads the photos of the batch. Those refused earlier are not tried again. */
static ko_status read_batch(scan *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_photos; i++) {
        if (s->photos[i].state == KO_PHOTO_REFUSED) {
            free_reading(&s->readings[i]);
            continue;
        }
        s->photos[n] = s->photos[i];
        s->readings[n++] = s->readings[i];
    }
    s->n_photos = n;
    return ko_photos_read(s->readings, n, s->finder, s->jobs);
}

/* --- keeping --- */

static ko_status keep_claim(scan *s, const ko_photo *photo, const ko_claim *claim, int64_t now,
                            ko_error *err)
{
    const ko_match match = {
        .work_id = s->catalogue.works[claim->work].id,
        .view_id = s->catalogue.view_ids[claim->view],
        .photo_id = photo->id,
        .evidence = claim->evidence,
        .n_fingerprints = (int64_t)s->catalogue.n_fingerprints,
        .n_works = (int64_t)s->catalogue.n_works,
        .found_at = now,
    };
    s->counts.pairs_found++;
    ko_error own = {0};
    const ko_status st = ko_match_add(s->store, &match, &s->counts.new_candidates, &own);
    if (st == KO_OK || st == KO_E_NOT_FOUND) /* the work was removed while we scanned */
        return KO_OK;
    return ko_fail(err, st, "%s", own.text);
}

static ko_status keep_claims(scan *s, ko_error *err)
{
    const int64_t now = ko_clock_now();
    ko_status st = KO_OK;
    for (size_t i = 0; i < s->n_photos; i++) {
        const ko_claims *claims = &s->readings[i].claims;
        for (size_t k = 0; st == KO_OK && k < claims->n; k++)
            st = keep_claim(s, &s->photos[i], &claims->items[k], now, err);
    }
    return st;
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

/* Reads, asks about and keeps the photos in (before, last], in one transaction. */
static ko_status do_batch(scan *s, int64_t before, int64_t last, ko_error *err)
{
    ko_status st = read_batch(s);
    if (st != KO_OK)
        return ko_fail(err, st,
                       st == KO_E_STOPPED ? "stopped; the next scan goes on from here"
                                          : "a batch of photos");
    st = ko_store_begin(s->store, err);
    for (size_t i = 0; st == KO_OK && i < s->n_photos; i++)
        st = keep_reading(s, &s->photos[i], &s->readings[i], err);
    if (st == KO_OK)
        st = keep_claims(s, err);
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

/* The last photo before which all were looked at. */
static int64_t last_known(const ko_photo_counts *counts)
{
    return counts->first_new_id ? counts->first_new_id - 1 : counts->last_id;
}

/* Before the first photo that some work has not seen, or that nobody has looked at. */
static int64_t start(const scan *s, const ko_photo_counts *counts)
{
    int64_t from = last_known(counts);
    for (size_t i = 0; i < s->catalogue.n_works; i++)
        if (s->catalogue.works[i].compared_to < from)
            from = s->catalogue.works[i].compared_to;
    return from;
}

static ko_status collect(scan *s, int64_t photo_id, ko_error *err)
{
    ko_finder_free(s->finder);
    s->finder = NULL;
    return ko_catalogue_finder(&s->catalogue, photo_id, s->jobs, &s->finder, err);
}

static ko_status run(scan *s, ko_progress *progress, ko_error *err)
{
    ko_photo_counts counts;
    ko_status st = ko_photo_count(s->store, &counts, err);
    if (st != KO_OK)
        return st;
    int64_t at = start(s, &counts), join = at;
    size_t done = 0;
    /* With few photos in front of it, the scan itself is as quick. */
    if (last_known(&counts) - at > GLANCE_FROM)
        st = ko_glance(s->store, &s->catalogue, s->jobs, last_known(&counts),
                       &s->counts.pairs_found, &s->counts.new_candidates, err);
    if (st != KO_OK)
        return st;
    ko_progress_start(progress, "photos", (size_t)(counts.last_id - at));
    while (st == KO_OK && at < counts.last_id) {
        if (at >= join) {
            st = collect(s, at, err);
            join = next_join(&s->catalogue, at);
        }
        if (st == KO_OK)
            st = ko_photo_each(s->store, at, join, BATCH, take_photo, s, err);
        if (st != KO_OK || s->n_photos == 0)
            break;
        const int64_t last = s->photos[s->n_photos - 1].id;
        done += s->n_photos;
        st = do_batch(s, at, last, err);
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
    ko_status st = KO_OK;
    if (!s.photos || !s.readings)
        st = ko_fail(err, KO_E_NOMEM, "a batch of %d photos", BATCH);
    if (st == KO_OK)
        st = ko_parts_scratch_make(&s.scratch, err);
    if (st == KO_OK)
        st = ko_catalogue_load(store, jobs, problems, &s.catalogue, err);
    if (st == KO_OK)
        st = run(&s, &progress, err);
    if (st == KO_OK)
        st = ko_candidates_complete(store, &s.counts.new_candidates, err);
    ko_progress_end(&progress);
    s.counts.works = s.catalogue.n_works;
    s.counts.fingerprints = s.catalogue.n_fingerprints;
    *out_counts = s.counts;
    drop_batch(&s);
    ko_finder_free(s.finder);
    ko_catalogue_free(&s.catalogue);
    ko_parts_scratch_free(s.scratch);
    ko_free(s.photos);
    ko_free(s.readings);
    return st;
}
