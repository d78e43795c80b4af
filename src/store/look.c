#include "store/look.h"

#include "base/clock.h"
#include "store/look_plan.h"
#include "store/query.h"
#include "store/seen.h"

#include <assert.h>
#include <string.h>

const char *ko_look_outcome_name(ko_look_outcome outcome)
{
    static const char *const names[KO_LOOK_OUTCOMES] = {"none",    "alive",   "gone",
                                                        "changed", "blocked", "unreachable"};
    assert(outcome < KO_LOOK_OUTCOMES);
    return names[outcome];
}

/* --- rows --- */

#define LOOK_COLUMNS                                                                               \
    "look.listing_id, outcome, sure, reason, since, at, times, gone_since, gone_reason, next_at,"  \
    " answer_id"

static void read_look(ko_query *q, ko_look *out)
{
    out->listing_id = ko_query_int(q);
    out->outcome = (ko_look_outcome)ko_query_int_within(q, KO_LOOK_NONE, KO_LOOK_OUTCOMES - 1);
    out->sure = ko_query_int_within(q, 0, 1) == 1;
    out->reason = ko_query_text(q);
    out->since = ko_query_int(q);
    out->at = ko_query_int(q);
    out->times = ko_query_int_within(q, 0, INT64_MAX);
    out->gone_since = ko_query_int(q);
    out->gone_reason = ko_query_text(q);
    out->next_at = ko_query_int(q);
    out->answer_id = ko_query_int(q); /* 0 for NULL */
}

static ko_status hand_looks(ko_query *q, ko_look_fn *fn, void *context, ko_error *err)
{
    while (ko_query_row(q)) {
        ko_look look;
        read_look(q, &look);
        if (ko_query_intact(q))
            q->handed = fn(context, &look);
    }
    return ko_query_end(q, err);
}

ko_status ko_look_one(ko_store *store, int64_t listing_id, ko_look_fn *fn, void *context,
                      ko_error *err)
{
    ko_query q =
        ko_query_start(store, "SELECT " LOOK_COLUMNS " FROM look WHERE look.listing_id = ?");
    ko_query_bind_int(&q, listing_id);
    return hand_looks(&q, fn, context, err);
}

ko_status ko_look_untaken_each(ko_store *store, int64_t after, size_t limit, ko_look_fn *fn,
                               void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT " LOOK_COLUMNS " FROM look WHERE taken = 0 AND look.listing_id > ?"
        " AND NOT EXISTS (SELECT 1 FROM look_picture WHERE look_picture.listing_id ="
        "  look.listing_id) ORDER BY look.listing_id LIMIT ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, after);
    ko_query_bind_int(&q, (int64_t)limit);
    return hand_looks(&q, fn, context, err);
}

ko_status ko_look_taken(ko_store *store, int64_t listing_id, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE look SET taken = 1 WHERE listing_id = ?");
    ko_query_bind_int(&q, listing_id);
    return ko_query_run(&q, err);
}

static ko_status set_next(ko_store *store, int64_t listing_id, int64_t next_at, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE look SET next_at = ? WHERE listing_id = ?");
    ko_query_bind_int(&q, next_at);
    ko_query_bind_int(&q, listing_id);
    return ko_query_run(&q, err);
}

ko_status ko_look_put_off(ko_store *store, int64_t listing_id, int64_t until, ko_error *err)
{
    return set_next(store, listing_id, until, err);
}

/* Goes through all looks, which are few beside what was ever seen, and walls are rare. */
ko_status ko_look_put_off_site(ko_store *store, const char *origin, int64_t now, ko_error *err)
{
    static const char sql[] =
        "UPDATE look SET next_at = ?1 WHERE next_at < ?1 AND listing_id IN"
        " (SELECT listing.id FROM look AS due CROSS JOIN listing ON listing.id = due.listing_id"
        "  WHERE due.next_at < ?1 AND substr(listing.url, 1, length(?2)) = ?2)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, now + KO_LOOK_WALL_S);
    ko_query_bind_text(&q, origin);
    return ko_query_run(&q, err);
}

/* --- who is looked at --- */

/* Decisions, items and events that are taken note of in one transaction: some hundred listings,
 * each of which takes a tenth of a millisecond, or one where there are a thousand works. */
#define ENROL_STEP 200

