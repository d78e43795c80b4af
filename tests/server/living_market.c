#include "living_market.h"

#include "base/alloc.h"
#include "base/status.h"
#include "living_pages.h"
#include "pages.h"
#include "pictures.h"
#include "plan.h"
#include "server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define BODY_MAX ((size_t)16 << 20)
#define QUALITY 80
#define QUALITY_AGAIN 62 /* of a picture that was coded anew */
#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)
#define CRAWL_DELAY_S 0.1 /* as living_pages.c states it */
#define CHAINS ((size_t)1 << 16)

typedef struct visit {
    int64_t us; /* real time */
    int64_t at; /* the market's */
    unsigned shop;
    bool wall;
} visit;

/* A body that was sent. */
typedef struct sent {
    uint64_t hash; /* of address and content */
    size_t next;   /* in its chain, 1 more than the index; 0: none */
} sent;

struct living_market {
    living_market_options options;
    living *world;
    pictures *pictures;
    test_server *server;
    unsigned port;
    pthread_mutex_t lock; /* of all that follows */
    visit *visits;
    size_t n_visits, visits_capacity;
    sent *bodies;
    size_t n_bodies, bodies_capacity;
    size_t chains[CHAINS];
    bool *robots_asked; /* of each shop */
    bool *unasked;
    living_audit seen;
};

typedef struct asking {
    living_market *m;
    const test_request *request;
    living_shop shop;
} asking;

static int64_t now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- the book --- */

static bool is_robots(const asking *a)
{
    return strcmp(a->request->target, "/robots.txt") == 0;
}

/* The robots.txt of a shop that is closed or lost is not there, and asks for nothing (RFC 9309,
 * section 2.3.1.3); what was heard of that holds for a day. */
static bool has_robots(const living_market *m, unsigned shop, int64_t at)
{
    bool has = living_trouble_at(m->world, shop, at) != LIVING_CLOSED;
    for (int64_t ago = 0; has && ago <= DAY_S; ago += HOUR_S)
        has = living_trouble_at(m->world, shop, at - ago) != LIVING_LOST;
    return has;
}

static bool is_forbidden(const asking *a)
{
    return strncmp(a->request->target, "/private/", 9) == 0 &&
           has_robots(a->m, a->shop.shop, a->shop.at);
}

static bool enter(const asking *a, living_trouble trouble)
{
    const bool wall = trouble == LIVING_WALL && !is_robots(a);
    living_market *m = a->m;
    const unsigned shop = a->shop.shop;
    (void)pthread_mutex_lock(&m->lock);
    visit *grown = ko_grown(m->visits, m->n_visits, &m->visits_capacity, sizeof *grown);
    if (grown) {
        m->visits = grown;
        grown[m->n_visits++] = (visit){now_us(), a->shop.at, shop, wall};
        m->seen.requests++;
        m->seen.forbidden += is_forbidden(a);
        m->robots_asked[shop] |= is_robots(a);
        m->unasked[shop] |= !m->robots_asked[shop];
    }
    (void)pthread_mutex_unlock(&m->lock);
    return grown != NULL;
}

/* Under lock. */
static bool is_new(living_market *m, uint64_t hash)
{
    size_t *chain = &m->chains[hash % CHAINS];
    for (size_t i = *chain; i > 0; i = m->bodies[i - 1].next)
        if (m->bodies[i - 1].hash == hash)
            return false;
    sent *grown = ko_grown(m->bodies, m->n_bodies, &m->bodies_capacity, sizeof *grown);
    if (grown) {
        m->bodies = grown;
        grown[m->n_bodies] = (sent){hash, *chain};
        *chain = ++m->n_bodies;
    }
    return true;
}

static void enter_whole(const asking *a, const ko_buf *body, uint64_t content)
{
    living_market *m = a->m;
    char address[64 + LIVING_ADDRESS_SIZE];
    (void)snprintf(address, sizeof address, "%u%.150s", a->shop.shop, a->request->target);
    (void)pthread_mutex_lock(&m->lock);
    m->seen.whole++;
    m->seen.bytes_whole += (int64_t)body->size;
    if (is_new(m, plan_hash(content, address)))
        m->seen.bytes_new += (int64_t)body->size;
    (void)pthread_mutex_unlock(&m->lock);
}

/* --- answers --- */

static bool answer_body(const asking *a, int status, const char *type, const ko_buf *body)
{
    const uint64_t content = plan_mix(crc32(0, (const void *)body->data, (uInt)body->size));
    char tag[32], known[64], headers[256];
    (void)snprintf(tag, sizeof tag, "\"%016llx\"", (unsigned long long)content);
    test_header(a->request, "If-None-Match", known, sizeof known);
    if (status == 200 && strcmp(known, tag) == 0) {
        (void)pthread_mutex_lock(&a->m->lock);
        a->m->seen.unchanged++;
        (void)pthread_mutex_unlock(&a->m->lock);
        return test_answer_text(a->request, 304, "", "");
    }
    enter_whole(a, body, content);
    (void)snprintf(headers, sizeof headers, "Content-Type: %s\r\nETag: %s\r\n", type, tag);
    return test_answer(a->request, status, status == 200 ? headers : "Content-Type: text/html\r\n",
                       body->data, body->size);
}

