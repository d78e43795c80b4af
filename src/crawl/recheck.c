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
#include "crawl/recheck_judge.h"
#include "crawl/state.h"
#include "page/record.h"
#include "store/look_shown.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- what is under way --- */

typedef enum front {
    FRONT_UNKNOWN,
    FRONT_ASKED,
    FRONT_WORKS, /* or need not be asked for */
    FRONT_GONE,
    FRONT_SILENT,
    FRONT_BLOCKED
} front;

typedef struct look_host {
    struct look_host *next;
    size_t asked;
    unsigned refusals; /* in a row */
    front front;
    char front_said[KO_FINDING_REASON_SIZE];
    size_t n;
    char origin[]; /* scheme, name and port, "/": its front page */
} look_host;

typedef struct looking_at {
    int64_t listing_id;
    char *key, *url;
    look_host *host;
    bool held; /* found gone, and the front page is still to be heard */
    ko_look_found found;
    char reason[KO_FINDING_REASON_SIZE];
} looking_at;

typedef struct recheck {
    ko_crawl crawl;
    ko_crawl_counts pictures; /* what became of them; not told */
    ko_recheck_counts *counts;
    looking_at *looks;
    size_t n, capacity;
    look_host *hosts;
    bool fetches; /* pictures, for a listing that shows others */
} recheck;

/* --- which --- */

static look_host *find_host(recheck *r, const ko_look_due *due)
{
    const char *name = strstr(due->url, "://");
    const size_t n = name ? (size_t)(name - due->url) + 3 + strcspn(name + 3, "/?") : 0;
    look_host *host = r->hosts;
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
    host->front = market ? FRONT_WORKS : FRONT_UNKNOWN;
    host->next = r->hosts;
    r->hosts = host;
    return host;
}

static ko_status on_due(void *context, const ko_look_due *due)
{
    recheck *r = context;
    look_host *host = find_host(r, due);
    looking_at *grown = host ? ko_grown(r->looks, r->n, &r->capacity, sizeof *grown) : NULL;
    if (!grown)
        return ko_fail(r->crawl.err, KO_E_NOMEM, "looking at %zu listings", r->n);
    r->looks = grown;
    if (host->asked == KO_MAX_RECHECKS_HOST) {
        r->counts->left++;
        return KO_OK;
    }
    host->asked++;
    looking_at *look = &r->looks[r->n++];
    *look = (looking_at){.listing_id = due->listing_id,
                         .key = ko_strdup(due->key),
                         .url = ko_strdup(due->url),
                         .host = host};
    return look->key && look->url
               ? KO_OK
               : ko_fail(r->crawl.err, KO_E_NOMEM, "looking at %zu listings", r->n);
}

/* In steps, between which others may write. */
static ko_status enrol(recheck *r)
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

static ko_status choose(recheck *r, const int64_t *listings, size_t n)
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

static ko_status ask(recheck *r, const char *url, void *owner, int64_t id)
{
    const ko_net_request request = {
        .url = url, .max_bytes = KO_MAX_PAGE_BYTES, .owner = owner, .id = id};
    return ko_net_add(r->crawl.options->net, &request, r->crawl.err);
}

static ko_status ask_look(recheck *r, size_t index)
{
    return ask(r, r->looks[index].url, NULL, -1 - (int64_t)index);
}

static ko_status ask_front(recheck *r, look_host *host)
{
    host->front = FRONT_ASKED;
    return ask(r, host->origin, host, 0);
}

/* --- writing down --- */

static ko_status write_look(recheck *r, const ko_look_found *found)
{
    size_t *const of_outcome[KO_LOOK_OUTCOMES] = {
        [KO_LOOK_ALIVE] = &r->counts->alive,
        [KO_LOOK_GONE] = &r->counts->gone,
        [KO_LOOK_CHANGED] = &r->counts->changed,
        [KO_LOOK_BLOCKED] = &r->counts->blocked,
        [KO_LOOK_UNREACHABLE] = &r->counts->unreachable,
    };
    bool changed = false;
    const ko_status st = ko_look_add(r->crawl.options->store, found, &changed, r->crawl.err);
    r->counts->looked++;
    r->counts->changes += changed;
    ++*of_outcome[found->outcome];
    return st;
}

