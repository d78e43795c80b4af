/* All listings of a run are handed to the net at once, which asks each host at its own pace. Each
 * answer is kept and its look written down in one transaction, as answers of a crawl are.
 *
 * A shop that moved or broke answers 404 to everything. So before a 404 counts, the site must have
 * shown that it works: by another listing that is alive, or by its front page, which is asked for
 * once. Meanwhile the look is held back in memory; a kill costs no more than asking again. Where
 * the front page is gone too, the shop may be closed for good: the look counts, but takes long to
 * be sure (KO_LOOK_SITE_SURE_S). Where it is silent or blocked, so is the listing. The markets that
 * we know are never closed as a whole. */
#include "crawl/recheck.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "crawl/recheck_state.h"
#include "store/look_shown.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- which --- */

static ko_look_host *find_host(ko_recheck *r, const ko_look_due *due)
{
    const char *name = strstr(due->url, "://");
    const size_t n = name ? (size_t)(name - due->url) + 3 + strcspn(name + 3, "/?") : 0;
    ko_look_host *host = r->hosts;
    while (host && (host->n != n || memcmp(host->origin, due->url, n) != 0))
        host = host->next;
    if (host)
        return host;
    host = ko_alloc_zero(1, sizeof *host + n + 2);
    if (!host)
        return NULL;
    memcpy(host->origin, due->url, n);
    host->origin[n] = '/';
    host->n = n;
    /* The shape of an URL that shop software has is no market. */
    const bool market = due->platform[0] && strcmp(due->platform, "shopify") != 0 &&
                        strcmp(due->platform, "woocommerce") != 0;
    host->front = market ? KO_FRONT_WORKS : KO_FRONT_UNKNOWN;
    host->next = r->hosts;
    r->hosts = host;
    return host;
}

static ko_status on_due(void *context, const ko_look_due *due)
{
    ko_recheck *r = context;
    ko_look_host *host = find_host(r, due);
    ko_looking_at *grown = host ? ko_grown(r->looks, r->n, &r->capacity, sizeof *grown) : NULL;
    if (!grown)
        return ko_fail(r->crawl.err, KO_E_NOMEM, "looking at %zu listings", r->n);
    r->looks = grown;
    if (host->asked == KO_MAX_RECHECKS_HOST) {
        r->counts->left++;
        return KO_OK;
    }
    host->asked++;
    ko_looking_at *look = &r->looks[r->n++];
    *look = (ko_looking_at){.listing_id = due->listing_id,
                            .key = ko_strdup(due->key),
                            .url = ko_strdup(due->url),
                            .host = host};
    return look->key && look->url
               ? KO_OK
               : ko_fail(r->crawl.err, KO_E_NOMEM, "looking at %zu listings", r->n);
}

/* In steps, between which others may write. */
static ko_status enrol(ko_recheck *r)
{
    bool more = true;
    ko_status st = KO_OK;
    while (st == KO_OK && more && !ko_stop_asked()) {
        st = ko_crawl_write(&r->crawl);
        if (st == KO_OK)
            st = ko_looks_enrol(r->crawl.options->store, &more, r->crawl.err);
        if (st == KO_OK)
            st = ko_crawl_settle(&r->crawl, true);
    }
    return st;
}

static ko_status choose(ko_recheck *r, const int64_t *listings, size_t n)
{
    ko_store *store = r->crawl.options->store;
    ko_status st = enrol(r);
    if (st == KO_OK)
        st = ko_crawl_write(&r->crawl);
    if (st == KO_OK)
        st = ko_looks_settle(store, &r->counts->changes, r->crawl.err);
    if (st == KO_OK && n == 0)
        st = ko_look_due_each(store, ko_clock_now(), KO_MAX_RECHECKS, on_due, r, r->crawl.err);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = ko_look_due_one(store, listings[i], on_due, r, r->crawl.err);
    return st == KO_OK ? ko_crawl_settle(&r->crawl, true) : st;
}

/* --- asking; what is asked for is told by id: pictures have numbers from 1 on --- */

static ko_status ask(ko_recheck *r, const char *url, void *owner, int64_t id)
{
    const ko_net_request request = {
        .url = url, .max_bytes = KO_MAX_PAGE_BYTES, .owner = owner, .id = id};
    return ko_net_add(r->crawl.options->net, &request, r->crawl.err);
}

static ko_status ask_look(ko_recheck *r, size_t index)
{
    return ask(r, r->looks[index].url, NULL, -1 - (int64_t)index);
}

