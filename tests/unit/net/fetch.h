/* What the tests of net share: a site made of raw answers, and what came of asking it. */
#ifndef FETCH_H
#define FETCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/net.h"
#include "server/server.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* --- the site --- */

typedef enum page_end { END_CLOSE, END_KEEP, END_RESET, END_HOLD } page_end;

/* What is sent for a target, "PORT" standing for that of the server. Several rows of one target
 * are for one request each, the last one for all that follow. */
typedef struct page {
    const char *target, *raw;
    page_end end;
    size_t bytes; /* of raw; 0: a text */
} page;

typedef struct visit {
    char target[64], head[1024];
    double at_ms;
} visit;

typedef struct site {
    const page *pages;
    size_t n;
    test_server *server;
    pthread_mutex_t lock;
    visit visits[256];
    size_t n_visits;
} site;

static inline double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Notes the visit; returns how many of this target came before. */
static inline size_t note(site *s, const test_request *request)
{
    const double at_ms = now_ms();
    (void)pthread_mutex_lock(&s->lock);
    size_t before = 0;
    for (size_t i = 0; i < s->n_visits; i++)
        before += strcmp(s->visits[i].target, request->target) == 0;
    assert_true(s->n_visits < sizeof s->visits / sizeof *s->visits);
    visit *v = &s->visits[s->n_visits++];
    (void)snprintf(v->target, sizeof v->target, "%s", request->target);
    (void)snprintf(v->head, sizeof v->head, "%s", request->head);
    v->at_ms = at_ms;
    (void)pthread_mutex_unlock(&s->lock);
    return before;
}

static inline void send_page(const site *s, const test_request *request, const page *p)
{
    const char *mark = p->bytes ? NULL : strstr(p->raw, "PORT");
    if (!mark) {
        (void)test_send(request, p->raw, p->bytes ? p->bytes : strlen(p->raw));
        return;
    }
    char text[2048];
    const int n = snprintf(text, sizeof text, "%.*s%u%s", (int)(mark - p->raw), p->raw,
                           test_server_port(s->server), mark + strlen("PORT"));
    (void)test_send(request, text, (size_t)n);
}

static inline bool on_request(void *context, const test_request *request)
{
    site *s = context;
    size_t before = note(s, request);
    const page *found = NULL;
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->pages[i].target, request->target) == 0) {
            found = &s->pages[i];
            if (before-- == 0)
                break;
        }
    if (!found)
        return test_answer_text(request, 404, "", "not here");
    send_page(s, request, found);
    if (found->end == END_RESET)
        test_reset(request);
    if (found->end == END_HOLD)
        test_hold(request);
    return found->end == END_KEEP;
}

static inline void site_open(site *s, const page *pages, size_t n)
{
    *s = (site){.pages = pages, .n = n, .lock = PTHREAD_MUTEX_INITIALIZER};
    s->server = test_server_start(&(test_server_options){.handler = on_request, .context = s});
    assert_non_null(s->server);
}

/* A URL of the site; valid until the next call but three. */
static inline const char *site_url(const site *s, const char *target)
{
    static char urls[4][256];
    static unsigned next;
    char *url = urls[next++ % 4];
    (void)snprintf(url, sizeof urls[0], "http://127.0.0.1:%u%s", test_server_port(s->server),
                   target);
    return url;
}

static inline size_t visits_to(const site *s, const char *target)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_visits; i++)
        n += strcmp(s->visits[i].target, target) == 0;
    return n;
}

/* --- asking --- */

typedef struct fetched {
    ko_net_outcome outcome;
    int status;
    char text[512], body[512], headers[1024], final_url[256], type[64];
    char etag[64], last_modified[64];
    size_t size;
    int64_t not_before, id;
} fetched;

typedef struct fetch {
    fetched got[256];
    size_t n;
} fetch;

static inline ko_status on_answer(void *context, const ko_net_answer *answer)
{
    fetch *f = context;
    assert_true(f->n < sizeof f->got / sizeof *f->got);
    fetched *got = &f->got[f->n++];
    *got = (fetched){.outcome = answer->outcome,
                     .status = answer->reply.status,
                     .size = answer->reply.size,
                     .not_before = answer->not_before,
                     .id = answer->id};
    (void)snprintf(got->text, sizeof got->text, "%s", answer->text);
    (void)snprintf(got->body, sizeof got->body, "%.*s", (int)answer->reply.size,
                   (const char *)answer->reply.body);
    (void)snprintf(got->headers, sizeof got->headers, "%s", answer->reply.headers);
    (void)snprintf(got->final_url, sizeof got->final_url, "%s", answer->reply.final_url);
    (void)snprintf(got->type, sizeof got->type, "%s", answer->reply.content_type);
    (void)snprintf(got->etag, sizeof got->etag, "%s", answer->etag);
    (void)snprintf(got->last_modified, sizeof got->last_modified, "%s", answer->last_modified);
    return KO_OK;
}

/* Quick, and in the user's own network. */
static inline ko_net_options quick_options(void)
{
    static const char *const allowed[] = {"127.0.0.1", "localhost", "*.localhost"};
    ko_net_options options;
    ko_net_options_init(&options);
    options.user_agent = "Knockoff/1.0 (+mailto:me@example.com)";
    options.rate = 200;
    options.connect_ms = options.idle_ms = options.total_ms = 10000;
    options.allow_hosts = allowed;
    options.n_allow_hosts = 3;
    return options;
}

static inline ko_net *open_net(const ko_net_options *options)
{
    ko_net *net = NULL;
    ko_error err = {0};
    const ko_status st = ko_net_open(options, &net, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    return net;
}

static inline void add(ko_net *net, const ko_net_request *request)
{
    assert_int_equal(ko_net_add(net, request, NULL), KO_OK);
}

static inline void add_url(ko_net *net, const char *url, int64_t id)
{
    add(net, &(ko_net_request){.url = url, .max_bytes = 100000, .id = id});
}

static inline void run_net(ko_net *net, fetch *f)
{
    ko_error err = {0};
    const ko_status st = ko_net_run(net, on_answer, f, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    assert_int_equal(ko_net_pending(net), 0);
}

/* Asks for one thing with these options. */
static inline fetched fetch_with(const ko_net_options *options, const ko_net_request *request)
{
    static fetch f;
    f.n = 0;
    ko_net *net = open_net(options);
    add(net, request);
    run_net(net, &f);
    ko_net_close(net);
    assert_int_equal(f.n, 1);
    return f.got[0];
}

static inline fetched fetch_url(const char *url)
{
    const ko_net_options options = quick_options();
    return fetch_with(&options, &(ko_net_request){.url = url, .max_bytes = 100000});
}

#endif
