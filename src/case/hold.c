#include "case/hold.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "store/aside.h"
#include "store/candidate.h"
#include "store/decision.h"
#include "store/negative.h"
#include "store/source.h"

#include <stdio.h>
#include <string.h>

#define WHY_SIZE 256

/* One hold, kept while the database is written; its name is owned, its other texts are the
 * caller's. */
static ko_status keep_hold(void *context, const ko_hold *hold)
{
    ko_hold *kept = context;
    *kept = *hold;
    kept->note = kept->decided_by = "";
    kept->name = ko_strdup(hold->name);
    return kept->name ? KO_OK : KO_E_NOMEM;
}

static ko_status take_hold(ko_store *store, int64_t id, ko_hold *out, ko_error *err)
{
    const ko_status st = ko_hold_each(store, id, 0, keep_hold, out, err);
    if (st == KO_OK && !out->name)
        return ko_fail(err, KO_E_NOT_FOUND, "no hold %lld", (long long)id);
    return st == KO_E_NOMEM ? ko_fail(err, st, "hold %lld", (long long)id) : st;
}

/* --- what goes with it --- */

typedef struct pausing {
    ko_store *store;
    const char *url;
    bool paused;
    ko_error *err;
} pausing;

static ko_status pause_source(void *context, const ko_source *source)
{
    const pausing *p = context;
    return strcmp(source->url, p->url) == 0
               ? ko_source_pause(p->store, source->id, p->paused, p->err)
               : KO_OK;
}

/* A sheet is no source that runs. */
static ko_status set_paused(ko_store *store, const char *url, bool paused, ko_error *err)
{
    pausing p = {.store = store, .url = url, .paused = paused, .err = err};
    return ko_source_each(store, NULL, pause_source, &p, err);
}

typedef struct changing {
    ko_store *store;
    ko_hold *hold;
    const ko_act *act;
    ko_error *err;
} changing;

static ko_status block_picture(void *context, const ko_candidate *candidate)
{
    const changing *c = context;
    int64_t act_id = 0;
    const ko_status st = ko_act_add(c->store, c->act, &act_id, c->err);
    return st == KO_OK
               ? ko_negative_add(c->store, act_id, candidate->photo, &c->hold->negative_id, c->err)
               : st;
}

static ko_status block(ko_store *store, ko_hold *hold, ko_error *err)
{
    const ko_act act = {.verb = "quarantine block", .subject = hold->name, .who = hold->decided_by};
    const ko_candidate_filter leader = {.id = hold->subject_id};
    changing c = {.store = store, .hold = hold, .act = &act, .err = err};
    switch (hold->kind) {
    case KO_HOLD_PICTURE:
        return ko_candidate_each(store, &leader, block_picture, &c, err);
    case KO_HOLD_SOURCE:
        return set_paused(store, hold->name, true, err);
    default:
        return KO_OK;
    }
}

/* Not called when it was taken off the list by hand. */
static ko_status unblock_picture(void *context, const ko_negative *negative)
{
    const changing *c = context;
    int64_t act_id = 0;
    const ko_status st = ko_act_add(c->store, c->act, &act_id, c->err);
    return st == KO_OK ? ko_negative_remove(c->store, act_id, negative->id, c->err) : st;
}

static ko_status unblock(ko_store *store, ko_hold *hold, ko_error *err)
{
    const ko_act act = {
        .verb = "quarantine release", .subject = hold->name, .who = hold->decided_by};
    changing c = {.store = store, .hold = hold, .act = &act, .err = err};
    ko_status st = KO_OK;
    if (hold->kind == KO_HOLD_SOURCE)
        st = set_paused(store, hold->name, false, err);
    else if (hold->negative_id)
        st = ko_negative_each(store, hold->negative_id, unblock_picture, &c, err);
    hold->negative_id = 0;
    return st;
}

/* The change to a blocked or released state, with all that goes with it. */
static ko_status decide(ko_store *store, ko_hold *hold, ko_hold_state state, ko_error *err)
{
    const bool was_blocked = hold->state == KO_HOLD_BLOCKED;
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    if (state == KO_HOLD_BLOCKED)
        st = block(store, hold, err);
    else if (was_blocked)
        st = unblock(store, hold, err);
    hold->state = state;
    if (st == KO_OK)
        st = ko_hold_decide(store, hold, err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

/* The hold ends last: what a kill left is put back by the next try. */
ko_status ko_hold_release(ko_store *store, int64_t id, const char *who, size_t *out_back,
                          ko_error *err)
{
    const ko_aside by = {.hold_id = id};
    char why[WHY_SIZE];
    ko_hold hold = {0};
    size_t n = KO_ASIDE_BATCH;
    (void)snprintf(why, sizeof why, "released%s%.200s", who[0] ? " by " : "", who);
    *out_back = 0;
    ko_status st = take_hold(store, id, &hold, err);
    if (st == KO_OK && hold.state == KO_HOLD_RELEASED)
        st = ko_fail(err, KO_E_NOT_FOUND, "hold %lld was released already", (long long)id);
    for (; st == KO_OK && n == KO_ASIDE_BATCH; *out_back += n)
        st = ko_aside_end_some(store, &by, why, KO_ASIDE_BATCH, &n, err);
    hold.decided_by = who;
    if (st == KO_OK)
        st = decide(store, &hold, KO_HOLD_RELEASED, err);
    ko_free((char *)hold.name);
    return st;
}

ko_status ko_hold_block(ko_store *store, int64_t id, const char *who, ko_error *err)
{
    ko_hold hold = {0};
    ko_status st = take_hold(store, id, &hold, err);
    if (st == KO_OK && hold.state != KO_HOLD_HELD)
        st = ko_fail(err, KO_E_NOT_FOUND, "hold %lld was %s already", (long long)id,
                     ko_hold_state_name(hold.state));
    hold.decided_by = who;
    if (st == KO_OK)
        st = decide(store, &hold, KO_HOLD_BLOCKED, err);
    ko_free((char *)hold.name);
    return st;
}
