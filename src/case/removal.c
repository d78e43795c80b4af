#include "case/removal.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "case/tell.h"
#include "store/look.h"
#include "store/look_shown.h"
#include "store/notice.h"

#include <stdio.h>
#include <string.h>

#define BATCH 20 /* listings told of in one transaction: a duty's dates take milliseconds */

/* An item that the look at its listing says something of. */
typedef struct affected {
    int64_t item_id, notice_id;
    ko_notice_state state; /* that it comes to be in */
    ko_day on;
} affected;

/* A look that is being taken in. */
typedef struct taking {
    ko_store *store;
    const ko_kit *kit;
    ko_look look; /* its texts are those below */
    char reason[KO_MAX_NOTICE_TEXT + 1], gone_reason[KO_MAX_NOTICE_TEXT + 1];
    affected *items;
    size_t n, capacity;
    ko_error *err;
} taking;

/* --- what a look means for an item --- */

static ko_day later(ko_day a, ko_day b)
{
    return a > b ? a : b;
}

/* A platform may say that it removed a listing hours before its pages do: only a later day counts.
 */
static bool reappears(const taking *t, const ko_notice_item *item)
{
    return t->look.outcome == KO_LOOK_ALIVE && item->state == KO_NOTICE_REMOVED &&
           ko_day_here(t->look.at) > item->state_on;
}

/* Built packets are the user's to file or not; closed cases stay closed, but for what came back. */
static bool is_removed(const taking *t, const ko_notice_item *item)
{
    const bool counts = ko_notice_is_open(item->state) || item->state == KO_NOTICE_REAPPEARED;
    return t->look.outcome == KO_LOOK_GONE && counts &&
           ko_notice_may_become(item->state, KO_NOTICE_REMOVED);
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    taking *t = context;
    const bool removed = is_removed(t, item);
    if (!removed && !reappears(t, item))
        return KO_OK;
    affected *grown = ko_grown(t->items, t->n, &t->capacity, sizeof *grown);
    if (!grown)
        return ko_fail(t->err, KO_E_NOMEM, "what became of %.200s", item->url);
    const ko_day seen = ko_day_here(removed ? t->look.gone_since : t->look.at);
    t->items = grown;
    t->items[t->n++] = (affected){.item_id = item->id,
                                  .notice_id = item->notice_id,
                                  .state = removed ? KO_NOTICE_REMOVED : KO_NOTICE_REAPPEARED,
                                  .on = later(seen, item->state_on)};
    return KO_OK;
}

/* --- what was taken back --- */

typedef struct checking {
    const affected *item;
    int64_t since; /* from then on the same thing is seen */
    bool taken_back;
} checking;

static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    checking *c = context;
    if (item_id == c->item->item_id && event->undone && event->state == c->item->state &&
        event->at >= c->since && strcmp(event->who, KO_REMOVAL_WHO) == 0)
        c->taken_back = true;
    return KO_OK;
}

static ko_status was_taken_back(const taking *t, const affected *item, bool *out_was)
{
    const bool removed = item->state == KO_NOTICE_REMOVED;
    checking c = {.item = item, .since = removed ? t->look.gone_since : t->look.since};
    const ko_status st = ko_notice_event_each(t->store, item->notice_id, on_event, &c, t->err);
    *out_was = c.taken_back;
    return st;
}

/* --- telling --- */

/* "HTTP 404 on 2026-11-21, again on 2026-11-22" */
static void write_note(const taking *t, const affected *item, char out[KO_MAX_NOTICE_TEXT + 1])
{
    const ko_look *look = &t->look;
    const bool same = strcmp(look->reason, look->gone_reason) == 0;
    char first[KO_DAY_TEXT_SIZE], last[KO_DAY_TEXT_SIZE];
    ko_day_text(ko_day_here(look->gone_since), first);
    ko_day_text(ko_day_here(look->at), last);
    if (item->state == KO_NOTICE_REAPPEARED)
        (void)snprintf(out, KO_MAX_NOTICE_TEXT + 1, "offered on %s with the picture", last);
    else
        (void)snprintf(out, KO_MAX_NOTICE_TEXT + 1, "%.200s on %s, %.200s on %s", look->gone_reason,
                       first, same ? "again" : look->reason, last);
}