/* A listing, and what is known of looks at it. */
typedef struct enrolling {
    ko_look look; /* without texts */
    int64_t seen_at;
    bool on_web, known;
} enrolling;

static ko_status find_listing(ko_store *store, int64_t listing_id, enrolling *out, ko_error *err)
{
    static const char sql[] =
        "SELECT last_seen, url LIKE 'http%', outcome IS NOT NULL, ifnull(outcome, 0),"
        " ifnull(sure, 0), ifnull(look.at, 0), ifnull(times, 0), ifnull(gone_since, 0)"
        " FROM listing LEFT JOIN look ON look.listing_id = listing.id WHERE listing.id = ?";
    *out = (enrolling){.look = {.listing_id = listing_id}};
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    if (ko_query_row(&q)) {
        out->seen_at = ko_query_int(&q);
        out->on_web = ko_query_int(&q) == 1;
        out->known = ko_query_int(&q) == 1;
        out->look.outcome =
            (ko_look_outcome)ko_query_int_within(&q, KO_LOOK_NONE, KO_LOOK_OUTCOMES - 1);
        out->look.sure = ko_query_int(&q) == 1;
        out->look.at = ko_query_int(&q);
        out->look.times = ko_query_int(&q);
        out->look.gone_since = ko_query_int(&q);
    }
    return ko_query_end(&q, err);
}

