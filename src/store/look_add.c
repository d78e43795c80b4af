/* What a look found is added to what was known: which looks make one another sure. */
#include "store/look_plan.h"
#include "store/query.h"
#include "store/seen.h"

#include <assert.h>

/* --- changes --- */

static ko_status add_change(ko_store *store, const ko_look_change *change, ko_error *err)
{
    static const char sql[] = "INSERT INTO look_change (listing_id, outcome, sure, reason, at,"
                              " answer_id) VALUES (?, ?, ?, ?, ?, ?)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, change->listing_id);
    ko_query_bind_int(&q, change->outcome);
    ko_query_bind_int(&q, change->sure);
    ko_query_bind_text(&q, change->reason);
    ko_query_bind_int(&q, change->at);
    ko_query_bind_int_if(&q, change->answer_id != 0, change->answer_id);
    return ko_query_run(&q, err);
}

ko_status ko_look_change_each(ko_store *store, int64_t after, ko_look_change_fn *fn, void *context,
                              ko_error *err)
{
    static const char sql[] = "SELECT id, listing_id, outcome, sure, reason, at, answer_id"
                              " FROM look_change WHERE id > ? ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, after);
    while (ko_query_row(&q)) {
        ko_look_change change = {.id = ko_query_int(&q)};
        change.listing_id = ko_query_int(&q);
        change.outcome =
            (ko_look_outcome)ko_query_int_within(&q, KO_LOOK_NONE, KO_LOOK_OUTCOMES - 1);
        change.sure = ko_query_int_within(&q, 0, 1) == 1;
        change.reason = ko_query_text(&q);
        change.at = ko_query_int(&q);
        change.answer_id = ko_query_int(&q); /* 0 for NULL */
        if (ko_query_intact(&q))
            q.handed = fn(context, &change);
    }
    return ko_query_end(&q, err);
}

ko_status ko_look_change_last(ko_store *store, int64_t *out_id, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT ifnull(max(id), 0) FROM look_change");
    return ko_query_first(&q, out_id, err);
}

/* --- a look --- */

static ko_status keep_old(void *context, const ko_look *look)
{
    ko_look *old = context;
    *old = *look;
    old->reason = old->gone_reason = ""; /* the row's own end with it */
    return KO_OK;
}

/* What is known after a look, but for the texts. */
static ko_look after(const ko_look *old, const ko_look_found *found)
{
    const bool seen = found->outcome == KO_LOOK_ALIVE || found->outcome == KO_LOOK_CHANGED;
    const bool again = old->outcome == found->outcome;
    ko_look look = {.listing_id = found->listing_id,
                    .outcome = found->outcome,
                    .since = again ? old->since : found->at,
                    .at = found->at,
                    .times = again ? old->times + 1 : 1,
                    .answer_id = found->answer_id};
    if (seen)
        return look;
    look.sure = old->sure;
    look.gone_since = old->gone_since;
    if (found->outcome != KO_LOOK_GONE)
        return look;
    if (!look.gone_since)
        look.gone_since = found->at;
    if (found->at - look.gone_since >= (found->site_gone ? KO_LOOK_SITE_SURE_S : KO_LOOK_SURE_S))
        look.sure = true;
    return look;
}

static ko_status write_look(ko_store *store, const ko_look *look, const char *reason, ko_error *err)
{
    /* The first look that found it gone keeps its reason. */
    static const char sql[] =
        "INSERT INTO look (listing_id, outcome, sure, reason, since, at, times, gone_since,"
        " gone_reason, next_at, taken, answer_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?8, ?4, ''), ?9, ?10, ?11)"
        " ON CONFLICT (listing_id) DO UPDATE SET outcome = ?2, sure = ?3, reason = ?4, since = ?5,"
        " at = ?6, times = ?7, gone_since = ?8,"
        " gone_reason = iif(?8 = gone_since, gone_reason, iif(?8, ?4, '')),"
        " next_at = ?9, taken = ?10, answer_id = ?11";
    const bool tells =
        look->outcome == KO_LOOK_ALIVE || (look->outcome == KO_LOOK_GONE && look->sure);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, look->listing_id);
    ko_query_bind_int(&q, look->outcome);
    ko_query_bind_int(&q, look->sure);
    ko_query_bind_text(&q, reason);
    ko_query_bind_int(&q, look->since);
    ko_query_bind_int(&q, look->at);
    ko_query_bind_int(&q, look->times);
    ko_query_bind_int(&q, look->gone_since);
    ko_query_bind_int(&q, look->next_at);
    ko_query_bind_int(&q, !tells);
    ko_query_bind_int_if(&q, look->answer_id != 0, look->answer_id);
    return ko_query_run(&q, err);
}

/* Pictures that waited to be compared do so no more: there is nothing that shows them. */
static ko_status forget_pictures(ko_store *store, int64_t listing_id, ko_error *err)
{
    ko_query q = ko_query_start(store, "DELETE FROM look_picture WHERE listing_id = ?");
    ko_query_bind_int(&q, listing_id);
    return ko_query_run(&q, err);
}

static ko_status keep_change(ko_store *store, const ko_look *old, const ko_look *look,
                             const char *reason, bool *out_changed, ko_error *err)
{
    const bool first_seen = old->outcome == KO_LOOK_NONE && look->outcome == KO_LOOK_ALIVE;
    const bool sure = look->outcome == KO_LOOK_GONE && look->sure && !old->sure;
    *out_changed = sure || (old->outcome != look->outcome && !first_seen);
    return *out_changed ? add_change(store,
                                     &(ko_look_change){.listing_id = look->listing_id,
                                                       .outcome = look->outcome,
                                                       .sure = sure,
                                                       .reason = reason,
                                                       .at = look->at,
                                                       .answer_id = look->answer_id},
                                     err)
                        : KO_OK;
}

ko_status ko_look_add(ko_store *store, const ko_look_found *found, bool *out_changed, ko_error *err)
{
    assert(ko_store_is_writing(store));
    assert(found->outcome > KO_LOOK_NONE && found->outcome < KO_LOOK_OUTCOMES && found->reason);
    ko_look old = {0};
    ko_status st = ko_look_one(store, found->listing_id, keep_old, &old, err);
    if (st != KO_OK)
        return st;
    ko_look look = after(&old, found);
    st = ko_look_plan(store, &look, look.at, &look.next_at, err);
    if (st == KO_OK)
        st = write_look(store, &look, found->reason, err);
    if (st == KO_OK && look.outcome != KO_LOOK_ALIVE && look.outcome != KO_LOOK_CHANGED)
        st = forget_pictures(store, look.listing_id, err);
    return st == KO_OK ? keep_change(store, &old, &look, found->reason, out_changed, err) : st;
}

/* --- afterwards --- */

ko_status ko_look_turn(ko_store *store, int64_t listing_id, ko_look_outcome outcome,
                       const char *reason, bool *out_changed, ko_error *err)
{
    static const char sql[] =
        "UPDATE look SET outcome = ?, reason = ?, since = at, times = 1 WHERE listing_id = ?";
    ko_look last = {0};
    ko_status st = ko_look_one(store, listing_id, keep_old, &last, err);
    *out_changed = last.outcome != outcome;
    if (st != KO_OK || !*out_changed)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, outcome);
    ko_query_bind_text(&q, reason);
    ko_query_bind_int(&q, listing_id);
    st = ko_query_run(&q, err);
    return st == KO_OK ? add_change(store,
                                    &(ko_look_change){.listing_id = listing_id,
                                                      .outcome = outcome,
                                                      .reason = reason,
                                                      .at = last.at,
                                                      .answer_id = last.answer_id},
                                    err)
                       : st;
}