static ko_status tell_item(const taking *t, const affected *item)
{
    char note[KO_MAX_NOTICE_TEXT + 1];
    ko_told told = {0};
    write_note(t, item, note);
    const ko_tell_request request = {.event = {.notice_id = item->notice_id,
                                               .state = item->state,
                                               .on = item->on,
                                               .note = note,
                                               .who = KO_REMOVAL_WHO},
                                     .items = &item->item_id,
                                     .n_items = 1,
                                     .today = ko_today()};
    const ko_status st = ko_tell(t->store, t->kit, &request, &told, t->err);
    ko_told_free(&told);
    return st;
}

static ko_status take_in(taking *t, ko_removals *removals)
{
    ko_status st = ko_notice_item_each_of(t->store, t->look.listing_id, on_item, t, t->err);
    bool any = false;
    for (size_t i = 0; st == KO_OK && i < t->n; i++) {
        bool taken_back = false;
        st = was_taken_back(t, &t->items[i], &taken_back);
        if (st == KO_OK && !taken_back) {
            st = tell_item(t, &t->items[i]);
            any = true;
        }
    }
    if (st != KO_OK)
        return st;
    removals->removed += any && t->look.outcome == KO_LOOK_GONE;
    removals->reappeared += any && t->look.outcome == KO_LOOK_ALIVE;
    return ko_look_taken(t->store, t->look.listing_id, t->err);
}

/* --- all of them --- */

static ko_status copy_look(void *context, const ko_look *look)
{
    taking *t = context;
    (void)snprintf(t->reason, sizeof t->reason, "%s", look->reason);
    (void)snprintf(t->gone_reason, sizeof t->gone_reason, "%s", look->gone_reason);
    t->look = *look;
    t->look.reason = t->reason;
    t->look.gone_reason = t->gone_reason;
    return KO_OK;
}

/* Takes in the next ones behind *after; *out_more is false when there are none. */
static ko_status take_batch(taking *t, int64_t *after, ko_removals *removals, bool *out_more)
{
    ko_status st = KO_OK;
    *out_more = true;
    for (int i = 0; st == KO_OK && i < BATCH && *out_more; i++) {
        t->look = (ko_look){0};
        t->n = 0;
        st = ko_look_untaken_each(t->store, *after, 1, copy_look, t, t->err);
        *out_more = t->look.listing_id != 0;
        if (st == KO_OK && *out_more) {
            *after = t->look.listing_id;
            st = take_in(t, removals);
        }
    }
    return st;
}

/* What is taken in and what was told of it are one transaction. */
static ko_status run(taking *t, ko_removals *removals)
{
    size_t changed = 0;
    int64_t after = 0;
    bool more = true;
    ko_status st = KO_OK;
    for (bool first = true; st == KO_OK && more; first = false) {
        st = ko_store_begin(t->store, t->err);
        if (st != KO_OK)
            return st;
        if (first)
            st = ko_looks_settle(t->store, &changed, t->err);
        if (st == KO_OK)
            st = take_batch(t, &after, removals, &more);
        if (st == KO_OK)
            st = ko_store_commit(t->store, t->err);
        else
            ko_store_rollback(t->store);
    }
    return st;
}

ko_status ko_removals_tell(ko_store *store, const ko_kit *kit, ko_removals *out_removals,
                           ko_error *err)
{
    taking t = {.store = store, .kit = kit, .err = err};
    *out_removals = (ko_removals){0};
    const ko_status st = run(&t, out_removals);
    ko_free(t.items);
    return st;
}
