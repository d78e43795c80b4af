#include "crawl/state.h"

#include "base/clock.h"
#include "crawl/hosts.h"
#include "crawl/kind.h"

#include <stdio.h>
#include <string.h>

ko_status ko_crawl_hand_over(ko_crawl *crawl, ko_crawl_asked *asked)
{
    const bool known = ko_clock_now() - asked->request.fetched_at < KO_MAX_UNCHANGED_S;
    const ko_net_request request = {.url = asked->request.url,
                                    .etag = known ? asked->request.etag : NULL,
                                    .last_modified = known ? asked->request.last_modified : NULL,
                                    .max_bytes = KO_MAX_PAGE_BYTES,
                                    .owner = asked,
                                    .id = asked->request.id};
    return ko_net_add(crawl->options->net, &request, crawl->err);
}

int64_t ko_crawl_ask_again_at(const ko_net_answer *answer, int64_t after_s)
{
    if (answer->not_before)
        return answer->not_before;
    return ko_clock_now() + (answer->outcome == KO_NET_BUDGET ? 1 : after_s);
}

bool ko_crawl_was_asked(const ko_net_answer *answer)
{
    return answer->reply.status != 0 || answer->outcome == KO_NET_UNREACHABLE;
}

void ko_crawl_count_refusal(ko_crawl *crawl, const ko_net_answer *answer, unsigned *refusals)
{
    if (answer->outcome == KO_NET_DENIED)
        ++*refusals;
    else if (ko_crawl_was_asked(answer))
        *refusals = 0;
    if (*refusals == KO_MAX_CRAWL_REFUSALS)
        ko_net_leave(crawl->options->net, answer->reply.final_url, "nothing but refusals");
}

/* One answer on its way into the database. request is what will stand there. */
typedef struct taking {
    ko_crawl *crawl;
    ko_crawl_source *source;
    const ko_net_answer *answer;
    ko_request request;
    ko_page page; /* of an answer that was read */
    bool read;
    bool news;    /* it brought listings that were not known */
    ko_error own; /* what is wrong with this answer alone */
} taking;

/* --- what a list leads to --- */

static ko_status on_sitemap(void *context, const char *url)
{
    const taking *t = context;
    return ko_crawl_source_add(t->crawl, t->source, url, KO_REQUEST_LIST);
}

/* Where the source's listings are looked for next, its kind being not known yet. */
static ko_status look_elsewhere(taking *t)
{
    char probe[KO_MAX_URL_BYTES + 1];
    const char *kind = t->source->kind;
    if (ko_kind_is_known(kind) || !kind[0])
        return KO_OK;
    if (ko_kind_probe(kind, &t->source->url, probe))
        return ko_crawl_source_add(t->crawl, t->source, probe, KO_REQUEST_LIST);
    return ko_hosts_sitemaps(t->crawl->options->store, t->source->url.text, on_sitemap, t,
                             t->crawl->err);
}

/* The front page of a shop, answered, stays open while it is found out what shop it is: what the
 * page leads to may be all there is. It is kept so long, not to be asked for again. */
static void keep_front(taking *t)
{
    ko_crawl_source *s = t->source;
    t->request.state = KO_REQUEST_NEW;
    t->request.etag = t->request.last_modified = "";
    s->front_id = t->request.id;
    ko_page_free(&s->front);
    s->front = t->page;
    t->page = (ko_page){0};
    t->read = false;
}

/* Nothing else was found: the shop is the list that its front page is. */
static ko_status use_front(taking *t)
{
    ko_crawl_source *s = t->source;
    const ko_request done = {.id = s->front_id,
                             .state = KO_REQUEST_DONE,
                             .reason = "",
                             .tries = 1,
                             .etag = "",
                             .last_modified = "",
                             .fetched_at = ko_clock_now()};
    const ko_crawl_list list = {.url = s->address, .page = &s->front, .headers = "", .news = true};
    ko_status st = ko_request_update(t->crawl->options->store, &done, t->crawl->err);
    if (st == KO_OK)
        st = ko_crawl_follow(t->crawl, s, &list);
    ko_page_free(&s->front);
    s->front = (ko_page){0};
    s->front_id = 0;
    return st;
}

