/* One answer: what it says, into the archive and the store. */
#include "crawl/recheck_state.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "page/record.h"
#include "store/look_shown.h"

#include <stdio.h>

/* --- writing down --- */

static ko_status write_look(ko_recheck *r, const ko_look_found *found)
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
static ko_status write_gone(ko_recheck *r, ko_looking_at *look)
{
    const ko_look_host *host = look->host;
    ko_look_found found = look->found;
    char reason[KO_FINDING_REASON_SIZE];
    found.reason = look->reason;
    found.site_gone = host->front == KO_FRONT_GONE;
    look->held = false;
    if (host->front == KO_FRONT_SILENT || host->front == KO_FRONT_BLOCKED) {
        (void)snprintf(reason, sizeof reason, "%.60s; the front page of the site: %.300s",
                       look->reason, host->front_said);
        found.reason = reason;
        found.outcome = host->front == KO_FRONT_SILENT ? KO_LOOK_UNREACHABLE : KO_LOOK_BLOCKED;
    }
    return write_look(r, &found);
}

ko_status ko_recheck_release(ko_recheck *r, ko_look_host *host, ko_front front)
{
    ko_status st = ko_crawl_write(&r->crawl);
    host->front = front;
    for (size_t i = 0; st == KO_OK && i < r->n; i++)
        if (r->looks[i].host == host && r->looks[i].held)
            st = write_gone(r, &r->looks[i]);
    return st;
}

/* --- what a listing shows --- */

