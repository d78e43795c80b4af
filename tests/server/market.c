#include "market.h"

#include "base/alloc.h"
#include "base/status.h"
#include "pages.h"
#include "pictures.h"
#include "server.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define BODY_MAX ((size_t)64 << 20)
#define SLOW_PIECES 5
#define SLOW_PAUSE_MS 150
#define BOMB_PIECE ((size_t)1 << 20) /* zeros, */
#define BOMB_PIECES 1024             /* so many times */

/* One address that was asked for. */
typedef struct address {
    uint64_t hash;
    unsigned asked, whole;
    size_t next; /* in its chain, 1 more than the index; 0: none */
} address;

typedef struct visit {
    int64_t us; /* since the start */
    unsigned host;
} visit;

/* What was seen of a host. Number 2 * shop is the shop's own, the next that of its pictures. */
typedef struct host {
    size_t after_wall;
    bool wall_shown, robots_asked, unasked;
} host;

#define CHAINS ((size_t)1 << 16)

struct market {
    plan p;
    pictures *pictures;
    test_server *server;
    ko_buf bomb;
    FILE *log;
    int64_t started_us;
    pthread_mutex_t lock; /* of all that follows */
    address *addresses;
    size_t n_addresses, addresses_capacity;
    size_t chains[CHAINS]; /* 1 more than the index of the first; 0: none */
    visit *visits;
    size_t n_visits, visits_capacity;
    host *hosts;
    market_audit seen;
};

/* One request on its way through the market. */
typedef struct asking {
    market *m;
    const test_request *request;
    unsigned shop, host;
    int64_t us;    /* since the start */
    bool pictures; /* of the shop's pictures' host */
    size_t address;
    unsigned nth; /* time that it is asked, from 0 */
    bool wall;
} asking;

static int64_t now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void pause_ms(long ms)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* --- the book --- */

/* The entry of an address, made when there is none; SIZE_MAX without memory. Under lock. */
static size_t find_address(market *m, uint64_t hash)
{
    size_t *chain = &m->chains[hash % CHAINS];
    for (size_t i = *chain; i > 0; i = m->addresses[i - 1].next)
        if (m->addresses[i - 1].hash == hash)
            return i - 1;
    address *grown = ko_grown(m->addresses, m->n_addresses, &m->addresses_capacity, sizeof *grown);
    if (!grown)
        return SIZE_MAX;
    m->addresses = grown;
    grown[m->n_addresses] = (address){.hash = hash, .next = *chain};
    *chain = ++m->n_addresses;
    return m->n_addresses - 1;
}

/* Enters a request as it comes; false without memory. */
static bool enter(asking *a)
{
    market *m = a->m;
    char name[2 * PLAN_ADDRESS_SIZE];
    (void)snprintf(name, sizeof name, "%u%.200s", a->host, a->request->target);
    const bool robots = strcmp(a->request->target, "/robots.txt") == 0;
    (void)pthread_mutex_lock(&m->lock);
    a->address = find_address(m, plan_hash(0, name));
    visit *grown = ko_grown(m->visits, m->n_visits, &m->visits_capacity, sizeof *grown);
    const bool entered = grown && a->address != SIZE_MAX;
    if (grown)
        m->visits = grown;
    if (entered) {
        host *h = &m->hosts[a->host];
        m->visits[m->n_visits++] = (visit){a->us, a->host};
        m->seen.requests++;
        m->seen.forbidden += strncmp(a->request->target, "/private/", 9) == 0;
        a->nth = m->addresses[a->address].asked++;
        h->robots_asked |= robots;
        h->unasked |= !h->robots_asked;
        a->wall = plan_walled(&m->p, a->shop) && !robots;
        h->after_wall += h->wall_shown;
        h->wall_shown |= a->wall;
    }
    (void)pthread_mutex_unlock(&m->lock);
    return entered;
}

/* Writes down how a request was answered. */
static void note(const asking *a, const char *answer)
{
    market *m = a->m;
    if (m->log)
        (void)fprintf(m->log, "%.6f %s %s %s\n", (double)a->us / 1e6, a->request->host,
                      a->request->target, answer);
}