/* What it means that a listing is gone from a site of which that is known. */
static ko_status write_gone(recheck *r, looking_at *look)
{
    const look_host *host = look->host;
    ko_look_found found = look->found;
    char reason[KO_FINDING_REASON_SIZE];
    found.reason = look->reason;
    found.site_gone = host->front == FRONT_GONE;
    look->held = false;
    if (host->front == FRONT_SILENT || host->front == FRONT_BLOCKED) {
        (void)snprintf(reason, sizeof reason, "%.60s, but so is the front page: %.300s",
                       look->reason, host->front_said);
        found.reason = reason;
        found.outcome = host->front == FRONT_SILENT ? KO_LOOK_UNREACHABLE : KO_LOOK_BLOCKED;
    }
    return write_look(r, &found);
}

static ko_status release(recheck *r, look_host *host, front now)
{
    ko_status st = ko_crawl_write(&r->crawl);
    host->front = now;
    for (size_t i = 0; st == KO_OK && i < r->n; i++)
        if (r->looks[i].host == host && r->looks[i].held)
            st = write_gone(r, &r->looks[i]);
    return st;
}

/* --- what a listing shows --- */

/* One answer on its way into the database. */
typedef struct taking {
    recheck *r;
    looking_at *look;
    const ko_net_answer *answer;
    ko_page page;
    ko_finding finding;
    ko_look_found found;
    bool tells; /* cases something: it shows the work, or may */
} taking;

/* The pictures of an offer. */
typedef struct shown {
    ko_listing record;
    const char *urls[KO_MAX_LISTING_IMAGES];
    size_t n;
} shown;

static ko_status read_shown(const taking *t, shown *out)
{
    const ko_status st = ko_offer_record(t->finding.offer, &out->record, t->r->crawl.err);
    for (size_t i = 0; i < out->record.n_pictures && out->n < KO_MAX_LISTING_IMAGES; i++)
        if (out->record.pictures[i].url[0])
            out->urls[out->n++] = out->record.pictures[i].url;
    return st;
}

static ko_status keep_outcome(void *context, const ko_look *look)
{
    *(ko_look_outcome *)context = look->outcome;
    return KO_OK;
}

/* A bait is swapped for a picture that was not there before: pages may name fewer pictures than
 * the list did that the listing was found by. While new ones are awaited, it stays what it was. */
static ko_status weigh(taking *t, ko_shown_verdict verdict, bool fresh)
{
    ko_look_outcome before = KO_LOOK_NONE;
    const ko_status st = ko_look_one(t->r->crawl.options->store, t->look->listing_id, keep_outcome,
                                     &before, t->r->crawl.err);
    const bool swapped = before == KO_LOOK_CHANGED;
    if ((verdict == KO_SHOWN_OTHER && (fresh || swapped)) ||
        (verdict == KO_SHOWN_WAITS && swapped)) {
        t->found.outcome = KO_LOOK_CHANGED;
        t->found.reason = KO_LOOK_OTHER_PICTURES;
    }
    t->r->fetches |= verdict == KO_SHOWN_WAITS;
    t->tells = verdict == KO_SHOWN_SAME || verdict == KO_SHOWN_WAITS;
    return st;
}

/* A seller's page may have another address than the one that the listing is known by. */
static ko_status adopt(const taking *t)
{
    ko_page_offer *offer = t->finding.offer;
    ko_free(offer->field[KO_OFFER_URL]);
    offer->field[KO_OFFER_URL] = NULL;
    const ko_status st = ko_offer_set(offer, KO_OFFER_URL, t->look->url, NULL);
    return st == KO_OK ? st : ko_fail(t->r->crawl.err, st, "%s", t->look->url);
}

/* A listing that is offered: what is new about it is kept, and what it shows decides. */
static ko_status take_alive(taking *t, ko_ingest *ingest)
{
    ko_store *store = t->r->crawl.options->store;
    ko_error *err = t->r->crawl.err;
    const int64_t id = t->look->listing_id;
    ko_shown_verdict verdict = KO_SHOWN_UNKNOWN;
    bool fresh = false;
    shown s = {.n = 0};
    ko_status st = adopt(t);
    if (st == KO_OK)
        st = read_shown(t, &s);
    if (st == KO_OK)
        st = ko_look_is_new(store, id, s.urls, s.n, &fresh, err);
    if (st == KO_OK)
        st = ko_ingest_page(ingest, &t->answer->reply, NULL, &t->page, err);
    if (st == KO_OK)
        st = ko_look_compare(store, id, s.urls, s.n, &verdict, err);
    ko_listing_free(&s.record);
    return st == KO_OK ? weigh(t, verdict, fresh) : st;
}