/* What the source is, as far as this answer tells. */
static ko_status tell_kind(taking *t)
{
    ko_crawl_source *s = t->source;
    if (ko_kind_is_known(s->kind) || t->request.role != KO_REQUEST_LIST)
        return KO_OK;
    const char *kind = ko_kind_after(s->kind, &s->url, t->read ? &t->page : NULL);
    if (strcmp(kind, s->kind) == 0)
        return KO_OK;
    (void)snprintf(s->kind, sizeof s->kind, "%s", kind);
    if (!ko_kind_is_known(kind) && strcmp(t->request.url, s->address) == 0)
        keep_front(t);
    else if (s->front_id && ko_kind_asks(kind, &s->url, s->address))
        return use_front(t);
    return look_elsewhere(t);
}

/* --- what an answer is --- */

/* Given up for this run. That an address has nothing which was only a guess, while the kind is
 * being found out, is no failure. */
static void fail(taking *t, const char *reason, size_t *of_source, size_t *of_crawl)
{
    const char *kind = t->source->kind;
    const bool guess = kind[0] && !ko_kind_is_known(kind);
    t->request.state = KO_REQUEST_FAILED;
    t->request.reason = reason;
    *of_source += !guess;
    *of_crawl += !guess;
}

static void fail_said(taking *t, const char *reason)
{
    const size_t before = t->source->failed;
    fail(t, reason, &t->source->failed, &t->crawl->counts->failed);
    if (t->source->failed > before)
        ko_crawl_say(t->crawl, t->request.url, reason);
}

static void done(taking *t)
{
    t->request.state = KO_REQUEST_DONE;
    t->request.reason = "";
    t->request.fetched_at = ko_clock_now();
    t->request.etag = t->answer->etag;
    t->request.last_modified = t->answer->last_modified;
}

/* A site that shows a wall to programs is left alone: it is never climbed. */
static void meet_wall(taking *t, const char *wall)
{
    t->request.state = KO_REQUEST_BLOCKED;
    t->request.reason = wall;
    t->source->wall = wall;
    t->crawl->counts->blocked++;
    ko_problem(t->crawl->options->problems,
               "%s: %s; the host is left alone. Lawful ways in: " KO_CRAWL_LAWFUL_WAYS,
               t->request.url, wall);
    ko_net_leave(t->crawl->options->net, t->request.url, wall);
    ko_net_leave(t->crawl->options->net, t->answer->reply.final_url, wall);
}

/* Keeps what the answer says and tells what it was. */
static ko_status read_answer(taking *t)
{
    ko_crawl_source *s = t->source;
    ko_ingest_counts got = {0};
    const ko_status st =
        ko_crawl_keep(t->crawl, s->address, &t->answer->reply, &t->page, &got, &t->own);
    if (st == KO_OK && !t->page.blocked) {
        t->read = true;
        t->news = got.new_listings > 0;
        ko_crawl_source_found(t->crawl, s, &got);
    }
    return st;
}

static ko_status take_data(taking *t)
{
    const ko_reply *reply = &t->answer->reply;
    if (ko_kind_is_known(t->source->kind) &&
        ko_kind_is_end(t->source->kind, reply->body, reply->size)) {
        done(t);
        return KO_OK;
    }
    ko_status st = read_answer(t);
    if (ko_crawl_is_of_input(st)) {
        fail_said(t, t->own.text);
        st = KO_OK;
    } else if (st == KO_OK && t->page.blocked) {
        meet_wall(t, t->page.blocked);
    } else if (st == KO_OK) {
        done(t);
    }
    return st;
}