static bool answer_nothing(const asking *a, int status)
{
    return test_answer_text(a->request, status, "Content-Type: text/html\r\n",
                            "<!doctype html><title>Not found</title><p>Nothing is here.");
}

static bool answer_end(const asking *a, const living_offer *o)
{
    ko_buf body = KO_BUF(BODY_MAX);
    bool open = false;
    switch (o->end) {
    case LIVING_410:
        return answer_nothing(a, 410);
    case LIVING_HOME:
        return test_answer_text(a->request, 302, "Location: /\r\n", "");
    case LIVING_WORDS:
        if (living_pages_ended(o, &body) == KO_OK)
            open = answer_body(a, 200, "text/html; charset=utf-8", &body);
        ko_buf_free(&body);
        return open;
    default:
        return answer_nothing(a, 404);
    }
}

static bool answer_offer(const asking *a, const living_offer *o)
{
    const int64_t at = a->shop.at;
    if (at < o->born)
        return answer_nothing(a, 404);
    if (at >= o->gone && at < o->back)
        return answer_end(a, o);
    ko_buf body = KO_BUF(BODY_MAX);
    const bool open = living_pages_offer(&a->shop, o, &body) == KO_OK &&
                      answer_body(a, 200, "text/html; charset=utf-8", &body);
    ko_buf_free(&body);
    return open;
}

static bool answer_picture(const asking *a, const living_offer *o, unsigned picture)
{
    pictures_print print = {.work = picture == 0 ? o->work : -1,
                            .scene = picture == 0 ? o->scene : plan_mix(o->number * 4 + picture),
                            .cropped = picture == 0 ? o->cropped : 0,
                            .quality = o->cropped && picture == 0 ? QUALITY_AGAIN : QUALITY};
    ko_buf body = KO_BUF(BODY_MAX);
    const bool open = pictures_draw(a->m->pictures, &print, &body) == KO_OK &&
                      answer_body(a, 200, "image/jpeg", &body);
    ko_buf_free(&body);
    return open;
}

static bool answer_list(const asking *a)
{
    ko_buf body = KO_BUF(BODY_MAX);
    const char *type;
    const ko_status st = living_pages_get(&a->shop, a->request->target, &body, &type);
    const bool open = st == KO_OK ? answer_body(a, 200, type, &body)
                                  : st == KO_E_NOT_FOUND && answer_nothing(a, 404);
    ko_buf_free(&body);
    return open;
}

static bool answer_open(const asking *a)
{
    const char *target = a->request->target;
    unsigned number, picture;
    size_t index;
    if (living_read_path(target, &number) &&
        living_find(a->m->world, a->shop.shop, number, &index)) {
        const living_offer o = living_at(a->m->world, index);
        return answer_offer(a, &o);
    }
    if (living_read_picture_path(target, &number, &picture) &&
        living_find(a->m->world, a->shop.shop, number, &index)) {
        const living_offer o = living_at(a->m->world, index);
        return answer_picture(a, &o, picture);
    }
    return answer_list(a);
}

static bool handle(void *context, const test_request *request)
{
    living_market *m = context;
    asking a = {.m = m, .request = request};
    (void)pthread_mutex_lock(&m->lock);
    a.shop = (living_shop){.market = m->world, .port = m->port, .at = m->options.now()};
    (void)pthread_mutex_unlock(&m->lock);
    if (!living_read_host(request->host, &a.shop.shop) || a.shop.shop >= m->options.plan.shops)
        return test_answer_text(request, 421, "", "no such shop");
    const living_trouble trouble = living_trouble_at(m->world, a.shop.shop, a.shop.at);
    if (!enter(&a, trouble))
        return false;
    switch (trouble) {
    case LIVING_WALL:
        return is_robots(&a)
                   ? answer_open(&a)
                   : test_answer_text(request, 403, "Content-Type: text/html\r\n", pages_wall);
    case LIVING_DOWN:
        return test_answer_text(request, 503, "", "back in some hours");
    case LIVING_RESET:
        test_reset(request);
        return false;
    case LIVING_SILENT:
        test_hold(request);
        return false;
    case LIVING_LOST:
    case LIVING_CLOSED:
        return answer_nothing(&a, 404);
    default:
        return answer_open(&a);
    }
}

/* --- the market --- */