static void note_whole(const asking *a)
{
    market *m = a->m;
    (void)pthread_mutex_lock(&m->lock);
    m->seen.whole++;
    m->seen.repeated += m->addresses[a->address].whole++ > 0;
    (void)pthread_mutex_unlock(&m->lock);
    note(a, "200");
}

/* --- answers --- */

/* A gzip of many megabytes of zeros, made of one piece that stands for itself (RFC 1952). */
static bool make_bomb(ko_buf *out)
{
    static const unsigned char head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    static const unsigned char end[2] = {3, 0}; /* an empty block, the last */
    unsigned char *zeros = ko_alloc_zero(BOMB_PIECE, 1), piece[8192];
    z_stream z = {.next_in = zeros,
                  .avail_in = (uInt)BOMB_PIECE,
                  .next_out = piece,
                  .avail_out = sizeof piece};
    bool made = zeros && deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    if (made) {
        made = deflate(&z, Z_FULL_FLUSH) == Z_OK && z.avail_out > 0 &&
               ko_buf_append(out, head, sizeof head) == KO_OK;
        for (int i = 0; made && i < BOMB_PIECES; i++)
            made = ko_buf_append(out, piece, sizeof piece - z.avail_out) == KO_OK;
        (void)deflateEnd(&z);
    }
    ko_free(zeros);
    return made && ko_buf_append(out, end, sizeof end) == KO_OK;
}

/* The picture whose path this is. */
static ko_status find_picture(const asking *a, ko_buf *out)
{
    const plan *p = &a->m->p;
    const char *target = a->request->target;
    const char *name = strrchr(target, '/') + 1;
    const unsigned listing = (unsigned)strtoul(name, NULL, 10);
    const unsigned picture = (unsigned)strtoul(name + strcspn(name, "-") + 1, NULL, 10);
    char own[PLAN_ADDRESS_SIZE];
    plan_picture_path(p, a->shop, listing, picture, own);
    if (strcmp(own, target) != 0 || picture >= p->pictures || listing > plan_listings(p, a->shop))
        return KO_E_NOT_FOUND;
    return pictures_get(a->m->pictures, plan_picture(p, a->shop, listing, picture), out);
}

/* What a shop's hosts have at the request's target. */
static ko_status find(const asking *a, ko_buf *out, const char **out_type)
{
    const char *target = a->request->target;
    *out_type = "text/plain";
    if (strcmp(target, "/robots.txt") == 0)
        return pages_robots(&a->m->p, a->shop, out);
    if (a->pictures == plan_pictures_apart(a->shop) && strstr(target, "/picture/") &&
        strchr(target, '-')) {
        *out_type = "image/jpeg";
        return find_picture(a, out);
    }
    return a->pictures ? KO_E_NOT_FOUND : pages_get(&a->m->p, a->shop, target, out, out_type);
}

/* Sends bytes piece by piece. */
static bool dribble(const test_request *request, const char *bytes, size_t n)
{
    for (size_t i = 0, at = 0; i < SLOW_PIECES; i++) {
        const size_t end = n * (i + 1) / SLOW_PIECES;
        if (!test_send(request, bytes + at, end - at))
            return false;
        at = end;
        pause_ms(SLOW_PAUSE_MS);
    }
    return true;
}

static bool answer_found(const asking *a, const ko_buf *body, const char *type, plan_fault fault)
{
    const test_request *request = a->request;
    char tag[32], known[64], head[256];
    (void)snprintf(
        tag, sizeof tag, "\"%016llx\"",
        (unsigned long long)plan_mix(crc32(0, (const void *)body->data, (uInt)body->size)));
    test_header(request, "If-None-Match", known, sizeof known);
    if (strcmp(known, tag) == 0) {
        (void)pthread_mutex_lock(&a->m->lock);
        a->m->seen.unchanged++;
        (void)pthread_mutex_unlock(&a->m->lock);
        note(a, "304");
        return test_answer_text(request, 304, "", "");
    }
    const int n = snprintf(head, sizeof head,
                           "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nETag: %s\r\n"
                           "Content-Length: %zu\r\n\r\n",
                           type, tag, body->size);
    if (!test_send(request, head, (size_t)n))
        return false;
    if (fault == PLAN_CUT) {
        note(a, "cut");
        (void)test_send(request, body->data, body->size / 2);
        return false;
    }
    const bool sent = fault == PLAN_SLOW ? dribble(request, body->data, body->size)
                                         : test_send(request, body->data, body->size);
    if (sent)
        note_whole(a);
    return sent;
}

