#include "store/hold.h"

#include "base/clock.h"
#include "store/query.h"

#include <assert.h>

const char *ko_hold_kind_name(ko_hold_kind kind)
{
    static const char *const names[KO_HOLD_KINDS] = {"work", "picture", "source"};
    assert(kind < KO_HOLD_KINDS);
    return names[kind];
}

const char *ko_hold_state_name(ko_hold_state state)
{
    static const char *const names[KO_HOLD_STATES] = {"held", "released", "blocked"};
    assert(state < KO_HOLD_STATES);
    return names[state];
}

/* A work that is blocked yields new pictures that are not: these may be held in their turn. */
ko_status ko_hold_add(ko_store *store, const ko_hold *hold, int64_t *out_id, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO hold (subject, subject_id, name, state, expected, found, note, at)"
        " SELECT ?1, ?2, ?3, 0, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM hold"
        "  WHERE subject = ?1 AND subject_id = ?2 AND (subject_id OR name = ?3)"
        "  AND state IN (0, iif(?1, 2, 0)))";
    static_assert(KO_HOLD_WORK == 0 && KO_HOLD_HELD == 0 && KO_HOLD_BLOCKED == 2, "see above");
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, hold->kind);
    ko_query_bind_int(&q, hold->subject_id);
    ko_query_bind_text(&q, hold->name);
    ko_query_bind_real(&q, hold->expected);
    ko_query_bind_int(&q, (int64_t)hold->found);
    ko_query_bind_text(&q, hold->note);
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    const bool added = st == KO_OK && sqlite3_changes(store->db) > 0;
    *out_id = added ? sqlite3_last_insert_rowid(store->db) : 0;
    return st;
}

ko_status ko_hold_decide(ko_store *store, const ko_hold *hold, ko_error *err)
{
    static const char sql[] = "UPDATE hold SET state = ?, decided_by = ?, decided_at = ?,"
                              " negative_id = ? WHERE id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, hold->state);
    ko_query_bind_text(&q, hold->decided_by);
    ko_query_bind_int(&q, ko_clock_now());
    ko_query_bind_int_if(&q, hold->negative_id != 0, hold->negative_id);
    ko_query_bind_int(&q, hold->id);
    return ko_query_run(&q, err);
}

ko_status ko_hold_each(ko_store *store, int64_t id, unsigned states, ko_hold_fn *fn, void *context,
                       ko_error *err)
{
    static const char sql[] =
        "SELECT id, subject, subject_id, name, state, expected, found, note, at, decided_at,"
        " decided_by, ifnull(negative_id, 0)"
        " FROM hold WHERE id = ?1 OR (?1 = 0 AND ?2 >> state & 1) ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, id);
    ko_query_bind_int(&q, states);
    while (ko_query_row(&q)) {
        ko_hold hold;
        hold.id = ko_query_int(&q);
        hold.kind = (ko_hold_kind)ko_query_int_within(&q, 0, KO_HOLD_KINDS - 1);
        hold.subject_id = ko_query_int(&q);
        hold.name = ko_query_text(&q);
        hold.state = (ko_hold_state)ko_query_int_within(&q, 0, KO_HOLD_STATES - 1);
        hold.expected = ko_query_real(&q);
        hold.found = (size_t)ko_query_int(&q);
        hold.note = ko_query_text(&q);
        hold.at = ko_query_int(&q);
        hold.decided_at = ko_query_int(&q);
        hold.decided_by = ko_query_text(&q);
        hold.negative_id = ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &hold);
    }
    return ko_query_end(&q, err);
}
