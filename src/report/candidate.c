#include "report/candidate.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/evidence.h"
#include "report/json.h"
#include "report/listing.h"

#include <string.h>

static ko_status add_field(ko_buf *out, const char *name, const char *value)
{
    if (!value[0])
        return KO_OK;
    ko_status st = ko_buf_printf(out, "  %-11s ", name);
    if (st == KO_OK)
        st = ko_text_clean(out, value, strlen(value));
    return st == KO_OK ? ko_buf_text(out, "\n") : st;
}

static ko_status add_listing(ko_buf *out, const ko_candidate *c)
{
    const ko_listing *listing = &c->listing->record;
    char first[KO_TIME_SIZE], last[KO_TIME_SIZE];
    ko_clock_text(c->listing->first_seen, first);
    ko_clock_text(c->listing->last_seen, last);
    ko_status st = add_field(out, "listing", listing->url[0] ? listing->url : "(no URL)");
    if (st == KO_OK)
        st = add_field(out, "title", listing->title);
    if (st == KO_OK)
        st = add_field(out, "seller", listing->seller);
    if (st == KO_OK)
        st = add_field(out, listing->seller[0] ? "" : "seller", listing->seller_url);
    if (st == KO_OK)
        st = add_field(out, "price", listing->price);
    if (st == KO_OK)
        st = ko_buf_printf(out, "  %-11s first %s, last %s\n", "seen", first, last);
    return st == KO_OK ? add_field(out, "in", c->listing->source) : st;
}

static ko_status add_match(ko_buf *out, const ko_candidate *c)
{
    const ko_match *m = &c->match;
    char odds[KO_EVIDENCE_ODDS_SIZE];
    ko_evidence_odds(m->evidence.score, odds);
    const ko_status st =
        ko_buf_printf(out, "  %-11s %.2f (threshold %g): %s would match by chance\n", "score",
                      m->evidence.score, c->threshold, odds);
    return st == KO_OK ? ko_evidence_words(out, &m->evidence, m->n_fingerprints, m->n_works) : st;
}

/* When the photo was fetched, and from where unless that is said already. */
static ko_status add_fetch(ko_buf *out, const ko_candidate *c, const ko_photo_origin *origin)
{
    char fetched[KO_TIME_SIZE];
    const bool elsewhere = origin->url[0] && strcmp(origin->url, c->photo_url) != 0;
    ko_clock_text(origin->fetched_at, fetched);
    const ko_status st =
        ko_buf_printf(out, "  %-11s fetched %s, record at byte %lld%s\n", "", fetched,
                      (long long)origin->record, elsewhere ? ", from" : "");
    return st == KO_OK && elsewhere ? add_field(out, "", origin->url) : st;
}

static ko_status add_photo(ko_buf *out, const ko_candidate *c, const ko_photo_origin *origin)
{
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(c->photo->sha256, sizeof c->photo->sha256, sha256);
    char *name = ko_photo_name(c->photo);
    ko_status st = name ? add_field(out, "image", name) : KO_E_NOMEM;
    ko_free(name);
    if (st == KO_OK)
        st = add_field(out, "", c->photo_url);
    if (st == KO_OK)
        st = ko_buf_printf(out, "  %-11s %ux%u pixels, %lld bytes, SHA-256 %s\n", "",
                           c->photo->width, c->photo->height, (long long)c->photo->bytes, sha256);
    return st == KO_OK && origin ? add_fetch(out, c, origin) : st;
}

static ko_status add_state(ko_buf *out, const ko_candidate *c)
{
    static const char *const set_aside[KO_CANDIDATE_STATES] = {
        [KO_CANDIDATE_ALLOWED] = "its seller is on the allow list",
        [KO_CANDIDATE_NEGATIVE] = "it rests on pictures alone that never count",
        [KO_CANDIDATE_RULED] = "by a rule of yours",
        [KO_CANDIDATE_HELD] = "held back: there are far more like it than was to be expected",
    };
    const ko_candidate_decision *d = &c->decision;
    char at[KO_TIME_SIZE];
    ko_clock_text(d->at, at);
    if (c->state == KO_CANDIDATE_OPEN)
        return KO_OK;
    if (set_aside[c->state])
        return ko_buf_printf(out, "  %-11s %s\n", "set aside", set_aside[c->state]);
    ko_status st = ko_buf_printf(out, "  %-11s %s, at score %.2f, by ", "decided",
                                 ko_candidate_state_name(c->state), d->score);
    if (st == KO_OK)
        st = ko_text_clean(out, d->who[0] ? d->who : "-", strlen(d->who[0] ? d->who : "-"));
    return st == KO_OK
               ? ko_buf_printf(out, ", %s%s\n", at, d->good_faith ? ", good faith confirmed" : "")
               : st;
}

