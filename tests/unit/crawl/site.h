/* What the tests of crawling share: a small site, a database with its archive, and short ways to
 * run sources against the site and to ask what became of them. */
#ifndef KO_TESTS_CRAWL_SITE_H
#define KO_TESTS_CRAWL_SITE_H

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/stop.h"
#include "crawl/crawl.h"
#include "crawl/hosts.h"
#include "server/server.h"
#include "store/query.h"
#include "store/web.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* --- the site --- */

/* What is answered at an address. ORIGIN in the texts stands for the site's own, NEXT for a number
 * that is another one each time. */
typedef struct page {
    const char *target;  /* "/path?query"; ending in "*": all that begin so */
    const char *headers; /* lines with CR LF; "" */
    const char *body;    /* NULL: a picture that only this address has */
    int status;          /* 0: 200 */
} page;

typedef struct site {
    test_server *server;
    const page *pages; /* the first that fits; others are 404 */
    size_t n_pages;
    char origin[64];
    pthread_mutex_t lock;
    char seen[4096][96]; /* targets asked for, in order */
    size_t n_seen;
    size_t strike_at; /* after so many requests for pages */
    int signal;       /* is sent to: */
    pid_t victim;     /* 0: nobody */
} site;

static inline bool fits(const page *p, const char *target)
{
    const size_t n = strlen(p->target);
    return p->target[n - 1] == '*' ? strncmp(p->target, target, n - 1) == 0
                                   : strcmp(p->target, target) == 0;
}

/* text with ORIGIN filled in; to free. */
static inline char *filled(const site *s, const char *text)
{
    ko_buf out = KO_BUF((size_t)1 << 20);
    const char *at = text;
    while (*at) {
        const size_t plain = strcspn(at, "ON");
        assert_int_equal(ko_buf_append(&out, at, plain), KO_OK);
        at += plain;
        if (strncmp(at, "ORIGIN", 6) == 0) {
            assert_int_equal(ko_buf_text(&out, s->origin), KO_OK);
            at += 6;
        } else if (strncmp(at, "NEXT", 4) == 0) {
            assert_int_equal(ko_buf_printf(&out, "%zu", s->n_seen), KO_OK);
            at += 4;
        } else if (*at) {
            assert_int_equal(ko_buf_append(&out, at++, 1), KO_OK);
        }
    }
    return out.data;
}

static inline bool answer_picture(const test_request *request)
{
    char picture[160];
    const int n = snprintf(picture, sizeof picture, "GIF89a%s", request->target);
    return test_answer(request, 200, "Content-Type: image/gif\r\n", picture, (size_t)n);
}

static inline void note(site *s, const char *target)
{
    (void)pthread_mutex_lock(&s->lock);
    if (s->n_seen < sizeof s->seen / sizeof *s->seen)
        (void)snprintf(s->seen[s->n_seen++], sizeof *s->seen, "%s", target);
    const bool strike = s->victim && s->n_seen == s->strike_at;
    (void)pthread_mutex_unlock(&s->lock);
    if (strike)
        (void)kill(s->victim, s->signal);
}

static inline bool on_request(void *context, const test_request *request)
{
    site *s = context;
    char etag[64];
    note(s, request->target);
    test_header(request, "If-None-Match", etag, sizeof etag);
    for (size_t i = 0; i < s->n_pages; i++) {
        const page *p = &s->pages[i];
        if (!fits(p, request->target))
            continue;
        if (!p->body)
            return answer_picture(request);
        if (etag[0] && strstr(p->headers, etag))
            return test_answer(request, 304, "", "", 0);
        char *body = filled(s, p->body);
        const bool kept = test_answer_text(request, p->status ? p->status : 200, p->headers, body);
        ko_free(body);
        return kept;
    }
    return test_answer_text(request, 404, "", "no such page");
}

/* How often an address was asked for. */
static inline size_t asked(const site *s, const char *target)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_seen; i++)
        n += strcmp(s->seen[i], target) == 0;
    return n;
}

/* --- a database and what crawls into it --- */

typedef struct bench {
    site site;
    char folder[64], database[96], archive[112];
    ko_store *store;
    struct ko_api_keys *keys; /* of interfaces; NULL: none */
    ko_crawl_counts counts;   /* of the last run */
    char problems[4096];      /* lines of the last run */
} bench;

static inline void open_store(bench *b)
{
    ko_error err = {0};
    if (ko_store_open(b->database, KO_STORE_CREATE, &b->store, &err) != KO_OK)
        fail_msg("%s", err.text);
}

