#include "cli/seller_offers.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "store/candidate.h"
#include "store/notice.h"

#include <stdlib.h>
#include <string.h>

/* What is known of a listing: that it shows a work, or that a notice names it. */
typedef struct trace {
    int64_t listing_id;        /* 0: of a notice, and not known */
    size_t order;              /* of those of one listing */
    int64_t candidate, notice; /* one of them is 0 */
    char serial[KO_SERIAL_SIZE];
    const char *state;
    ko_day on; /* of a notice: it came to be so */
    char *url; /* of a notice; owned */
} trace;

typedef struct tracing {
    const ko_ledger *ledger;
    const ko_ledger_seller *seller;
    json_t *offers; /* NULL: for people */
    trace *traces;  /* by listing */
    size_t n, capacity, next;
    ko_error *err;
} tracing;

/* --- finding them --- */

static trace *add_trace(tracing *t)
{
    trace *traces = ko_grown(t->traces, t->n, &t->capacity, sizeof *traces);
    if (!traces) {
        (void)ko_fail(t->err, KO_E_NOMEM, "no memory for %zu offers of a seller", t->n);
        return NULL;
    }
    t->traces = traces;
    traces[t->n] = (trace){.order = t->n};
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
    trace *added = add_trace(t);
    if (!added)
        return KO_E_NOMEM;
    added->listing_id = c->listing->id;
    added->candidate = c->id;
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
    trace *added = add_trace(t);
    if (!added)
        return KO_E_NOMEM;
    added->listing_id = item->listing_id;
    added->notice = item->notice_id;
    added->state = ko_notice_state_name(item->state);
    added->on = item->state_on;
    added->url = ko_strdup(item->url);
    return added->url ? KO_OK : ko_fail(t->err, KO_E_NOMEM, "no memory for offers of a seller");
}

static int compare_traces(const void *a, const void *b)
{
    const trace *x = a, *y = b;
    if (x->listing_id != y->listing_id)
        return x->listing_id < y->listing_id ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* --- showing them --- */

static void show_trace(const trace *of, json_t *candidates, json_t *notices)
{
    char on[KO_DAY_TEXT_SIZE];
    ko_day_text(of->on, on);
    if (of->candidate && candidates)
        (void)json_array_append_new(candidates, json_pack("{s:I, s:s, s:s}", "candidate",
                                                          (json_int_t)of->candidate, "serial",
                                                          of->serial, "state", of->state));
    else if (of->candidate)
        ko_print("      candidate %lld, %s: %s\n", (long long)of->candidate, of->serial, of->state);
    else if (notices)
        (void)json_array_append_new(notices,
                                    json_pack("{s:I, s:s, s:s}", "notice", (json_int_t)of->notice,
                                              "state", of->state, "on", on));
    else
        ko_print("      notice %lld: %s since %s\n", (long long)of->notice, of->state, on);
}

/* The traces [first, end) of one listing below its head line. */
static void show_offer(tracing *t, const char *url, const char *title, const char *first_seen,
                       size_t first, size_t end)
{
    json_t *candidates = t->offers ? json_array() : NULL,
           *notices = t->offers ? json_array() : NULL;
    if (!t->offers)
        ko_print("  %s  %s%s%s\n", url, title, title[0] ? "  " : "", first_seen);
    for (size_t i = first; i < end; i++)
        show_trace(&t->traces[i], candidates, notices);
    if (t->offers)
        (void)json_array_append_new(
            t->offers, json_pack("{s:o, s:o, s:o, s:o, s:o}", "url", ko_json_string(url), "title",
                                 ko_json_string(title), "first_seen", ko_json_string(first_seen),
                                 "candidates", candidates, "notices", notices));
}

static ko_status on_listing(void *context, const ko_seen *seen)
{
    tracing *t = context;
    const ko_listing *record = &seen->record;
    char at[KO_TIME_SIZE];
    if (!is_of(t, record))
        return KO_OK;
    while (t->next < t->n && t->traces[t->next].listing_id < seen->id)
        t->next++;
    const size_t first = t->next;
    while (t->next < t->n && t->traces[t->next].listing_id == seen->id)
        t->next++;
    ko_clock_text(seen->first_seen, at);
    show_offer(t, record->url, record->title, at, first, t->next);
    return KO_OK;
}

ko_status ko_seller_offers(ko_store *store, const ko_ledger *ledger, const ko_ledger_seller *seller,
                           json_t *offers, ko_error *err)
{
    tracing t = {.ledger = ledger, .seller = seller, .offers = offers, .err = err};
    ko_status st = ko_candidate_each(store, &(ko_candidate_filter){0}, on_candidate, &t, err);
    if (st == KO_OK)
        st = ko_notice_item_each(store, 0, 0, on_item, &t, err);
    if (st == KO_OK && t.n > 0)
        qsort(t.traces, t.n, sizeof *t.traces, compare_traces);
    /* Those that only a notice of a sheet names come first. */
    for (; st == KO_OK && t.next < t.n && t.traces[t.next].listing_id == 0; t.next++)
        show_offer(&t, t.traces[t.next].url, "", "", t.next, t.next + 1);
    if (st == KO_OK)
        st = ko_seen_each(store, 0, on_listing, &t, err);
    for (size_t i = 0; i < t.n; i++)
        ko_free(t.traces[i].url);
    ko_free(t.traces);
    return st;
}