ko_status ko_candidate_words(ko_buf *out, const ko_candidate *c, const ko_photo_origin *origin)
{
    const char *title = c->work->fields.title;
    ko_status st = ko_buf_printf(out, "candidate %lld: %s ", (long long)c->id, c->work->serial);
    if (st == KO_OK)
        st = ko_text_clean(out, title, strlen(title));
    if (st == KO_OK)
        st = ko_buf_text(out, "\n");
    if (st == KO_OK)
        st = add_listing(out, c);
    if (st == KO_OK)
        st = add_match(out, c);
    if (st == KO_OK)
        st = add_photo(out, c, origin);
    if (st == KO_OK)
        st = add_field(out, "original", c->view->path);
    if (st == KO_OK && c->n_photos_matched > 1)
        st = ko_buf_printf(out, "  %-11s %zu photos of this listing show the work\n", "also",
                           c->n_photos_matched);
    return st == KO_OK ? add_state(out, c) : st;
}

json_t *ko_seen_json(const ko_seen *seen)
{
    char first[KO_TIME_SIZE], last[KO_TIME_SIZE];
    ko_clock_text(seen->first_seen, first);
    ko_clock_text(seen->last_seen, last);
    json_t *object = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "id", (json_int_t)seen->id, "url",
        ko_json_string(seen->record.url), "title", ko_json_string(seen->record.title), "seller",
        ko_json_string(seen->record.seller), "price", ko_json_string(seen->record.price), "source",
        ko_json_string(seen->source), "first_seen", first, "last_seen", last);
    return ko_listing_json(object, &seen->record);
}

/* path is the picture's file, or the archive in which it lies from offset on. */
json_t *ko_photo_json(const ko_photo *photo, const char *url)
{
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(photo->sha256, sizeof photo->sha256, sha256);
    return json_pack("{s:I, s:o, s:o, s:I, s:s, s:I, s:i, s:i}", "id", (json_int_t)photo->id, "url",
                     ko_json_string(url), "path", ko_json_string(photo->path), "offset",
                     (json_int_t)photo->offset, "sha256", sha256, "bytes", (json_int_t)photo->bytes,
                     "width", (int)photo->width, "height", (int)photo->height);
}

/* The decision in force; null without one. */
static json_t *decision_json(const ko_candidate_decision *d)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(d->at, at);
    return d->at ? json_pack("{s:s, s:o, s:b, s:f, s:I}", "at", at, "who", ko_json_string(d->who),
                             "good_faith", d->good_faith, "score", d->score, "image",
                             (json_int_t)d->photo_id)
                 : json_null();
}

json_t *ko_candidate_json(const ko_candidate *c)
{
    char found[KO_TIME_SIZE];
    ko_clock_text(c->found_at, found);
    json_t *object =
        json_pack("{s:I, s:s, s:o, s:s, s:o, s:f, s:I, s:I, s:I, s:s, s:o, s:b, s:o, s:o, s:o}",
                  "candidate", (json_int_t)c->id, "state", ko_candidate_state_name(c->state),
                  "decision", decision_json(&c->decision), "work", c->work->serial, "title",
                  ko_json_string(c->work->fields.title), "threshold", c->threshold, "fingerprints",
                  (json_int_t)c->match.n_fingerprints, "works", (json_int_t)c->match.n_works,
                  "photos_matched", (json_int_t)c->n_photos_matched, "found_at", found, "leader",
                  c->leader ? json_integer(c->leader) : json_null(), "returned", c->returned,
                  "original", ko_json_string(c->view->path), "listing", ko_seen_json(c->listing),
                  "image", ko_photo_json(c->photo, c->photo_url));
    return ko_evidence_json(object, &c->match.evidence);
}

json_t *ko_candidate_brief_json(const ko_candidate *c)
{
    return json_pack("{s:I, s:s, s:s, s:o, s:f}", "candidate", (json_int_t)c->id, "state",
                     ko_candidate_state_name(c->state), "work", c->work->serial, "title",
                     ko_json_string(c->work->fields.title), "score", c->match.evidence.score);
}

bool ko_photo_origin_json(json_t *image, const ko_photo_origin *origin)
{
    char fetched[KO_TIME_SIZE] = "";
    if (origin)
        ko_clock_text(origin->fetched_at, fetched);
    json_t *fields =
        json_pack("{s:o, s:o, s:o}", "record", origin ? json_integer(origin->record) : json_null(),
                  "fetched_at", origin ? json_string(fetched) : json_null(), "fetched_url",
                  origin ? ko_json_string(origin->url) : json_null());
    const bool added = fields && json_object_update(image, fields) == 0;
    json_decref(fields);
    return added;
}
