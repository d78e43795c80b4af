#include "store/yield.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "store/candidate_sql.h"

#include <assert.h>
#include <stdio.h>

/* --- rounds --- */

/* Not beyond what is still to be sorted. */
ko_status ko_yield_round_read(ko_store *store, ko_yield_round *out_round, ko_error *err)
{
    static const char sql[] =
        "SELECT looked, max(looked, ifnull((SELECT min(id) - 1 FROM candidate WHERE leader IS "
        "NULL),"
        "  ifnull((SELECT max(id) FROM candidate), 0))) FROM (SELECT ifnull("
        "  (SELECT value FROM setting WHERE key = 'flood_looked_to'), 0) AS looked)";
    ko_query q = ko_query_start(store, sql);
    *out_round = (ko_yield_round){0};
    if (ko_query_row(&q)) {
        out_round->after = ko_query_int(&q);
        out_round->last = ko_query_int(&q);
    }
    return ko_query_end(&q, err);
}

ko_status ko_yield_round_end(ko_store *store, const ko_yield_round *round, ko_error *err)
{
    static const char sql[] = "INSERT INTO setting (key, value) VALUES ('flood_looked_to', ?)"
                              " ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, round->last);
    return ko_query_run(&q, err);
}

/* --- subjects --- */

#define NAME_SIZE 256

/* A work is known to people by its title, too. */
static void hand_subject(ko_query *q, ko_hold_kind kind, ko_hold_fn *fn, void *context)
{
    char name[NAME_SIZE], serial[KO_SERIAL_SIZE];
    ko_hold subject = {.kind = kind, .note = "", .decided_by = ""};
    subject.subject_id = ko_query_int(q);
    subject.name = ko_query_text(q);
    subject.found = (size_t)ko_query_int(q);
    if (kind == KO_HOLD_WORK) {
        ko_work_serial(subject.subject_id, serial);
        (void)snprintf(name, sizeof name, "%s %.200s", serial, subject.name);
        subject.name = name;
    } else if (kind == KO_HOLD_PICTURE) {
        (void)snprintf(name, sizeof name, "of candidate %lld", (long long)subject.subject_id);
        subject.name = name;
    }
    if (ko_query_intact(q))
        q->handed = fn(context, &subject);
}

#define IS_HELD(subject, states)                                                                   \
    "EXISTS (SELECT 1 FROM hold WHERE hold.subject = ?3 AND hold.state IN (" states                \
    ") AND hold." subject ")"

ko_status ko_yield_busy(ko_store *store, ko_hold_kind kind, int64_t since, size_t least,
                        ko_hold_fn *fn, void *context, ko_error *err)
{
    static const char works[] =
        "SELECT work_id, (SELECT title FROM work WHERE work.id = work_id), count(*) AS n"
        " FROM candidate WHERE found_at > ?1 GROUP BY work_id"
        " HAVING n > ?2 AND NOT " IS_HELD("subject_id = work_id", "0") " ORDER BY n DESC";
    static const char pictures[] =
        "SELECT leader, '', count(*) AS n FROM candidate WHERE found_at > ?1 AND leader > 0"
        " GROUP BY leader HAVING n > ?2 AND NOT " IS_HELD("subject_id = leader",
                                                          "0, 2") " ORDER BY n DESC";
    static const char sources[] =
        "SELECT 0, source, count(*) AS n FROM candidate"
        " CROSS JOIN listing ON listing.id = candidate.listing_id"
        " WHERE found_at > ?1 AND source <> '' GROUP BY source"
        " HAVING n > ?2 AND NOT " IS_HELD("name = listing.source", "0, 2") " ORDER BY n DESC";
    static const char *const sql[KO_HOLD_KINDS] = {works, pictures, sources};
    static_assert(KO_HOLD_HELD == 0 && KO_HOLD_BLOCKED == 2, "see above");
    ko_query q = ko_query_start(store, sql[kind]);
    ko_query_bind_int(&q, since);
    ko_query_bind_int(&q, (int64_t)least);
    ko_query_bind_int(&q, kind);
    while (ko_query_row(&q))
        hand_subject(&q, kind, fn, context);
    return ko_query_end(&q, err);
}

ko_status ko_yield_past_read(ko_store *store, const ko_hold *subject, ko_yield_past *out_past,
                             ko_error *err)
{
    static const char sql[] =
        "SELECT ifnull(CASE ?1 WHEN 0 THEN (SELECT added_at FROM work WHERE id = ?2)"
        "  WHEN 1 THEN (SELECT found_at FROM candidate WHERE id = ?2)"
        "  ELSE (SELECT min(first_seen) FROM listing WHERE source = ?3) END, 0),"
        " ifnull(max(decided_at), 0), ifnull(max(found), 0) FROM hold"
        " WHERE subject = ?1 AND subject_id = ?2 AND (subject_id OR name = ?3) AND state = 1";
    static_assert(KO_HOLD_WORK == 0 && KO_HOLD_PICTURE == 1 && KO_HOLD_RELEASED == 1, "see above");
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, subject->kind);
    ko_query_bind_int(&q, subject->subject_id);
    ko_query_bind_text(&q, subject->name);
    *out_past = (ko_yield_past){0};
    if (ko_query_row(&q)) {
        out_past->known_since = ko_query_int(&q);
        out_past->released_at = ko_query_int(&q);
        out_past->released_found = (size_t)ko_query_int(&q);
    }
    return ko_query_end(&q, err);
}

