#include "report/lookup.h"

#include "report/candidate.h"
#include "report/evidence.h"
#include "report/json.h"
#include "store/seen.h"
#include "store/work.h"

typedef struct telling {
    ko_store *store;
    const ko_lookup_work *work;
    const ko_album_found *photo;
    json_t *works, *seen;
    json_t *listings, *candidates; /* of what is being told */
    size_t n_listings, most_listings;
    ko_error *err;
} telling;

static ko_status add_work(void *context, const ko_work *work)
{
    telling *t = context;
    json_t *object = json_pack("{s:I, s:s, s:o}", "id", (json_int_t)work->id, "serial",
                               work->serial, "title", ko_json_string(work->fields.title));
    object = ko_evidence_json(object, &t->work->evidence);
    return json_array_append_new(t->works, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status add_candidate(void *context, const ko_candidate *c)
{
    const telling *t = context;
    return json_array_append_new(t->candidates, ko_candidate_brief_json(c)) == 0 ? KO_OK
                                                                                 : KO_E_NOMEM;
}

static ko_status add_listing(void *context, const ko_seen *seen)
{
    telling *t = context;
    if (t->n_listings++ >= t->most_listings)
        return KO_OK;
    json_t *object = ko_seen_json(seen);
    t->candidates = json_array();
    const bool made =
        json_object_set_new(object, "listing", json_integer((json_int_t)seen->id)) == 0 &&
        json_object_del(object, "id") == 0 &&
        json_object_set_new(object, "candidates", t->candidates) == 0;
    if (json_array_append_new(t->listings, object) != 0 || !made)
        return KO_E_NOMEM;
    return ko_candidate_each_of(t->store, seen->id, add_candidate, t, t->err);
}

static ko_status add_photo(void *context, const ko_photo *photo)
{
    telling *t = context;
    t->listings = json_array();
    json_t *object =
        json_pack("{s:I, s:o, s:I, s:f, s:i, s:s, s:o}", "photo", (json_int_t)photo->id, "path",
                  ko_json_string(photo->path), "offset", (json_int_t)photo->offset, "score",
                  t->photo->score, "distance", (int)t->photo->distance, "orientation",
                  ko_orientation_name(t->photo->orientation), "listings", t->listings);
    if (json_array_append_new(t->seen, object) != 0)
        return KO_E_NOMEM;
    return ko_seen_each(t->store, photo->id, add_listing, t, t->err);
}

static ko_status tell(telling *t, const ko_looked *looked)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < looked->n_works; i++) {
        t->work = &looked->works[i];
        st = ko_work_brief_each(t->store, t->work->id, add_work, t, t->err);
    }
    for (size_t i = 0; st == KO_OK && i < looked->n_photos; i++) {
        t->photo = &looked->photos[i];
        st = ko_photo_each(t->store, t->photo->photo_id - 1, t->photo->photo_id, 1, add_photo, t,
                           t->err);
    }
    return st;
}

ko_status ko_lookup_json(ko_store *store, const char *name, const ko_looked *looked,
                         size_t most_listings, json_t **out_object, ko_error *err)
{
    const ko_picture *p = &looked->picture;
    telling t = {.store = store,
                 .works = json_array(),
                 .seen = json_array(),
                 .most_listings = most_listings,
                 .err = err};
    json_t *object =
        json_pack("{s:o, s:I, s:I, s:i, s:b, s:f, s:o, s:o}", "image", ko_json_string(name),
                  "width", (json_int_t)p->width, "height", (json_int_t)p->height, "quality",
                  p->quality, "plain", p->quality < KO_FP_QUALITY_MIN, "threshold",
                  looked->threshold, "works", t.works, "seen", t.seen);
    ko_status st = object ? tell(&t, looked) : KO_E_NOMEM;
    if (st == KO_OK &&
        json_object_set_new(object, "n_listings", json_integer((json_int_t)t.n_listings)) != 0)
        st = KO_E_NOMEM;
    if (st == KO_OK) {
        *out_object = object;
        return KO_OK;
    }
    json_decref(object);
    return st == KO_E_NOMEM ? ko_fail(err, st, "%s: what was found", name) : st;
}
