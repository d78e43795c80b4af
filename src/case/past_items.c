#include "case/past_items.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- reading --- */

typedef struct reading {
    ko_store *store;
    ko_past_items *items;
    const ko_notice *notice;
    ko_error *err;
} reading;

static ko_status on_item(void *context, const ko_notice_item *item)
{
    const reading *r = context;
    ko_past_items *items = r->items;
    ko_past_item *all = ko_grown(items->item, items->n, &items->capacity, sizeof *all);
    char *ref = ko_strdup(r->notice->ref);
    if (all)
        items->item = all;
    if (!all || !ref) {
        ko_free(ref);
        return ko_fail(r->err, KO_E_NOMEM, "no memory for items of notices");
    }
    all[items->n++] = (ko_past_item){.id = item->id,
                                     .notice_id = item->notice_id,
                                     .work_id = r->notice->work_id,
                                     .listing_id = item->listing_id,
                                     .state = item->state,
                                     .state_on = item->state_on,
                                     .ref = ref};
    return KO_OK;
}

static ko_status on_notice(void *context, const ko_notice *notice)
{
    reading *r = context;
    r->notice = notice;
    return ko_notice_item_each(r->store, notice->id, 0, on_item, r, r->err);
}

static int compare_ids(const void *a, const void *b)
{
    const int64_t x = ((const ko_past_item *)a)->id, y = ((const ko_past_item *)b)->id;
    return (x > y) - (x < y);
}

static int compare_offers(const void *a, const void *b)
{
    const ko_past_item *x = a, *y = b;
    if (x->work_id != y->work_id)
        return x->work_id < y->work_id ? -1 : 1;
    if (x->listing_id != y->listing_id)
        return x->listing_id < y->listing_id ? -1 : 1;
    return compare_ids(a, b);
}

static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    const reading *r = context;
    const ko_past_item key = {.id = item_id};
    ko_past_item *item =
        item_id ? bsearch(&key, r->items->item, r->items->n, sizeof key, compare_ids) : NULL;
    if (item)
        item->had |= 1U << event->state;
    return KO_OK;
}

ko_status ko_past_items_read(ko_store *store, ko_past_items *out_items, ko_error *err)
{
    *out_items = (ko_past_items){0};
    reading r = {.store = store, .items = out_items, .err = err};
    ko_status st = ko_notice_each(store, &(ko_notice_filter){0}, on_notice, &r, err);
    if (st != KO_OK || out_items->n == 0)
        return st;
    qsort(out_items->item, out_items->n, sizeof *out_items->item, compare_ids);
    st = ko_notice_event_each(store, 0, on_event, &r, err);
    qsort(out_items->item, out_items->n, sizeof *out_items->item, compare_offers);
    return st;
}

ko_status ko_past_items_renew(ko_store *store, ko_past_items *items, ko_error *err)
{
    ko_past_items before = *items;
    const ko_status st = ko_past_items_read(store, items, err);
    for (size_t i = 0; st == KO_OK && i < before.n; i++) {
        ko_past_item *item =
            bsearch(&before.item[i], items->item, items->n, sizeof *items->item, compare_offers);
        assert(item);
        item->is_said = before.item[i].is_said;
        item->says = before.item[i].says;
    }
    ko_past_items_free(&before);
    return st;
}

void ko_past_items_free(ko_past_items *items)
{
    for (size_t i = 0; i < items->n; i++)
        ko_free(items->item[i].ref);
    ko_free(items->item);
    *items = (ko_past_items){0};
}

