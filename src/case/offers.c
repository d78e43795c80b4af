#include "case/offers.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "report/json.h"
#include "store/candidate.h"
#include "store/notice.h"
#include "store/seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct tracing {
    const ko_ledger *ledger;
    const ko_ledger_seller *seller;
    ko_offer_trace *traces; /* by listing */
    size_t n, capacity, next;
    ko_offer_fn *fn;
    void *context;
    ko_error *err;
} tracing;

/* --- finding them --- */

static ko_offer_trace *add_trace(tracing *t)
{
    ko_offer_trace *traces = ko_grown(t->traces, t->n, &t->capacity, sizeof *traces);
    if (!traces) {
        (void)ko_fail(t->err, KO_E_NOMEM, "no memory for %zu offers of a seller", t->n);
        return NULL;
    }
    t->traces = traces;
    traces[t->n] = (ko_offer_trace){.order = t->n};
    return &traces[t->n++];
}

static bool is_of(const tracing *t, const ko_listing *record)
{
    return ko_ledger_of(t->ledger, record->platform, record->url, record->seller_id,
                        record->seller) == t->seller;
}

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    tracing *t = context;
    if (!is_of(t, &c->listing->record))
        return KO_OK;
    ko_offer_trace *added = add_trace(t);
    if (!added)
        return KO_E_NOMEM;
    added->listing_id = c->listing->id;
    added->candidate = c->id;
    added->work_id = c->work->id;
    (void)snprintf(added->serial, sizeof added->serial, "%s", c->work->serial);
    added->state = ko_candidate_state_name(c->state);
    return KO_OK;
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    tracing *t = context;
    if (ko_ledger_of(t->ledger, item->platform, item->url, item->seller_id, item->seller) !=
        t->seller)
        return KO_OK;
    ko_offer_trace *added = add_trace(t);
    if (!added)
        return KO_E_NOMEM;
    added->listing_id = item->listing_id;
    added->notice = item->notice_id;
    added->state = ko_notice_state_name(item->state);
    added->on = item->state_on;
    added->url = ko_strdup(item->url);
    return added->url ? KO_OK : ko_fail(t->err, KO_E_NOMEM, "no memory for offers of a seller");
}

/* Reads the candidates of the seller: by each of its names, which is fast, unless it is a whole
 * host, whose listings need not say any. */
static ko_status find_candidates(tracing *t, ko_store *store)
{
    const ko_ledger_seller *seller = t->seller;
    bool is_host = false;
    ko_status st = KO_OK;
    for (size_t i = 0; i < seller->n_names; i++)
        is_host = is_host || strcmp(seller->names[i].text, seller->place) == 0;
    if (is_host)
        return ko_candidate_each(store, &(ko_candidate_filter){0}, on_candidate, t, t->err);
    for (size_t i = 0; st == KO_OK && i < seller->n_names; i++) {
        const ko_candidate_filter own = {.seller = seller->names[i].text};
        if (seller->names[i].kind == KO_ALIAS_NAME || seller->names[i].kind == KO_ALIAS_STORE)
            st = ko_candidate_each(store, &own, on_candidate, t, t->err);
    }
    return st;
}

/* Of one listing candidates come first. One may have been found by its name and by its number. */
static int compare_traces(const void *a, const void *b)
{
    const ko_offer_trace *x = a, *y = b;
    if (x->listing_id != y->listing_id)
        return x->listing_id < y->listing_id ? -1 : 1;
    if (!x->candidate != !y->candidate)
        return x->candidate ? -1 : 1;
    if (x->candidate != y->candidate)
        return x->candidate < y->candidate ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static void sort_traces(tracing *t)
{
    size_t n = 0;
    if (t->n > 1)
        qsort(t->traces, t->n, sizeof *t->traces, compare_traces);
    for (size_t i = 0; i < t->n; i++)
        if (n == 0 || !t->traces[i].candidate ||
            t->traces[i].candidate != t->traces[n - 1].candidate)
            t->traces[n++] = t->traces[i];
    t->n = n;
}

/* --- handing them out --- */

static ko_status on_listing(void *context, const ko_seen *seen)
{
    tracing *t = context;
    if (!is_of(t, &seen->record))
        return KO_OK;
    while (t->next < t->n && t->traces[t->next].listing_id < seen->id)
        t->next++;
    const size_t first = t->next;
    while (t->next < t->n && t->traces[t->next].listing_id == seen->id)
        t->next++;
    const ko_offer offer = {.listing_id = seen->id,
                            .url = seen->record.url,
                            .title = seen->record.title,
                            .first_seen = seen->first_seen,
                            .last_seen = seen->last_seen,
                            .traces = t->traces + first,
                            .n_traces = t->next - first};
    return t->fn(t->context, &offer);
}

/* What only a notice of a sheet names. */
static ko_status hand_unknown(tracing *t)
{
    ko_status st = KO_OK;
    for (; st == KO_OK && t->next < t->n && t->traces[t->next].listing_id == 0; t->next++) {
        const ko_offer offer = {.url = t->traces[t->next].url,
                                .title = "",
                                .traces = &t->traces[t->next],
                                .n_traces = 1};
        st = t->fn(t->context, &offer);
    }
    return st;
}

ko_status ko_offers_each(ko_store *store, const ko_ledger *ledger, const ko_ledger_seller *seller,
                         ko_offer_fn *fn, void *context, ko_error *err)
{
    tracing t = {.ledger = ledger, .seller = seller, .fn = fn, .context = context, .err = err};
    ko_status st = find_candidates(&t, store);
    if (st == KO_OK)
        st = ko_notice_item_each(store, 0, 0, on_item, &t, err);
    if (st == KO_OK) {
        sort_traces(&t);
        st = hand_unknown(&t);
    }
    if (st == KO_OK)
        st = ko_seen_each(store, 0, on_listing, &t, err);
    for (size_t i = 0; i < t.n; i++)
        ko_free(t.traces[i].url);
    ko_free(t.traces);
    return st;
}

/* --- for programs --- */

static json_t *trace_json(const ko_offer_trace *of)
{
    if (of->candidate)
        return json_pack("{s:I, s:s, s:s}", "candidate", (json_int_t)of->candidate, "serial",
                         of->serial, "state", of->state);
    return json_pack("{s:I, s:s, s:o}", "notice", (json_int_t)of->notice, "state", of->state, "on",
                     ko_json_day(of->on));
}

json_t *ko_offer_json(const ko_offer *offer)
{
    json_t *candidates = json_array(), *notices = json_array();
    char at[KO_TIME_SIZE] = "";
    for (size_t i = 0; i < offer->n_traces; i++) {
        const ko_offer_trace *of = &offer->traces[i];
        (void)json_array_append_new(of->candidate ? candidates : notices, trace_json(of));
    }
    if (offer->listing_id)
        ko_clock_text(offer->first_seen, at);
    return json_pack("{s:o, s:o, s:s, s:o, s:o}", "url", ko_json_string(offer->url), "title",
                     ko_json_string(offer->title), "first_seen", at, "candidates", candidates,
                     "notices", notices);
}
