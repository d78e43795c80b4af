/* A search has one request, whose reason is the cursor: where the search stands. So it goes on
 * there after a stop, and on the next day when the interface grants no more today. */
#include "crawl/state.h"

#include "base/clock.h"
#include "base/file.h"
#include "crawl/api.h"
#include "store/work.h"

#include <knockoff/image.h>

#include <stdio.h>
#include <string.h>

#define DAY_S 86400

/* --- the artwork of an image search --- */

typedef struct artwork {
    ko_buf *bytes;
    const char *serial;
    bool found;
    ko_error *err;
} artwork;

/* Takes the first file of the work that can be sent as it is. */
static ko_status on_view(void *context, const ko_view *view)
{
    artwork *a = context;
    ko_error own = {0};
    if (a->found || ko_file_read(view->path, a->bytes, &own) != KO_OK)
        return KO_OK;
    const ko_image_kind kind = ko_image_sniff(a->bytes->data, a->bytes->size);
    a->found = kind == KO_IMAGE_JPEG || kind == KO_IMAGE_PNG;
    if (!a->found)
        ko_buf_clear(a->bytes);
    return KO_OK;
}

/* The value of "work" in the query of a source's address; "" when it names none. */
static void work_of(const char *address, char *out, size_t size)
{
    const char *at = strchr(address, '?');
    *out = '\0';
    while (at) {
        at++;
        if (strncmp(at, "work=", 5) == 0) {
            (void)snprintf(out, size, "%.*s", (int)strcspn(at + 5, "&"), at + 5);
            return;
        }
        at = strchr(at, '&');
    }
}

static ko_status read_artwork(ko_crawl *crawl, ko_crawl_source *s, ko_error *own)
{
    char serial[KO_SERIAL_SIZE];
    int64_t id;
    work_of(s->address, serial, sizeof serial);
    if (!serial[0])
        return KO_OK;
    ko_status st = ko_work_find(crawl->options->store, serial, &id, own);
    if (st != KO_OK)
        return st == KO_E_NOT_FOUND ? ko_fail(own, st, "no work %s", serial) : st;
    s->picture = KO_BUF(KO_MAX_API_PICTURE_BYTES);
    artwork a = {.bytes = &s->picture, .serial = serial, .err = own};
    st = ko_view_each(crawl->options->store, id, false, on_view, &a, own);
    if (st == KO_OK && !a.found)
        return ko_fail(own, KO_E_UNSUPPORTED,
                       "%s has no file that can be sent: a JPEG or PNG of at most %zu MB", serial,
                       KO_MAX_API_PICTURE_BYTES >> 20);
    return st;
}

ko_status ko_crawl_search_open(ko_crawl *crawl, ko_crawl_source *source, ko_error *own)
{
    const ko_status st = read_artwork(crawl, source, own);
    if (st != KO_OK)
        return st;
    const ko_api_options options = {.keys = crawl->options->keys,
                                    .base_url = crawl->options->api_base_url,
                                    .picture = source->picture.data,
                                    .picture_bytes = source->picture.size,
                                    .now = ko_clock_now()};
    return ko_api_open(source->address, &options, &source->api, own);
}

/* --- asking and answers --- */

/* Writes the request down and takes it out of what is under way. */
static ko_status leave(ko_crawl *crawl, ko_crawl_asked *asked, const ko_request *request)
{
    ko_status st = ko_crawl_write(crawl);
    if (st == KO_OK)
        st = ko_request_update(crawl->options->store, request, crawl->err);
    asked->source->asking--;
    ko_crawl_asked_free(asked);
    return st;
}

static ko_status give_up(ko_crawl *crawl, ko_crawl_asked *asked, const char *reason)
{
    ko_request request = asked->request;
    request.state = KO_REQUEST_FAILED;
    request.reason = reason;
    asked->source->failed++;
    crawl->counts->failed++;
    ko_problem(crawl->options->problems, "%s: %s", asked->source->name, reason);
    return leave(crawl, asked, &request);
}