/* Something else stands there: only if it shows the same pictures, the listing moved. */
static ko_status take_moved(taking *t)
{
    ko_shown_verdict verdict = KO_SHOWN_UNKNOWN;
    shown s = {.n = 0};
    ko_status st = read_shown(t, &s);
    if (st == KO_OK)
        st = ko_look_compare(t->r->crawl.options->store, t->look->listing_id, s.urls, s.n, &verdict,
                             t->r->crawl.err);
    ko_listing_free(&s.record);
    if (verdict == KO_SHOWN_SAME) {
        t->found.outcome = KO_LOOK_ALIVE;
        t->tells = true;
    }
    return st;
}

/* --- one answer --- */

static ko_status keep_in(taking *t, ko_ingest *ingest)
{
    const ko_reply *reply = &t->answer->reply;
    ko_status st = KO_OK;
    if (reply->status && t->found.outcome != KO_LOOK_UNREACHABLE)
        st = ko_ingest_answer(ingest, reply, &t->found.answer_id, t->r->crawl.err);
    if (st == KO_OK && t->found.outcome == KO_LOOK_ALIVE)
        st = take_alive(t, ingest);
    else if (st == KO_OK && t->finding.moved)
        st = take_moved(t);
    return st;
}

/* Into the archive and the store; the name of what it was found in stays the listing's. */
static ko_status keep_answer(taking *t)
{
    const ko_crawl_options *o = t->r->crawl.options;
    ko_error *err = t->r->crawl.err;
    ko_ingest *ingest = NULL;
    ko_ingest_counts ignored = {0};
    ko_status st = ko_ingest_begin(o->store, o->archive, "", o->problems, &ingest, err);
    if (st != KO_OK)
        return st;
    st = keep_in(t, ingest);
    if (st == KO_OK)
        return ko_ingest_end(ingest, &ignored, err);
    ko_ingest_abandon(ingest);
    return st;
}

/* A 404 of a site that did not show yet that it works waits. */
static ko_status settle_gone(taking *t)
{
    looking_at *look = t->look;
    look->found = t->found;
    (void)snprintf(look->reason, sizeof look->reason, "%s", t->found.reason);
    if (!t->finding.by_status || look->host->front > FRONT_ASKED)
        return write_gone(t->r, look);
    look->held = true;
    return look->host->front == FRONT_UNKNOWN ? ask_front(t->r, look->host) : KO_OK;
}

static ko_status settle_seen(taking *t)
{
    const ko_look_outcome outcome = t->found.outcome;
    const bool seen = outcome == KO_LOOK_ALIVE || outcome == KO_LOOK_CHANGED;
    ko_status st = write_look(t->r, &t->found);
    if (st == KO_OK && outcome == KO_LOOK_ALIVE && !t->tells)
        st = ko_look_taken(t->r->crawl.options->store, t->look->listing_id, t->r->crawl.err);
    return st == KO_OK && seen ? release(t->r, t->look->host, FRONT_WORKS) : st;
}

static ko_status write_down(taking *t)
{
    ko_status st = ko_crawl_write(&t->r->crawl);
    t->found = (ko_look_found){.listing_id = t->look->listing_id,
                               .outcome = t->finding.outcome,
                               .reason = t->finding.reason,
                               .at = ko_clock_now()};
    if (st == KO_OK)
        st = keep_answer(t);
    if (st != KO_OK)
        return st;
    return t->found.outcome == KO_LOOK_GONE ? settle_gone(t) : settle_seen(t);
}

/* It was not asked for: as soon as the host lets us. */
static ko_status put_off(recheck *r, const looking_at *look, const ko_net_answer *answer)
{
    const int64_t until = answer->not_before ? answer->not_before : ko_clock_now() + KO_LATER_S;
    r->counts->left++;
    const ko_status st = ko_crawl_write(&r->crawl);
    return st == KO_OK
               ? ko_look_put_off(r->crawl.options->store, look->listing_id, until, r->crawl.err)
               : st;
}

