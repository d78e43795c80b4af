/* Where else the photo of a candidate was seen: the same bytes, or a picture that looks like it.
 *
 * That takes three steps: what the candidate's photo is, which photos look like it, and which
 * listings show these. No connection to the database is held in the second, which may wait. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/candidate.h"
#include "scan/picture.h"

#include <knockoff/match.h>

#include <string.h>

typedef struct elsewhere {
    ko_store *store;
    ko_error *err;

    /* the candidate's */
    int64_t listing_id, photo_id;
    uint8_t sha256[KO_SHA256_SIZE];
    char *path;
    ko_file_part file;
    int quality;
    double threshold; /* of the collection */

    ko_album_found *found; /* photos that look like it */
    size_t n_found;

    json_int_t n_photos;
    json_t *listings;
    int64_t told[KO_MAX_SERVE_SIGHTINGS]; /* their numbers */
    size_t n_told;
    bool more;

    /* of the listing that is being told */
    const ko_photo *photo;
    unsigned distance;
    ko_orientation orientation;
    json_t *candidates;
} elsewhere;

/* --- its photo --- */

static ko_status take_photo(void *context, const ko_candidate *c)
{
    elsewhere *e = context;
    e->listing_id = c->listing->id;
    e->photo_id = c->photo->id;
    e->quality = c->photo->quality;
    memcpy(e->sha256, c->photo->sha256, sizeof e->sha256);
    e->path = ko_strdup(c->photo->path);
    e->file = ko_photo_file_part(c->photo);
    e->file.path = e->path;
    return e->path ? KO_OK : KO_E_NOMEM;
}

static ko_status find_photo(elsewhere *e, int64_t candidate_id)
{
    const ko_candidate_filter one = {.id = candidate_id};
    ko_status st = ko_candidate_each(e->store, &one, take_photo, e, e->err);
    if (st == KO_OK && !e->path)
        st = ko_fail(e->err, KO_E_NOT_FOUND, "no candidate %lld", (long long)candidate_id);
    return st == KO_OK ? ko_store_threshold(e->store, &e->threshold, e->err) : st;
}

/* --- what looks like it --- */

/* The photo has to be read again, as only the fingerprint of how it stands is kept. One that is
 * gone, changed, or too plain to be told from others has nothing that looks like it. */
static ko_status find_alike(ko_desk *desk, elsewhere *e)
{
    ko_photo_reading reading = {.name = e->path, .file = e->file};
    if (e->quality < KO_FP_QUALITY_MIN)
        return KO_OK;
    ko_serve_begin_drawing(desk);
    ko_status st = ko_photos_read(&reading, 1, NULL, 1);
    ko_serve_end_drawing(desk);
    if (st == KO_OK && reading.status == KO_OK &&
        memcmp(reading.picture.sha256, e->sha256, sizeof e->sha256) == 0)
        st = ko_eye_photos(desk->eye, reading.fps, e->threshold, &e->found, &e->n_found, e->err);
    ko_photo_reading_free(&reading);
    return st;
}

/* --- who shows that --- */

static ko_status append(json_t *array, json_t *item)
{
    return json_array_append_new(array, item) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status add_candidate(void *context, const ko_candidate *c)
{
    const elsewhere *e = context;
    return append(e->candidates, ko_candidate_brief_json(c));
}

static bool is_same(const elsewhere *e, const ko_photo *photo)
{
    return memcmp(photo->sha256, e->sha256, sizeof e->sha256) == 0;
}

static json_t *sighting_json(const elsewhere *e, const ko_seen *seen)
{
    return json_pack("{s:o, s:b, s:i, s:s, s:o, s:O}", "image", ko_photo_json(e->photo, ""), "same",
                     is_same(e, e->photo), "distance", (int)e->distance, "orientation",
                     ko_orientation_name(e->orientation), "listing", ko_seen_json(seen),
                     "candidates", e->candidates);
}

static ko_status on_listing(void *context, const ko_seen *seen)
{
    elsewhere *e = context;
    if (seen->id == e->listing_id)
        return KO_OK;
    for (size_t i = 0; i < e->n_told; i++)
        if (e->told[i] == seen->id)
            return KO_OK;
    e->more = e->n_told == KO_MAX_SERVE_SIGHTINGS;
    if (e->more)
        return KO_OK;
    e->told[e->n_told++] = seen->id;
    e->candidates = json_array();
    ko_status st = e->candidates
                       ? ko_candidate_each_of(e->store, seen->id, add_candidate, e, e->err)
                       : KO_E_NOMEM;
    if (st == KO_OK)
        st = append(e->listings, sighting_json(e, seen));
    json_decref(e->candidates);
    return st;
}

static ko_status tell_photo(elsewhere *e, const ko_photo *photo)
{
    e->n_photos += photo->id != e->photo_id;
    e->photo = photo;
    return ko_seen_each(e->store, photo->id, on_listing, e, e->err);
}

static ko_status on_same(void *context, const ko_photo *photo)
{
    elsewhere *e = context;
    e->distance = 0;
    e->orientation = KO_ORIENT_NONE;
    return tell_photo(e, photo);
}

static ko_status on_alike(void *context, const ko_photo *photo)
{
    elsewhere *e = context;
    return is_same(e, photo) ? KO_OK : tell_photo(e, photo); /* told before */
}

static ko_status find_listings(elsewhere *e)
{
    e->listings = json_array();
    ko_status st =
        e->listings ? ko_photo_each_same(e->store, e->sha256, on_same, e, e->err) : KO_E_NOMEM;
    for (size_t i = 0; st == KO_OK && i < e->n_found; i++) {
        const int64_t id = e->found[i].photo_id;
        e->distance = e->found[i].distance;
        e->orientation = e->found[i].orientation;
        st = ko_photo_each(e->store, id - 1, id, 1, on_alike, e, e->err);
    }
    return st;
}

static ko_status find(ko_desk *desk, int64_t candidate_id, elsewhere *e)
{
    ko_status st = ko_pool_take(desk->pool, &e->store, e->err);
    if (st != KO_OK)
        return st;
    st = find_photo(e, candidate_id);
    ko_pool_give(desk->pool, e->store);
    if (st == KO_OK)
        st = find_alike(desk, e);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &e->store, e->err);
    if (st != KO_OK)
        return st;
    st = find_listings(e);
    ko_pool_give(desk->pool, e->store);
    return st;
}

ko_status ko_serve_sightings(ko_desk *desk, const ko_serve_request *request,
                             ko_serve_answer *answer, ko_error *err)
{
    elsewhere e = {.err = err};
    ko_status st = find(desk, request->id, &e);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer,
                                  json_pack("{s:I, s:O, s:b}", "photos", e.n_photos, "listings",
                                            e.listings, "more", e.more),
                                  err);
    json_decref(e.listings);
    ko_free(e.found);
    ko_free(e.path);
    return st == KO_E_NOMEM
               ? ko_fail(err, st, "sightings of candidate %lld", (long long)request->id)
               : st;
}