/* Not now: an interface that wants time, or grants no more today. */
static ko_status put_off(ko_crawl *crawl, ko_crawl_asked *asked, int64_t until, const char *why)
{
    ko_request request = asked->request;
    if (request.tries >= KO_MAX_CRAWL_TRIES)
        return give_up(crawl, asked, why);
    request.tries++;
    request.not_before = until;
    ko_problem(crawl->options->problems, "%s: %s", asked->source->name, why);
    return leave(crawl, asked, &request);
}

/* Goes on from a new cursor, written down before the next request; "" is the end. */
static ko_status go_on(ko_crawl *crawl, ko_crawl_asked *asked, const char *cursor)
{
    ko_request request = asked->request;
    request.reason = cursor;
    request.tries = 0;
    request.state = cursor[0] ? KO_REQUEST_NEW : KO_REQUEST_DONE;
    request.fetched_at = cursor[0] ? request.fetched_at : ko_clock_now();
    return leave(crawl, asked, &request);
}

ko_status ko_crawl_search_ask(ko_crawl *crawl, ko_crawl_asked *asked)
{
    ko_api *api = asked->source->api;
    const int64_t day = ko_clock_now() / DAY_S;
    int64_t left = 0;
    ko_net_request request = {0};
    ko_error own = {0};
    char why[KO_ERROR_TEXT_SIZE];
    ko_status st = ko_api_next(api, asked->request.reason, &request, &own);
    if (st == KO_E_NOT_FOUND)
        return go_on(crawl, asked, "");
    if (st != KO_OK)
        return st == KO_E_NOMEM ? ko_fail(crawl->err, st, "%s", own.text)
                                : give_up(crawl, asked, own.text);
    st = ko_crawl_write(crawl);
    if (st == KO_OK)
        st = ko_web_quota_use(crawl->options->store, ko_api_name(api), day, ko_api_quota(api),
                              &left, crawl->err);
    if (st != KO_OK)
        return st;
    if (left < 0) {
        (void)snprintf(why, sizeof why, "the %lld requests that %s grants a day are used up",
                       (long long)ko_api_quota(api), ko_api_name(api));
        return put_off(crawl, asked, (day + 1) * DAY_S, why);
    }
    request.owner = asked;
    return ko_net_add(crawl->options->net, &request, crawl->err);
}

static ko_status keep_results(ko_crawl *crawl, ko_crawl_source *s, const ko_reply *reply,
                              ko_error *own)
{
    ko_ingest_counts got = {0};
    ko_page page = {0};
    const ko_status st = ko_crawl_keep(crawl, s->address, reply, &page, &got, own);
    ko_page_free(&page);
    if (st != KO_OK)
        return st;
    ko_crawl_source_found(crawl, s, &got);
    return ko_source_update(crawl->options->store, &s->row, crawl->err);
}

static ko_status take(ko_crawl *crawl, ko_crawl_asked *asked, const ko_net_answer *answer)
{
    ko_page page = {0};
    ko_error own = {0};
    char cursor[256] = "";
    ko_status st = ko_api_take(asked->source->api, answer, &page, cursor, &own);
    const size_t found = page.offers.count; /* none in an answer that may hold a token */
    ko_page_free(&page);
    if (st == KO_E_BUSY)
        return put_off(crawl, asked, ko_crawl_ask_again_at(answer, KO_LATER_S), own.text);
    if (st == KO_OK && found)
        st = keep_results(crawl, asked->source, &answer->reply, &own);
    if (ko_crawl_is_of_input(st))
        return give_up(crawl, asked, own.text);
    return st == KO_OK ? go_on(crawl, asked, cursor) : ko_fail(crawl->err, st, "%s", own.text);
}

ko_status ko_crawl_search_answer(ko_crawl *crawl, ko_crawl_asked *asked,
                                 const ko_net_answer *answer)
{
    ko_crawl_source *s = asked->source;
    if (answer->outcome == KO_NET_STOPPED) {
        s->asking--;
        ko_crawl_asked_free(asked);
        return KO_OK;
    }
    crawl->in_batch++;
    crawl->counts->requests++;
    const ko_status st = take(crawl, asked, answer);
    return st == KO_OK ? ko_crawl_source_ask(crawl, s) : st;
}