bool living_market_connect(living_market *m, bool connected)
{
    if (connected == (m->server != NULL))
        return true;
    if (!connected) {
        test_server_stop(m->server);
        m->server = NULL;
        return true;
    }
    (void)pthread_mutex_lock(&m->lock); /* handle waits until the port is known */
    m->server =
        test_server_start(&(test_server_options){.handler = handle, .context = m, .port = m->port});
    if (m->server)
        m->port = test_server_port(m->server);
    (void)pthread_mutex_unlock(&m->lock);
    return m->server != NULL;
}

living_market *living_market_start(const living_market_options *options, ko_error *err)
{
    living_market *m = ko_alloc_zero(1, sizeof *m);
    if (!m) {
        (void)ko_fail(err, KO_E_NOMEM, "no memory for a market");
        return NULL;
    }
    m->options = *options;
    (void)pthread_mutex_init(&m->lock, NULL);
    m->pictures = pictures_make(options->plan.seed, options->works, err);
    if (m->pictures) {
        m->options.plan.works = (unsigned)pictures_works(m->pictures);
        m->world = living_make(&m->options.plan);
    }
    m->robots_asked = ko_alloc_zero(options->plan.shops, sizeof *m->robots_asked);
    m->unasked = ko_alloc_zero(options->plan.shops, sizeof *m->unasked);
    if (m->world && m->robots_asked && m->unasked && living_market_connect(m, true))
        return m;
    (void)ko_fail(err, KO_E_NOMEM, "no memory or port for a market");
    living_market_stop(m);
    return NULL;
}

void living_market_stop(living_market *m)
{
    if (!m)
        return;
    test_server_stop(m->server);
    (void)pthread_mutex_destroy(&m->lock);
    living_free(m->world);
    pictures_free(m->pictures);
    ko_free(m->visits);
    ko_free(m->bodies);
    ko_free(m->robots_asked);
    ko_free(m->unasked);
    ko_free(m);
}

unsigned living_market_port(const living_market *m)
{
    return m->port;
}

living *living_market_world(const living_market *m)
{
    return m->world;
}

const char *living_market_work(const living_market *m, unsigned work)
{
    return pictures_work_name(m->pictures, work);
}

void living_market_source(const living_market *m, unsigned shop, char out[LIVING_ADDRESS_SIZE])
{
    const plan_kind kind = plan_shop_kind(shop);
    const bool feed = kind == PLAN_FEED || kind == PLAN_PAGES;
    (void)snprintf(out, LIVING_ADDRESS_SIZE, "http://shop%03u.localhost:%u%s", shop, m->port,
                   feed ? "/feed.xml" : "/");
}

/* --- judgement --- */

static int by_shop_and_time(const void *a, const void *b)
{
    const visit *x = a, *y = b;
    if (x->shop != y->shop)
        return x->shop < y->shop ? -1 : 1;
    return (x->us > y->us) - (x->us < y->us);
}

/* The most of n visits of one shop, sorted, within any second. */
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

static int64_t gap_us(const living_market *m, const visit *v, double rate)
{
    const double own_s = v->shop % 8 == 1 && has_robots(m, v->shop, v->at) ? CRAWL_DELAY_S : 0;
    return (int64_t)(1e6 * (own_s > 1 / rate ? own_s : 1 / rate));
}

/* The last of three visits of one shop that came in less than is due between two; NULL: none did.
 */
static const visit *third_too_soon(const living_market *m, const visit *visits, size_t n,
                                   double rate)
{
    for (size_t i = 2; i < n; i++)
        if (visits[i].us - visits[i - 2].us < gap_us(m, &visits[i], rate))
            return &visits[i];
    return NULL;
}

/* The most walls within a day of the market's clock. */
static size_t most_walls(const visit *visits, size_t n)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t walls = 0;
        for (size_t k = i; k < n && visits[k].at < visits[i].at + DAY_S; k++)
            walls += visits[k].wall;
        if (visits[i].wall && walls > most)
            most = walls;
    }
    return most;
}

void living_market_judge(living_market *m, double rate, living_audit *out_audit)
{
    (void)pthread_mutex_lock(&m->lock);
    *out_audit = m->seen;
    if (m->n_visits > 0) /* qsort takes no NULL */
        qsort(m->visits, m->n_visits, sizeof *m->visits, by_shop_and_time);
    for (size_t i = 0, n; i < m->n_visits; i += n) {
        const unsigned shop = m->visits[i].shop;
        for (n = 1; i + n < m->n_visits && m->visits[i + n].shop == shop; n++)
            ;
        const size_t most = most_in_a_second(m->visits + i, n);
        const size_t walls = most_walls(m->visits + i, n);
        if (most > out_audit->busiest)
            out_audit->busiest = most;
        if (walls > out_audit->walls)
            out_audit->walls = walls;
        const visit *over = third_too_soon(m, m->visits + i, n, rate);
        out_audit->over += over != NULL;
        if (over)
            out_audit->over_at = over->at;
        out_audit->unasked += m->unasked[shop];
    }
    (void)pthread_mutex_unlock(&m->lock);
}