/* One answer on its way into the database. */
typedef struct taking {
    ko_recheck *r;
    ko_looking_at *look;
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

/* A seller's page may have another address than the one that the listing is known by. */
static ko_status adopt(const taking *t)
{
    ko_page_offer *offer = t->finding.offer;
    ko_free(offer->field[KO_OFFER_URL]);
    offer->field[KO_OFFER_URL] = NULL;
    const ko_status st = ko_offer_set(offer, KO_OFFER_URL, t->look->url, NULL);
    return st == KO_OK ? st : ko_fail(t->r->crawl.err, st, "%s", t->look->url);
}

/* Does the listing show pictures that it never showed, or did it when last looked at? A page may
 * name fewer than the list that the listing was found by: that is no swap. */
static ko_status may_be_swapped(const taking *t, const shown *s, bool *out_was, bool *out_may)
{
    ko_store *store = t->r->crawl.options->store;
    ko_look_outcome before = KO_LOOK_NONE;
    bool fresh = false;
    ko_status st = ko_look_one(store, t->look->listing_id, keep_outcome, &before, t->r->crawl.err);
    if (st == KO_OK)
        st = ko_look_is_new(store, t->look->listing_id, s->urls, s->n, &fresh, t->r->crawl.err);
    *out_was = before == KO_LOOK_CHANGED;
    *out_may = fresh || *out_was;
    return st;
}

/* While new pictures are awaited, the listing stays what it was. */
static void conclude(taking *t, ko_shown_verdict verdict, bool was_swapped)
{
    if (verdict == KO_SHOWN_OTHER || (verdict == KO_SHOWN_WAITS && was_swapped)) {
        t->found.outcome = KO_LOOK_CHANGED;
        t->found.reason = KO_LOOK_OTHER_PICTURES;
    }
    t->r->fetches |= verdict == KO_SHOWN_WAITS;
    t->tells = verdict == KO_SHOWN_SAME || verdict == KO_SHOWN_WAITS;
}

/* A listing that is offered: what is new about it is kept, and what it shows decides. */
static ko_status take_alive(taking *t, ko_ingest *ingest)
{
    ko_error *err = t->r->crawl.err;
    ko_shown_verdict verdict = KO_SHOWN_UNKNOWN;
    bool was_swapped = false, may_be = false;
    shown s = {.n = 0};
    ko_status st = adopt(t);
    if (st == KO_OK)
        st = read_shown(t, &s);
    if (st == KO_OK)
        st = may_be_swapped(t, &s, &was_swapped, &may_be);
    if (st == KO_OK)
        st = ko_ingest_page(ingest, &t->answer->reply, NULL, &t->page, err);
    if (st == KO_OK)
        st = ko_look_compare(t->r->crawl.options->store, t->look->listing_id, s.urls, s.n, may_be,
                             &verdict, err);
    ko_listing_free(&s.record);
    conclude(t, verdict, was_swapped);
    return st;
}

/* Something else stands there: only if it shows the same pictures, the listing moved. */
static ko_status take_moved(taking *t)
{
    ko_shown_verdict verdict = KO_SHOWN_UNKNOWN;
    shown s = {.n = 0};
    ko_status st = read_shown(t, &s);
    if (st == KO_OK)
        st = ko_look_compare(t->r->crawl.options->store, t->look->listing_id, s.urls, s.n, false,
                             &verdict, t->r->crawl.err);
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
    ko_looking_at *look = t->look;
    look->found = t->found;
    (void)snprintf(look->reason, sizeof look->reason, "%s", t->found.reason);
    if (!t->finding.by_status || look->host->front > KO_FRONT_ASKED)
        return write_gone(t->r, look);
    look->held = true;
    return look->host->front == KO_FRONT_UNKNOWN ? ko_recheck_ask_front(t->r, look->host) : KO_OK;
}

static ko_status settle_seen(taking *t)
{
    const ko_look_outcome outcome = t->found.outcome;
    const bool seen = outcome == KO_LOOK_ALIVE || outcome == KO_LOOK_CHANGED;
    ko_status st = write_look(t->r, &t->found);
    if (st == KO_OK && outcome == KO_LOOK_ALIVE && !t->tells)
        st = ko_look_taken(t->r->crawl.options->store, t->look->listing_id, t->r->crawl.err);
    return st == KO_OK && seen ? ko_recheck_release(t->r, t->look->host, KO_FRONT_WORKS) : st;
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
static ko_status put_off(ko_recheck *r, const ko_looking_at *look, const ko_net_answer *answer)
{
    const int64_t until = answer->not_before ? answer->not_before : ko_clock_now() + KO_LATER_S;
    r->counts->left++;
    const ko_status st = ko_crawl_write(&r->crawl);
    return st == KO_OK
               ? ko_look_put_off(r->crawl.options->store, look->listing_id, until, r->crawl.err)
               : st;
}

/* What is not asked for any more, as its host gave nothing but trouble, is as silent as the rest.
 */
static void share_silence(taking *t)
{
    bool *silent = &t->look->host->silent;
    if (t->finding.outcome == KO_LOOK_NONE && t->answer->outcome == KO_NET_LATER && *silent) {
        t->finding.outcome = KO_LOOK_UNREACHABLE;
        (void)snprintf(t->finding.reason, sizeof t->finding.reason, "%s", t->answer->text);
    } else if (t->finding.outcome != KO_LOOK_NONE) {
        *silent = t->finding.outcome == KO_LOOK_UNREACHABLE;
    }
}

static void leave_host(const ko_recheck *r, const ko_net_answer *answer, const char *wall)
{
    ko_net_leave(r->crawl.options->net, answer->reply.url, wall);
    ko_net_leave(r->crawl.options->net, answer->reply.final_url, wall);
}

ko_status ko_recheck_take(ko_recheck *r, ko_looking_at *look, const ko_net_answer *answer)
{
    taking t = {.r = r, .look = look, .answer = answer};
    ko_error why = {0};
    if (answer->outcome == KO_NET_STOPPED) {
        r->counts->left++;
        return KO_OK;
    }
    const bool read = answer->reply.size > 0 && answer->outcome != KO_NET_GONE &&
                      ko_ingest_read(&answer->reply, NULL, &t.page, &why) == KO_OK;
    ko_finding_judge(look->key, answer, read ? &t.page : NULL,
                     why.text[0] ? why.text : "an empty page", &t.finding);
    share_silence(&t);
    const bool wall = read && t.page.blocked && t.finding.outcome == KO_LOOK_BLOCKED;
    if (wall)
        leave_host(r, answer, t.page.blocked);
    ko_crawl_count_refusal(&r->crawl, answer, &look->host->refusals);
    ko_status st = t.finding.outcome == KO_LOOK_NONE ? put_off(r, look, answer) : write_down(&t);
    if (st == KO_OK && wall)
        st = ko_look_put_off_site(r->crawl.options->store, look->host->origin, ko_clock_now(),
                                  r->crawl.err);
    ko_page_free(&t.page);
    r->crawl.in_batch++;
    return st;
}