/* --- candidates --- */

static void bind_subject(ko_query *q, const ko_hold *subject)
{
    if (subject->kind == KO_HOLD_SOURCE)
        ko_query_bind_text(q, subject->name);
    else
        ko_query_bind_int(q, subject->subject_id);
}

/* What shows a work or picture that was released counts for that alone. */
#define COUNTS                                                                                     \
    "NOT EXISTS (SELECT 1 FROM hold WHERE hold.state = 1 AND hold.subject <> ?6"                   \
    "  AND (hold.subject, hold.subject_id) IN (VALUES (0, candidate.work_id),"                     \
    "   (1, candidate.leader)))"
static_assert(KO_HOLD_WORK == 0 && KO_HOLD_PICTURE == 1 && KO_HOLD_RELEASED == 1, "see COUNTS");

/* A source is known when it was added before, however little it brings, or when it brought some
 * listings before: a few of what a new one brings may have been brought by others. */
#define FOUND_OF(subject)                                                                          \
    "SELECT candidate.id, candidate.found_at, ifnull(candidate.leader, 0), " KO_CANDIDATE_STATE    \
    " = 0 AND NOT " KO_IS_RETURNED " AND " COUNTS ", ifnull(" KO_ASIDE_STATE                       \
    " = 8, 0), work.added_at <= ?4"                                                                \
    " AND (listing.source IN (SELECT url FROM source WHERE added_at <= ?4)"                        \
    "  OR listing.source IN (SELECT source FROM listing WHERE first_seen <= ?4 GROUP BY source"    \
    "   HAVING count(*) >= ?5))" KO_CANDIDATE_FROM                                                 \
    " WHERE candidate.found_at > ?2 AND best.score >= " KO_THRESHOLD " AND " subject " = ?3"

ko_status ko_yield_each(ko_store *store, const ko_hold *subject, int64_t since,
                        int64_t settled_before, ko_yield_fn *fn, void *context, ko_error *err)
{
    static const char *const sql[KO_HOLD_KINDS] = {
        FOUND_OF("candidate.work_id"), FOUND_OF("candidate.leader"), FOUND_OF("listing.source")};
    double threshold;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql[subject->kind]);
    ko_query_bind_real(&q, threshold);
    ko_query_bind_int(&q, since);
    bind_subject(&q, subject);
    ko_query_bind_int(&q, settled_before);
    ko_query_bind_int(&q, KO_FLOOD_KNOWN_SOURCE);
    ko_query_bind_int(&q, subject->kind);
    while (ko_query_row(&q)) {
        ko_yield y;
        y.id = ko_query_int(&q);
        y.found_at = ko_query_int(&q);
        y.leader = ko_query_int(&q);
        y.waits = ko_query_int_within(&q, 0, 1) == 1;
        y.held = ko_query_int_within(&q, 0, 1) == 1;
        y.settled = ko_query_int_within(&q, 0, 1) == 1;
        if (ko_query_intact(&q))
            q.handed = fn(context, &y);
    }
    return ko_query_end(&q, err);
}

/* Walked by number: a round is what came last. */
#define OF_ROUND(subject)                                                                          \
    "SELECT candidate.id FROM candidate CROSS JOIN listing ON listing.id = candidate.listing_id"   \
    " WHERE candidate.id > ?2 AND candidate.id <= ?3 AND decided IS NULL AND NOT " KO_IS_RETURNED  \
    " AND " subject " = ?1"

ko_status ko_yield_held(ko_store *store, const ko_hold *hold, const ko_yield_round *round,
                        int64_t **out_ids, size_t *out_n, ko_error *err)
{
    static const char *const held[KO_HOLD_KINDS] = {
        OF_ROUND("+candidate.work_id"), OF_ROUND("+candidate.leader"), OF_ROUND("listing.source")};
    static const char blocked_work[] =
        OF_ROUND("+candidate.work_id") " AND +candidate.leader IN (SELECT other.leader FROM aside"
                                       "  CROSS JOIN candidate AS other"
                                       "   ON other.id = aside.candidate_id WHERE hold_id = ?4)";
    const bool same_pictures = hold->kind == KO_HOLD_WORK && hold->state == KO_HOLD_BLOCKED;
    size_t n = 0, room = 0;
    int64_t *ids = NULL;
    ko_query q = ko_query_start(store, same_pictures ? blocked_work : held[hold->kind]);
    bind_subject(&q, hold);
    ko_query_bind_int(&q, round->after);
    ko_query_bind_int(&q, round->last);
    if (same_pictures)
        ko_query_bind_int(&q, hold->id);
    while (ko_query_row(&q)) {
        int64_t *grown = ko_grown(ids, n, &room, sizeof *ids);
        ids = grown ? grown : ids;
        q.handed = grown ? KO_OK : KO_E_NOMEM;
        if (grown)
            ids[n++] = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st != KO_OK) {
        ko_free(ids);
        return st == KO_E_NOMEM ? ko_fail(err, st, "candidates of a hold") : st;
    }
    *out_ids = ids;
    *out_n = n;
    return KO_OK;
}