static bool answer_fault(const asking *a, plan_fault fault)
{
    const test_request *request = a->request;
    note(a, plan_fault_name(fault));
    switch (fault) {
    case PLAN_BUSY:
        return test_answer_text(request, 429, "Retry-After: 1\r\n", "too many requests");
    case PLAN_DOWN:
        return test_answer_text(request, 503, "", "back in a moment");
    case PLAN_LOOP: {
        char headers[512];
        (void)snprintf(headers, sizeof headers, "Location: %.400s\r\n", request->target);
        return test_answer_text(request, 302, headers, "");
    }
    case PLAN_BOMB:
        return test_answer(request, 200, "Content-Type: image/jpeg\r\nContent-Encoding: gzip\r\n",
                           a->m->bomb.data, a->m->bomb.size);
    default:
        test_reset(request);
        return false;
    }
}

static bool answer(const asking *a)
{
    const plan_fault fault = plan_fault_of(&a->m->p, a->request->host, a->request->target, a->nth);
    if (a->wall) {
        note(a, "wall");
        return test_answer_text(a->request, 403, "Content-Type: text/html\r\n", pages_wall);
    }
    if (fault != PLAN_SOUND && fault != PLAN_SLOW && fault != PLAN_CUT)
        return answer_fault(a, fault);
    ko_buf body = KO_BUF(BODY_MAX);
    const char *type = NULL;
    bool open = false;
    const ko_status st = find(a, &body, &type);
    if (st == KO_OK) {
        open = answer_found(a, &body, type, fault);
    } else if (st == KO_E_NOT_FOUND) {
        note(a, "404");
        open = test_answer_text(a->request, 404, "Content-Type: text/html\r\n",
                                "<!doctype html><title>Not found</title><p>Nothing is here.");
    }
    ko_buf_free(&body);
    return open;
}

static bool answer_stranger(const asking *a)
{
    (void)pthread_mutex_lock(&a->m->lock);
    a->m->seen.requests++;
    a->m->seen.strange++;
    (void)pthread_mutex_unlock(&a->m->lock);
    note(a, "421");
    return test_answer_text(a->request, 421, "", "no such shop");
}

static bool handle(void *context, const test_request *request)
{
    asking a = {.m = context, .request = request};
    a.us = now_us() - a.m->started_us;
    (void)pthread_mutex_lock(&a.m->lock);
    const plan p = a.m->p;
    (void)pthread_mutex_unlock(&a.m->lock);
    if (!plan_host_read(&p, request->host, &a.shop, &a.pictures))
        return answer_stranger(&a);
    a.host = 2 * a.shop + a.pictures;
    return enter(&a) && answer(&a);
}

/* --- the market --- */

market *market_start(const plan *p, const char *works, const char *log, ko_error *err)
{
    market *m = ko_alloc_zero(1, sizeof *m);
    if (!m) {
        (void)ko_fail(err, KO_E_NOMEM, "no memory for a market");
        return NULL;
    }
    m->p = *p;
    m->bomb = KO_BUF(BODY_MAX);
    m->started_us = now_us();
    (void)pthread_mutex_init(&m->lock, NULL);
    m->hosts = ko_alloc_zero(2 * (size_t)p->shops, sizeof *m->hosts);
    m->pictures = pictures_make(p->seed, works, err);
    if (!m->hosts || !m->pictures || !make_bomb(&m->bomb)) {
        (void)ko_fail(err, KO_E_NOMEM, "no memory for a market");
        goto failed;
    }
    if (log && !(m->log = fopen(log, "w"))) {
        (void)ko_fail(err, KO_E_IO, "%s: %s", log, strerror(errno));
        goto failed;
    }
    (void)pthread_mutex_lock(&m->lock); /* handle waits until the plan has its port */
    m->server = test_server_start(
        &(test_server_options){.handler = handle, .context = m, .tls = p->tls, .port = p->port});
    if (m->server)
        m->p.port = test_server_port(m->server);
    (void)pthread_mutex_unlock(&m->lock);
    if (!m->server) {
        (void)ko_fail(err, KO_E_IO, "port %u of loopback: %s", p->port, strerror(errno));
        goto failed;
    }
    return m;
failed:
    market_stop(m);
    return NULL;
}