ko_status ko_recheck_ask_front(ko_recheck *r, ko_look_host *host)
{
    host->front = KO_FRONT_ASKED;
    return ask(r, host->origin, host, 0);
}

/* --- front pages --- */

static ko_front judge_front(const ko_net_answer *answer)
{
    ko_page page = {0};
    const bool read = answer->reply.size > 0 && answer->outcome != KO_NET_GONE &&
                      ko_ingest_read(&answer->reply, NULL, &page, NULL) == KO_OK;
    const bool wall = read && page.blocked;
    ko_page_free(&page);
    if (wall || answer->outcome == KO_NET_DENIED || answer->outcome == KO_NET_LEFT)
        return KO_FRONT_BLOCKED;
    switch (answer->outcome) {
    case KO_NET_DATA:
        return KO_FRONT_WORKS;
    case KO_NET_GONE:
    case KO_NET_ROBOTS: /* it may not be asked for: the listings alone have to tell, for long */
    case KO_NET_BUDGET:
        return KO_FRONT_GONE;
    default:
        return KO_FRONT_SILENT;
    }
}

static ko_status on_front(ko_recheck *r, ko_look_host *host, const ko_net_answer *answer)
{
    if (answer->outcome == KO_NET_STOPPED) {
        for (size_t i = 0; i < r->n; i++)
            r->counts->left += r->looks[i].host == host && r->looks[i].held;
        return KO_OK;
    }
    (void)snprintf(host->front_said, sizeof host->front_said, "%s",
                   answer->text[0] ? answer->text : "a wall");
    return host->front == KO_FRONT_ASKED ? ko_recheck_release(r, host, judge_front(answer)) : KO_OK;
}

/* --- the run --- */

static ko_status on_answer(void *context, const ko_net_answer *answer)
{
    ko_recheck *r = context;
    ko_status st;
    if (answer->id > 0)
        st = ko_pictures_answer(&r->crawl, answer->owner, answer);
    else if (answer->id < 0)
        st = ko_recheck_take(r, &r->looks[-1 - answer->id], answer);
    else
        st = on_front(r, answer->owner, answer);
    if (st == KO_OK && r->fetches)
        st = ko_pictures_ask(&r->crawl);
    return st == KO_OK ? ko_crawl_settle(&r->crawl, false) : st;
}

static ko_status on_tick(void *context)
{
    ko_recheck *r = context;
    return ko_crawl_settle(&r->crawl, false);
}

static ko_status ask_all(ko_recheck *r)
{
    ko_net *net = r->crawl.options->net;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < r->n; i++)
        st = ask_look(r, i);
    ko_net_on_tick(net, on_tick, r);
    if (st == KO_OK)
        st = ko_net_run(net, on_answer, r, r->crawl.err);
    ko_net_on_tick(net, NULL, NULL);
    return st;
}

static ko_status tell_next(ko_recheck *r)
{
    ko_look_counts counts;
    const ko_status st =
        ko_look_count(r->crawl.options->store, ko_clock_now(), &counts, r->crawl.err);
    if (st == KO_OK)
        r->counts->next_at = counts.next_at;
    return st;
}

static ko_status run(ko_recheck *r, const int64_t *listings, size_t n)
{
    ko_status st = choose(r, listings, n);
    if (st == KO_OK)
        st = ask_all(r);
    if (st == KO_OK)
        st = ko_crawl_settle(&r->crawl, true);
    if (st != KO_OK && r->crawl.writing)
        ko_store_rollback(r->crawl.options->store);
    if (st == KO_OK)
        st = tell_next(r);
    if (st == KO_OK && ko_stop_asked())
        st = ko_fail(r->crawl.err, KO_E_STOPPED, "stopped; what was found is kept");
    return st;
}

ko_status ko_recheck_run(const ko_crawl_options *options, const int64_t *listings, size_t n,
                         ko_recheck_counts *out_counts, ko_error *err)
{
    assert(options->store && options->archive && options->net && options->problems && out_counts);
    ko_error own = {0};
    *out_counts = (ko_recheck_counts){0};
    ko_recheck r = {.counts = out_counts};
    r.crawl = (ko_crawl){.options = options, .counts = &r.pictures, .err = &own};
    ko_pictures_init(&r.crawl.pictures);
    const ko_status st = run(&r, listings, n);
    ko_pictures_free(&r.crawl.pictures);
    for (size_t i = 0; i < r.n; i++) {
        ko_free(r.looks[i].key);
        ko_free(r.looks[i].url);
    }
    ko_free(r.looks);
    for (ko_look_host *host = r.hosts, *next; host; host = next) {
        next = host->next;
        ko_free(host);
    }
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}