static void leave_host(const recheck *r, const ko_net_answer *answer, const char *wall)
{
    ko_net_leave(r->crawl.options->net, answer->reply.url, wall);
    ko_net_leave(r->crawl.options->net, answer->reply.final_url, wall);
}

static ko_status on_look(recheck *r, looking_at *look, const ko_net_answer *answer)
{
    taking t = {.r = r, .look = look, .answer = answer};
    ko_error why = {0};
    if (answer->outcome == KO_NET_STOPPED) {
        r->counts->left++;
        return KO_OK;
    }
    const bool read =
        answer->reply.size > 0 && ko_ingest_read(&answer->reply, NULL, &t.page, &why) == KO_OK;
    ko_finding_judge(look->key, answer, read ? &t.page : NULL,
                     why.text[0] ? why.text : "an empty page", &t.finding);
    if (read && t.page.blocked && t.finding.outcome == KO_LOOK_BLOCKED)
        leave_host(r, answer, t.page.blocked);
    ko_crawl_count_refusal(&r->crawl, answer, &look->host->refusals);
    const ko_status st =
        t.finding.outcome == KO_LOOK_NONE ? put_off(r, look, answer) : write_down(&t);
    ko_page_free(&t.page);
    r->crawl.in_batch++;
    return st;
}

/* --- front pages --- */

static front judge_front(const ko_net_answer *answer)
{
    ko_page page = {0};
    const bool read = answer->reply.size > 0 && answer->outcome != KO_NET_GONE &&
                      ko_ingest_read(&answer->reply, NULL, &page, NULL) == KO_OK;
    const bool wall = read && page.blocked;
    ko_page_free(&page);
    if (wall || answer->outcome == KO_NET_DENIED || answer->outcome == KO_NET_LEFT)
        return FRONT_BLOCKED;
    switch (answer->outcome) {
    case KO_NET_DATA:
        return FRONT_WORKS;
    case KO_NET_GONE:
    case KO_NET_ROBOTS: /* it may not be asked for: the listings alone have to tell, for long */
    case KO_NET_BUDGET:
        return FRONT_GONE;
    default:
        return FRONT_SILENT;
    }
}

static ko_status on_front(recheck *r, look_host *host, const ko_net_answer *answer)
{
    if (answer->outcome == KO_NET_STOPPED) {
        for (size_t i = 0; i < r->n; i++)
            r->counts->left += r->looks[i].host == host && r->looks[i].held;
        return KO_OK;
    }
    (void)snprintf(host->front_said, sizeof host->front_said, "%s", answer->text);
    return host->front == FRONT_ASKED ? release(r, host, judge_front(answer)) : KO_OK;
}

/* --- the run --- */

static ko_status on_answer(void *context, const ko_net_answer *answer)
{
    recheck *r = context;
    ko_status st;
    if (answer->id > 0)
        st = ko_pictures_answer(&r->crawl, answer->owner, answer);
    else if (answer->id < 0)
        st = on_look(r, &r->looks[-1 - answer->id], answer);
    else
        st = on_front(r, answer->owner, answer);
    if (st == KO_OK && r->fetches)
        st = ko_pictures_ask(&r->crawl);
    return st == KO_OK ? ko_crawl_settle(&r->crawl, false) : st;
}

static ko_status on_tick(void *context)
{
    recheck *r = context;
    return ko_crawl_settle(&r->crawl, false);
}

static ko_status ask_all(recheck *r)
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

static ko_status tell_next(recheck *r)
{
    ko_look_counts counts;
    const ko_status st =
        ko_look_count(r->crawl.options->store, ko_clock_now(), &counts, r->crawl.err);
    if (st == KO_OK)
        r->counts->next_at = counts.next_at;
    return st;
}

static ko_status run(recheck *r, const int64_t *listings, size_t n)
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
    recheck r = {.counts = out_counts};
    r.crawl = (ko_crawl){.options = options, .counts = &r.pictures, .err = &own};
    ko_pictures_init(&r.crawl.pictures);
    const ko_status st = run(&r, listings, n);
    ko_pictures_free(&r.crawl.pictures);
    for (size_t i = 0; i < r.n; i++) {
        ko_free(r.looks[i].key);
        ko_free(r.looks[i].url);
    }
    ko_free(r.looks);
    for (look_host *host = r.hosts, *next; host; host = next) {
        next = host->next;
        ko_free(host);
    }
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}