void market_stop(market *m)
{
    if (!m)
        return;
    test_server_stop(m->server);
    if (m->log)
        (void)fclose(m->log);
    (void)pthread_mutex_destroy(&m->lock);
    pictures_free(m->pictures);
    ko_buf_free(&m->bomb);
    ko_free(m->addresses);
    ko_free(m->visits);
    ko_free(m->hosts);
    ko_free(m);
}

const plan *market_plan(const market *m)
{
    return &m->p;
}

const char *market_ca(const market *m)
{
    return test_server_ca(m->server);
}

/* --- truth and judgement --- */

static void tell_listing(const market *m, unsigned shop, unsigned listing, market_truth_fn *fn,
                         void *context)
{
    const plan *p = &m->p;
    char url[PLAN_ADDRESS_SIZE];
    plan_listing_url(p, shop, listing, url);
    const char *lost = plan_listing_lost(p, shop, listing);
    fn(context, &(market_truth){"listing", url, lost ? lost : "", ""});
    for (unsigned i = 0; i < p->pictures; i++) {
        plan_picture_url(p, shop, listing, i, url);
        lost = plan_picture_lost(p, shop, listing, i);
        fn(context, &(market_truth){"picture", url, lost ? lost : "",
                                    pictures_work(m->pictures, plan_picture(p, shop, listing, i))});
    }
}

void market_each_truth(const market *m, market_truth_fn *fn, void *context)
{
    for (unsigned shop = 0; shop < m->p.shops; shop++) {
        char url[PLAN_ADDRESS_SIZE];
        plan_source_url(&m->p, shop, url);
        fn(context, &(market_truth){"source", url, plan_walled(&m->p, shop) ? "wall" : "", ""});
        for (unsigned i = 0; i <= plan_listings(&m->p, shop); i++) /* with the trap */
            tell_listing(m, shop, i, fn, context);
    }
}

static int by_host_and_time(const void *a, const void *b)
{
    const visit *x = a, *y = b;
    if (x->host != y->host)
        return x->host < y->host ? -1 : 1;
    return (x->us > y->us) - (x->us < y->us);
}

/* The most of n visits of one host, sorted, within any second. */
static size_t most_in_a_second(const visit *visits, size_t n)
{
    size_t most = 0;
    for (size_t i = 0, first = 0; i < n; i++) {
        while (visits[i].us - visits[first].us >= 1000000)
            first++;
        if (i - first + 1 > most)
            most = i - first + 1;
    }
    return most;
}

static bool has_three_within(const visit *visits, size_t n, int64_t us)
{
    for (size_t i = 2; i < n; i++)
        if (visits[i].us - visits[i - 2].us < us)
            return true;
    return false;
}

void market_judge(market *m, double rate, market_audit *out_audit)
{
    (void)pthread_mutex_lock(&m->lock);
    *out_audit = m->seen;
    if (m->n_visits > 0) /* qsort takes no NULL */
        qsort(m->visits, m->n_visits, sizeof *m->visits, by_host_and_time);
    for (size_t i = 0, n; i < m->n_visits; i += n) {
        const unsigned number = m->visits[i].host;
        for (n = 1; i + n < m->n_visits && m->visits[i + n].host == number; n++)
            ;
        const size_t most = most_in_a_second(m->visits + i, n);
        const double gap_s = fmax(1 / rate, plan_crawl_delay_s(&m->p, number / 2));
        const host *h = &m->hosts[number];
        if (most > out_audit->busiest)
            out_audit->busiest = most;
        if (h->after_wall > out_audit->walled)
            out_audit->walled = h->after_wall;
        out_audit->over += has_three_within(m->visits + i, n, (int64_t)(gap_s * 1e6));
        out_audit->unasked += h->unasked;
    }
    (void)pthread_mutex_unlock(&m->lock);
}