ko_past_item *ko_past_items_find(const ko_past_items *items, int64_t work_id, int64_t listing_id,
                                 const char *ref)
{
    const ko_past_item key = {.id = INT64_MAX, .work_id = work_id, .listing_id = listing_id};
    size_t low = 0, high = items->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_offers(&items->item[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    ko_past_item *item = low ? &items->item[low - 1] : NULL;
    if (!item || item->work_id != work_id || item->listing_id != listing_id)
        return NULL;
    const bool other = ref[0] && item->ref[0] && strcmp(ref, item->ref) != 0;
    return other && !ko_notice_is_open(item->state) ? NULL : item;
}

/* --- telling --- */

/* One thing to be told of an item. */
typedef struct step {
    ko_notice_state state;
    ko_day on;
    bool dated;
} step;

/* States that are reached by way of another, when that was not told. */
static ko_notice_state on_the_way(ko_notice_state from, ko_notice_state to)
{
    static const ko_notice_state before[KO_NOTICE_STATES] = {
        [KO_NOTICE_ANSWERED] = KO_NOTICE_COUNTERED,
        [KO_NOTICE_UPHELD] = KO_NOTICE_COUNTERED,
        [KO_NOTICE_RESTORED] = KO_NOTICE_COUNTERED,
        [KO_NOTICE_REAPPEARED] = KO_NOTICE_REMOVED};
    if (from == KO_NOTICE_BUILT && to != KO_NOTICE_FILED)
        return KO_NOTICE_FILED;
    return ko_notice_may_become(from, to) || !before[to] ? to : before[to];
}

/* The next thing that is said of an item and may come next; false when there is none. */
static bool next_step(ko_past_item *item, step *out)
{
    const ko_past_row *says = &item->says;
    for (; item->is_said && item->next <= says->n_events; item->next++) {
        const bool filing = item->next == 0;
        const ko_past_event event = filing ? (ko_past_event){KO_NOTICE_FILED, says->reported_on}
                                           : says->event[item->next - 1];
        const ko_notice_state state = on_the_way(item->state, event.state);
        if (item->had >> event.state & 1 || !ko_notice_may_become(item->state, state) ||
            (filing && item->state != KO_NOTICE_BUILT))
            continue;
        const bool dated = event.day.told && event.day.on >= item->state_on;
        const bool seen = says->rechecked_on.told && says->rechecked_on.on > item->state_on;
        *out = (step){.state = state,
                      .on = dated  ? event.day.on
                            : seen ? says->rechecked_on.on
                                   : item->state_on,
                      .dated = dated};
        return true;
    }
    return false;
}

static bool is_same(const step *a, const step *b)
{
    return a->state == b->state && a->on == b->on && a->dated == b->dated;
}

/* Tells one step of all items of its notice of which it is the next. ids has room for all. */
static ko_status tell_step(ko_store *store, ko_past_items *items, const ko_past_item *first,
                           const step *what, int64_t *ids, ko_error *err)
{
    size_t n = 0, changed;
    for (size_t i = 0; i < items->n; i++) {
        ko_past_item *item = &items->item[i];
        step next;
        if (item->notice_id != first->notice_id || !next_step(item, &next) || !is_same(what, &next))
            continue;
        ids[n++] = item->id;
    }
    const ko_notice_event event = {.notice_id = first->notice_id,
                                   .state = what->state,
                                   .on = what->on,
                                   .ref = what->state == KO_NOTICE_FILED ? first->says.ref : "",
                                   .note = what->dated ? "" : KO_PAST_UNDATED,
                                   .who = KO_PAST_WHO};
    const ko_status st = ko_notice_tell(store, &event, ids, n, &changed, err);
    for (size_t i = 0; st == KO_OK && i < items->n; i++) {
        ko_past_item *item = &items->item[i];
        step next;
        if (item->notice_id != first->notice_id || !next_step(item, &next) || !is_same(what, &next))
            continue;
        item->state = what->state;
        item->state_on = what->on;
        item->had |= 1U << what->state;
        item->is_told = true;
    }
    return st;
}

static void count(const ko_past_items *items, ko_past_counts *counts)
{
    for (size_t i = 0; i < items->n; i++) {
        const ko_past_item *item = &items->item[i];
        counts->more += item->is_told && !item->is_new;
        counts->told[item->state] += item->is_told;
    }
}

ko_status ko_past_items_tell(ko_store *store, ko_past_items *items, ko_past_counts *counts,
                             ko_error *err)
{
    ko_status st = KO_OK;
    int64_t *ids = ko_alloc_array(items->n, sizeof *ids);
    if (!ids)
        return ko_fail(err, KO_E_NOMEM, "no memory for items of notices");
    for (size_t i = 0; st == KO_OK && i < items->n; i++) {
        step what;
        while (st == KO_OK && next_step(&items->item[i], &what))
            st = tell_step(store, items, &items->item[i], &what, ids, err);
    }
    count(items, counts);
    ko_free(ids);
    return st;
}