static ko_status insert_look(ko_store *store, int64_t listing_id, int64_t next_at, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO look (listing_id, outcome, sure, reason, since, at, times, gone_since,"
        " gone_reason, next_at, taken) VALUES (?, 0, 0, '', 0, 0, 0, 0, '', ?, 1)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    ko_query_bind_int(&q, next_at);
    return ko_query_run(&q, err);
}

static ko_status enrol(ko_store *store, int64_t listing_id, ko_error *err)
{
    enrolling e;
    int64_t next_at = KO_LOOK_NEVER;
    ko_status st = find_listing(store, listing_id, &e, err);
    if (st != KO_OK || !e.on_web)
        return st;
    st = ko_look_plan(store, &e.look, e.seen_at, &next_at, err);
    if (st != KO_OK || (!e.known && next_at == KO_LOOK_NEVER))
        return st;
    return e.known ? set_next(store, listing_id, next_at, err)
                   : insert_look(store, listing_id, next_at, err);
}

/* The numbers up to which looks know of what was decided and told. */
typedef struct marks {
    int64_t decision, item, event;
} marks;

static ko_status read_marks(ko_store *store, marks *out_known, marks *out_now, ko_error *err)
{
    static const char sql[] =
        "SELECT decision_id, item_id, event_id, (SELECT ifnull(max(id), 0) FROM decision),"
        " (SELECT ifnull(max(id), 0) FROM notice_item),"
        " (SELECT ifnull(max(id), 0) FROM notice_event) FROM look_mark";
    ko_query q = ko_query_start(store, sql);
    if (ko_query_row(&q)) {
        out_known->decision = ko_query_int(&q);
        out_known->item = ko_query_int(&q);
        out_known->event = ko_query_int(&q);
        out_now->decision = ko_query_int(&q);
        out_now->item = ko_query_int(&q);
        out_now->event = ko_query_int(&q);
    }
    return ko_query_end(&q, err);
}

static ko_status write_marks(ko_store *store, const marks *now, ko_error *err)
{
    ko_query q =
        ko_query_start(store, "UPDATE look_mark SET decision_id = ?, item_id = ?, event_id = ?");
    ko_query_bind_int(&q, now->decision);
    ko_query_bind_int(&q, now->item);
    ko_query_bind_int(&q, now->event);
    return ko_query_run(&q, err);
}

static ko_status enrol_all(ko_query *q, ko_error *err)
{
    while (ko_query_row(q)) {
        const int64_t listing_id = ko_query_int(q);
        if (ko_query_intact(q))
            q->handed = enrol(q->store, listing_id, err);
    }
    return ko_query_end(q, err);
}

static ko_status enrol_new(ko_store *store, const marks *known, const marks *to, ko_error *err)
{
    /* UNION makes each listing one, before the first is handed out. */
    static const char sql[] =
        "SELECT candidate.listing_id FROM decision CROSS JOIN candidate"
        "  ON candidate.id = decision.candidate_id WHERE decision.id > ? AND decision.id <= ?"
        " UNION SELECT listing_id FROM notice_item WHERE id > ? AND id <= ?"
        " UNION SELECT listing_id FROM notice_event CROSS JOIN notice_told"
        "  ON notice_told.event_id = notice_event.id"
        "  CROSS JOIN notice_item ON notice_item.id = notice_told.item_id"
        "  WHERE notice_event.id > ? AND notice_event.id <= ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, known->decision);
    ko_query_bind_int(&q, to->decision);
    ko_query_bind_int(&q, known->item);
    ko_query_bind_int(&q, to->item);
    ko_query_bind_int(&q, known->event);
    ko_query_bind_int(&q, to->event);
    return enrol_all(&q, err);
}

static int64_t step(int64_t from, int64_t to)
{
    return to - from > ENROL_STEP ? from + ENROL_STEP : to;
}

ko_status ko_looks_enrol(ko_store *store, bool *out_more, ko_error *err)
{
    marks known = {0}, now = {0};
    assert(ko_store_is_writing(store));
    *out_more = false;
    ko_status st = read_marks(store, &known, &now, err);
    if (st != KO_OK || memcmp(&known, &now, sizeof now) == 0)
        return st;
    const marks to = {step(known.decision, now.decision), step(known.item, now.item),
                      step(known.event, now.event)};
    *out_more = memcmp(&to, &now, sizeof now) != 0;
    st = enrol_new(store, &known, &to, err);
    return st == KO_OK ? write_marks(store, &to, err) : st;
}

/* --- what is due --- */

static void read_due(ko_query *q, ko_look_due *out)
{
    out->listing_id = ko_query_int(q);
    out->key = ko_query_text(q);
    out->url = ko_query_text(q);
    out->platform = ko_query_text(q);
}

ko_status ko_look_due_each(ko_store *store, int64_t now, size_t limit, ko_look_due_fn *fn,
                           void *context, ko_error *err)
{
    static const char sql[] = "SELECT listing.id, key, url, platform FROM look CROSS JOIN listing"
                              " ON listing.id = look.listing_id WHERE next_at <= ?"
                              " ORDER BY next_at LIMIT ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, now);
    ko_query_bind_int(&q, (int64_t)limit);
    while (ko_query_row(&q)) {
        ko_look_due due;
        read_due(&q, &due);
        if (ko_query_intact(&q))
            q.handed = fn(context, &due);
    }
    return ko_query_end(&q, err);
}

ko_status ko_look_due_one(ko_store *store, int64_t listing_id, ko_look_due_fn *fn, void *context,
                          ko_error *err)
{
    static const char sql[] =
        "SELECT id, key, url, platform FROM listing WHERE id = ? AND url LIKE 'http%'";
    bool found = false;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    if (ko_query_row(&q)) {
        ko_look_due due;
        read_due(&q, &due);
        found = true;
        if (ko_query_intact(&q))
            q.handed = fn(context, &due);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK && !found)
        return ko_fail(err, KO_E_NOT_FOUND,
                       "listing %lld: there is none with an address on the web",
                       (long long)listing_id);
    return st;
}

ko_status ko_look_count(ko_store *store, int64_t now, ko_look_counts *out_counts, ko_error *err)
{
    static const char sql[] = "SELECT outcome, count(*), sum(outcome = 2 AND NOT sure),"
                              " sum(next_at <= ?1), min(next_at) FROM look GROUP BY outcome";
    static_assert(KO_LOOK_GONE == 2, "see the statement");
    ko_look_counts counts = {.next_at = KO_LOOK_NEVER};
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, now);
    while (ko_query_row(&q)) {
        const int64_t outcome = ko_query_int_within(&q, KO_LOOK_NONE, KO_LOOK_OUTCOMES - 1);
        counts.in[outcome] = ko_query_int(&q);
        counts.unsure += ko_query_int(&q);
        counts.due += ko_query_int(&q);
        const int64_t next_at = ko_query_int(&q);
        if (next_at < counts.next_at)
            counts.next_at = next_at;
    }
    const ko_status st = ko_query_end(&q, err);
    if (counts.next_at == KO_LOOK_NEVER)
        counts.next_at = 0;
    if (st == KO_OK)
        *out_counts = counts;
    return st;
}