static inline int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b)
        return -1;
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(b->folder, sizeof b->folder, "%s/knockoff-crawl-XXXXXX", place);
    if (!mkdtemp(b->folder))
        return -1;
    (void)snprintf(b->database, sizeof b->database, "%s/k.db", b->folder);
    (void)snprintf(b->archive, sizeof b->archive, "%s/k.db-archive", b->folder);
    (void)pthread_mutex_init(&b->site.lock, NULL);
    open_store(b);
    *state = b;
    return 0;
}

static inline int tear_down(void **state)
{
    bench *b = *state;
    ko_paths files = {0};
    test_server_stop(b->site.server);
    ko_store_close(b->store);
    (void)!ko_paths_walk(&files, b->folder, NULL, NULL);
    for (size_t i = 0; i < files.count; i++)
        (void)unlink(files.path[i]);
    ko_paths_free(&files);
    (void)rmdir(b->archive);
    const int left = rmdir(b->folder); /* fails when a test left something lying about */
    (void)pthread_mutex_destroy(&b->site.lock);
    free(b);
    return left;
}

/* Starts the site with these pages. */
static inline void serve(bench *b, const page *pages, size_t n, bool tls)
{
    site *s = &b->site;
    s->pages = pages;
    s->n_pages = n;
    s->server =
        test_server_start(&(test_server_options){.handler = on_request, .context = s, .tls = tls});
    assert_non_null(s->server);
    (void)snprintf(s->origin, sizeof s->origin, "%s://127.0.0.1:%u", tls ? "https" : "http",
                   test_server_port(s->server));
}
#define SERVE(b, pages, tls) serve(b, pages, sizeof(pages) / sizeof *(pages), tls)

static inline void on_problem(void *context, const char *line)
{
    bench *b = context;
    const size_t used = strlen(b->problems);
    (void)snprintf(b->problems + used, sizeof b->problems - used, "%s\n", line);
}

/* Opens a net of its own, as a new process would have it, and runs the sources. */
static inline ko_status crawl(bench *b, const int64_t *sources, size_t n, ko_error *err)
{
    static const char *const allowed[] = {"127.0.0.1"};
    ko_net_options net;
    ko_problems problems = {.say = on_problem, .context = b};
    ko_crawl_options options = {
        .store = b->store, .problems = &problems, .keys = b->keys, .api_base_url = b->site.origin};
    b->counts = (ko_crawl_counts){0};
    b->problems[0] = '\0';
    ko_net_options_init(&net);
    net.user_agent = "Knockoff/1.0 (+mailto:me@example.com)";
    net.rate = 500;
    net.allow_hosts = allowed;
    net.n_allow_hosts = 1;
    net.ca_file = test_server_ca(b->site.server);
    ko_hosts_in_store(&net, b->store);
    assert_int_equal(ko_net_open(&net, &options.net, err), KO_OK);
    assert_int_equal(ko_archive_open(b->archive, "Knockoff/1.0", &options.archive, err), KO_OK);
    const ko_status st = ko_crawl_run(&options, sources, n, &b->counts, err);
    ko_archive_close(options.archive);
    ko_net_close(options.net);
    return st;
}

static inline int64_t add_address(bench *b, const char *name, const char *address)
{
    int64_t id = 0;
    ko_error err = {0};
    const ko_source source = {.name = name, .url = address, .kind = "", .last_result = ""};
    if (ko_source_add(b->store, &source, &id, &err) != KO_OK)
        fail_msg("%s", err.text);
    return id;
}

/* A source at a path of the site. */
static inline int64_t add_source(bench *b, const char *path)
{
    char url[256];
    (void)snprintf(url, sizeof url, "%s%s", b->site.origin, path);
    return add_address(b, path, url);
}

static inline void run(bench *b, int64_t source)
{
    ko_error err = {0};
    const ko_status st = crawl(b, &source, 1, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
}

/* --- what became of it --- */

static inline int64_t number(bench *b, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(b->store->db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const int64_t value = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return value;
}

typedef struct found {
    char kind[32], result[600];
    bool running;
    int64_t listings;
} found;

static inline ko_status on_source(void *context, const ko_source *source)
{
    found *f = context;
    (void)snprintf(f->kind, sizeof f->kind, "%s", source->kind);
    (void)snprintf(f->result, sizeof f->result, "%s", source->last_result);
    f->running = source->running;
    f->listings = source->listings;
    return KO_OK;
}

static inline found source_of(bench *b, int64_t id)
{
    found f = {0};
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)id);
    assert_int_equal(ko_source_each(b->store, text, on_source, &f, NULL), KO_OK);
    return f;
}

#endif
