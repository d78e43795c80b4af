#include "store/aside.h"

#include "base/clock.h"
#include "store/query.h"

#include <assert.h>

/* --- writing --- */

ko_status ko_aside_add(ko_store *store, const ko_aside *aside, bool *out_new, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO aside (candidate_id, rule_id, hold_id, why, at)"
        " SELECT candidate.id, ?2, ?3, ?4, ?5 FROM candidate WHERE candidate.id = ?1"
        "  AND candidate.decided IS NULL AND NOT EXISTS (SELECT 1 FROM aside AS before"
        "   WHERE before.candidate_id = ?1 AND (before.rule_id = ?2 OR before.hold_id = ?3))";
    assert((aside->rule_id != 0) != (aside->hold_id != 0));
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, aside->candidate_id);
    ko_query_bind_int_if(&q, aside->rule_id != 0, aside->rule_id);
    ko_query_bind_int_if(&q, aside->hold_id != 0, aside->hold_id);
    ko_query_bind_text(&q, aside->why);
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    *out_new = st == KO_OK && sqlite3_changes(store->db) > 0;
    return st;
}

ko_status ko_aside_end(ko_store *store, int64_t id, const char *why, ko_error *err)
{
    static const char sql[] = "UPDATE aside SET ended_at = ?, ended_why = ? WHERE id = ?"
                              " AND ended_at IS NULL";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, ko_clock_now());
    ko_query_bind_text(&q, why);
    ko_query_bind_int(&q, id);
    return ko_query_run(&q, err);
}

#define END_SOME(by)                                                                               \
    "UPDATE aside SET ended_at = ?2, ended_why = ?3 WHERE id IN (SELECT id FROM aside"             \
    " WHERE " by " = ?1 AND ended_at IS NULL LIMIT ?4)"

ko_status ko_aside_end_some(ko_store *store, const ko_aside *by, const char *why, size_t limit,
                            size_t *out_n, ko_error *err)
{
    static const char by_rule[] = END_SOME("rule_id");
    static const char by_hold[] = END_SOME("hold_id");
    assert((by->rule_id != 0) != (by->hold_id != 0));
    ko_query q = ko_query_start(store, by->rule_id ? by_rule : by_hold);
    ko_query_bind_int(&q, by->rule_id ? by->rule_id : by->hold_id);
    ko_query_bind_int(&q, ko_clock_now());
    ko_query_bind_text(&q, why);
    ko_query_bind_int(&q, (int64_t)limit);
    const ko_status st = ko_query_run(&q, err);
    *out_n = st == KO_OK ? (size_t)sqlite3_changes(store->db) : 0;
    return st;
}

/* --- reading --- */

#define COLUMNS                                                                                    \
    "aside.id, candidate_id, ifnull(rule_id, 0), ifnull(hold_id, 0), why, at,"                     \
    " ifnull(ended_at, 0), ended_why"
#define SELECT(of)                                                                                 \
    "SELECT " COLUMNS " FROM aside WHERE " of                                                      \
    " AND (NOT ?3 OR ended_at IS NULL) ORDER BY id LIMIT ?4"

/* The unary plus keeps the planner with the index of what was asked for. */
static ko_query start(ko_store *store, const ko_aside_filter *f)
{
    static const char of_candidate[] = SELECT("candidate_id = ?1 AND +id > ?2");
    static const char of_rule[] = SELECT("rule_id = ?1 AND +id > ?2");
    static const char of_hold[] = SELECT("hold_id = ?1 AND +id > ?2");
    static const char any[] = SELECT("?1 = 0 AND id > ?2");
    ko_query q = ko_query_start(store, f->candidate_id ? of_candidate
                                       : f->rule_id    ? of_rule
                                       : f->hold_id    ? of_hold
                                                       : any);
    ko_query_bind_int(&q, f->candidate_id ? f->candidate_id : f->rule_id ? f->rule_id : f->hold_id);
    ko_query_bind_int(&q, f->after);
    ko_query_bind_int(&q, f->in_force);
    ko_query_bind_int(&q, f->limit ? (int64_t)f->limit : -1);
    return q;
}

static ko_status hand_all(ko_query *q, ko_aside_fn *fn, void *context, ko_error *err)
{
    while (ko_query_row(q)) {
        ko_aside aside;
        aside.id = ko_query_int(q);
        aside.candidate_id = ko_query_int(q);
        aside.rule_id = ko_query_int(q);
        aside.hold_id = ko_query_int(q);
        aside.why = ko_query_text(q);
        aside.at = ko_query_int(q);
        aside.ended_at = ko_query_int(q);
        aside.ended_why = ko_query_text(q);
        if (ko_query_intact(q))
            q->handed = fn(context, &aside);
    }
    return ko_query_end(q, err);
}

ko_status ko_aside_each(ko_store *store, const ko_aside_filter *filter, ko_aside_fn *fn,
                        void *context, ko_error *err)
{
    ko_query q = start(store, filter);
    return hand_all(&q, fn, context, err);
}

ko_status ko_aside_doubtful_each(ko_store *store, int64_t since, ko_aside_fn *fn, void *context,
                                 ko_error *err)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM aside CROSS JOIN rule ON rule.id = aside.rule_id"
        " CROSS JOIN candidate ON candidate.id = aside.candidate_id"
        " CROSS JOIN listing ON listing.id = candidate.listing_id"
        " WHERE aside.ended_at IS NULL AND (rule.removed_at IS NOT NULL OR listing.last_seen >= ?1"
        "  OR EXISTS (SELECT 1 FROM listing_photo CROSS JOIN evidence"
        "   ON evidence.work_id = candidate.work_id AND evidence.photo_id = listing_photo.photo_id"
        "   WHERE listing_photo.listing_id = listing.id AND evidence.found_at >= ?1))"
        " ORDER BY aside.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, since);
    return hand_all(&q, fn, context, err);
}

ko_status ko_aside_count(ko_store *store, const ko_aside *by, size_t *out_n, ko_error *err)
{
    static const char of_rule[] =
        "SELECT count(*) FROM aside WHERE rule_id = ? AND ended_at IS NULL";
    static const char of_hold[] =
        "SELECT count(*) FROM aside WHERE hold_id = ? AND ended_at IS NULL";
    int64_t n = 0;
    ko_query q = ko_query_start(store, by->rule_id ? of_rule : of_hold);
    ko_query_bind_int(&q, by->rule_id ? by->rule_id : by->hold_id);
    const ko_status st = ko_query_first(&q, &n, err);
    *out_n = (size_t)n;
    return st;
}