/* Forbidden by the site: with a wall's page, or plainly. */
static ko_status take_denial(taking *t)
{
    ko_status st = t->answer->reply.size ? read_answer(t) : KO_E_FORMAT;
    if (st == KO_OK && t->page.blocked) {
        meet_wall(t, t->page.blocked);
        return KO_OK;
    }
    if (st == KO_OK || ko_crawl_is_of_input(st)) {
        t->read = false;
        fail_said(t, t->answer->text);
        st = KO_OK;
    }
    return st;
}

static void put_off(taking *t)
{
    if (t->request.tries >= KO_MAX_CRAWL_TRIES) {
        fail_said(t, t->answer->text);
        return;
    }
    t->request.reason = t->answer->text;
    t->request.not_before = ko_crawl_ask_again_at(t->answer, KO_LATER_S);
}

static ko_status take(taking *t)
{
    switch (t->answer->outcome) {
    case KO_NET_DATA:
        return take_data(t);
    case KO_NET_DENIED:
        return take_denial(t);
    case KO_NET_NOT_MODIFIED:
        t->request.state = KO_REQUEST_DONE;
        t->request.reason = "";
        t->source->unchanged++;
        t->crawl->counts->unchanged++;
        break;
    case KO_NET_GONE:
        fail(t, t->answer->text, &t->source->gone, &t->crawl->counts->gone);
        break;
    case KO_NET_ROBOTS:
        fail(t, t->answer->text, &t->source->forbidden, &t->crawl->counts->forbidden);
        break;
    case KO_NET_LEFT:
        t->request.state = KO_REQUEST_BLOCKED;
        t->request.reason = t->answer->text;
        t->crawl->counts->blocked++;
        break;
    case KO_NET_LATER:
    case KO_NET_BUDGET:
        put_off(t);
        break;
    default:
        fail_said(t, t->answer->text);
        break;
    }
    return KO_OK;
}

/* An answer that says what the source is, or is not: not one that may still come, and not one
 * of a site that wants to be left alone. */
static bool tells(const taking *t)
{
    return t->request.state == KO_REQUEST_DONE || t->request.state == KO_REQUEST_FAILED;
}

static ko_status write_down(taking *t)
{
    const ko_crawl_options *o = t->crawl->options;
    const int64_t listings = t->source->row.listings;
    char kind[KO_CRAWL_KIND_SIZE];
    memcpy(kind, t->source->kind, sizeof kind);
    ko_status st = ko_crawl_write(t->crawl);
    if (st == KO_OK)
        st = take(t);
    if (st == KO_OK && tells(t))
        st = tell_kind(t);
    if (st == KO_OK && t->read && t->request.role == KO_REQUEST_LIST &&
        ko_kind_is_known(t->source->kind))
        st = ko_crawl_follow(t->crawl, t->source,
                             &(ko_crawl_list){.url = t->request.url,
                                              .page = &t->page,
                                              .headers = t->answer->reply.headers,
                                              .news = t->news});
    if (st == KO_OK)
        st = ko_request_update(o->store, &t->request, t->crawl->err);
    if (st == KO_OK && (listings != t->source->row.listings || strcmp(kind, t->source->kind) != 0))
        st = ko_source_update(o->store, &t->source->row, t->crawl->err);
    ko_page_free(&t->page);
    return st;
}

ko_status ko_crawl_answer(ko_crawl *crawl, ko_crawl_asked *asked, const ko_net_answer *answer)
{
    ko_crawl_source *s = asked->source;
    if (s->api)
        return ko_crawl_search_answer(crawl, asked, answer);
    ko_status st = KO_OK;
    if (answer->outcome != KO_NET_STOPPED) {
        taking t = {.crawl = crawl, .source = s, .answer = answer, .request = asked->request};
        t.request.tries += ko_crawl_was_asked(answer);
        st = write_down(&t);
        ko_crawl_count_refusal(crawl, answer, &s->refusals);
        crawl->counts->requests += answer->reply.status != 0;
        crawl->in_batch++;
    }
    s->asking--;
    ko_crawl_asked_free(asked);
    return st == KO_OK ? ko_crawl_source_ask(crawl, s) : st;
}
