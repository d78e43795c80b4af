/* Politeness: robots.txt, rates, waiting and giving up, as the server sees them. */
#include "net/fetch.h"

#include "base/clock.h"
#include "base/limits.h"

#include <stdlib.h>

#define OK "HTTP/1.1 200 OK\r\n"
#define HELLO OK "Content-Length: 5\r\n\r\nhello"
#define ROBOTS(text) OK "Connection: close\r\n\r\n" text

static void assert_robots(const page *robots, ko_net_outcome outcome, const char *text)
{
    const page pages[] = {*robots, {"/a", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    const fetched got = fetch_url(site_url(&s, "/a"));
    assert_int_equal(got.outcome, outcome);
    assert_string_equal(got.text, text);
    assert_int_equal(visits_to(&s, "/a"), outcome == KO_NET_DATA);
    test_server_stop(s.server);
}

static void robots_txt_is_asked_first_and_obeyed(void **state)
{
    (void)state;
    page p = {"/robots.txt", ROBOTS("User-agent: *\nDisallow: /a\n"), END_CLOSE, 0};
    assert_robots(&p, KO_NET_ROBOTS, "robots.txt, line 2: Disallow: /a");
    p.raw = ROBOTS("User-agent: *\nDisallow: /\n\nUser-agent: knockoff\nDisallow: /b\n");
    assert_robots(&p, KO_NET_DATA, "");
    p.raw = ROBOTS("User-agent: *\nAllow: /\n\nUser-agent: knockoff\nDisallow: /\x1B[2J\n");
    assert_robots(&p, KO_NET_DATA, "");
}

static void errors_of_robots_txt_follow_the_standard(void **state)
{
    (void)state;
    page p = {"/robots.txt", "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0};
    assert_robots(&p, KO_NET_DATA, "");
    p.raw = "HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n";
    assert_robots(&p, KO_NET_DATA, "");
    p.raw = "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n";
    assert_robots(&p, KO_NET_ROBOTS, "robots.txt could not be had: status 500");
    p.raw = "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n";
    assert_robots(&p, KO_NET_ROBOTS, "robots.txt could not be had: status 503");
    p.raw = OK "Content-Length: 99\r\n\r\nUser-agent: *\n";
    p.end = END_CLOSE;
    const page pages[] = {p, {"/a", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    assert_int_equal(fetch_url(site_url(&s, "/a")).outcome, KO_NET_ROBOTS);
    assert_int_equal(visits_to(&s, "/a"), 0);
    test_server_stop(s.server);
    const page gone = {"/robots.txt", "", END_RESET, 0};
    site_open(&s, &gone, 1);
    assert_int_equal(fetch_url(site_url(&s, "/a")).outcome, KO_NET_UNREACHABLE);
    assert_int_equal(s.n_visits, 3); /* as often as a request is tried */
    test_server_stop(s.server);
}

#define TO(path) "HTTP/1.1 301 X\r\nLocation: " path "\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0

static void redirects_of_robots_txt_are_followed(void **state)
{
    (void)state;
    const page pages[] = {
        {"/robots.txt", TO("/1")},
        {"/1", TO("/2")},
        {"/2", TO("/3")},
        {"/3", TO("/4")},
        {"/4", TO("http://other.localhost:PORT/5")},
        {"/5", ROBOTS("user-agent: *\ndisallow: /a"), END_CLOSE, 0},
        {"/a", HELLO, END_KEEP, 0},
    };
    site s;
    site_open(&s, pages, 7);
    assert_int_equal(fetch_url(site_url(&s, "/a")).outcome, KO_NET_ROBOTS);
    assert_int_equal(visits_to(&s, "/5"), 1);
    assert_int_equal(visits_to(&s, "/robots.txt"), 1);
    test_server_stop(s.server);
    const page endless[] = {
        {"/robots.txt", TO("/1")}, {"/1", TO("/2")}, {"/2", TO("/3")},           {"/3", TO("/4")},
        {"/4", TO("/5")},          {"/5", TO("/6")}, {"/a", HELLO, END_KEEP, 0},
    };
    site_open(&s, endless, 7);
    assert_int_equal(fetch_url(site_url(&s, "/a")).outcome, KO_NET_DATA);
    assert_int_equal(visits_to(&s, "/6"), 0);
    test_server_stop(s.server);
}

static void a_robots_txt_without_end_is_cut(void **state)
{
    (void)state;
    const size_t size = 100 + KO_MAX_ROBOTS_BYTES;
    char *raw = malloc(size);
    assert_non_null(raw);
    memset(raw, '#', size);
    const int n = snprintf(raw, 100, "%s", ROBOTS("user-agent: *\ndisallow: /a\n"));
    raw[n] = '#';
    const page p = {"/robots.txt", raw, END_CLOSE, size};
    assert_robots(&p, KO_NET_ROBOTS, "robots.txt, line 2: disallow: /a");
    free(raw);
}

/* By scheme, name and port; and a user's own key needs none. */
static void each_origin_has_rules_of_its_own(void **state)
{
    (void)state;
    const page closed[] = {{"/robots.txt", ROBOTS("user-agent: *\ndisallow: /"), END_CLOSE, 0},
                           {"/api", HELLO, END_KEEP, 0}};
    const page open[] = {{"/a", HELLO, END_KEEP, 0}};
    site one, two;
    site_open(&one, closed, 2);
    site_open(&two, open, 1);
    static fetch f;
    f.n = 0;
    const ko_net_options options = quick_options();
    ko_net *net = open_net(&options);
    add_url(net, site_url(&one, "/a"), 1);
    add_url(net, site_url(&two, "/a"), 2);
    add(net,
        &(ko_net_request){.url = site_url(&one, "/api"), .max_bytes = 100, .api = true, .id = 3});
    add_url(net, site_url(&one, "/b"), 4);
    run_net(net, &f);
    ko_net_close(net);
    for (size_t i = 0; i < 4; i++) {
        const bool forbidden = f.got[i].id == 1 || f.got[i].id == 4;
        assert_int_equal(f.got[i].outcome, forbidden ? KO_NET_ROBOTS : KO_NET_DATA);
    }
    assert_int_equal(visits_to(&one, "/robots.txt"), 1);
    assert_int_equal(visits_to(&two, "/robots.txt"), 1);
    assert_int_equal(one.n_visits, 2);
    test_server_stop(one.server);
    test_server_stop(two.server);
}

/* Whatever the server's threads wait for, they note a request after it was sent. */
static void assert_paced(const site *s, double started_ms, double gap_ms)
{
    for (size_t i = 0; i < s->n_visits; i++)
        assert_true(s->visits[i].at_ms - started_ms >= (double)i * gap_ms);
}

static void the_rate_is_never_exceeded(void **state)
{
    (void)state;
    const page pages[] = {
        {"/robots.txt", ROBOTS("user-agent: *\ncrawl-delay: 0.05\n"), END_CLOSE, 0},
        {"/a", HELLO, END_KEEP, 0},
        {"/b", "HTTP/1.1 301 X\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n", END_CLOSE, 0},
    };
    for (size_t from = 0; from < 2; from++) { /* with the delay asked for, and without */
        site s;
        site_open(&s, pages + 1 - from, 2 + from);
        static fetch f;
        f.n = 0;
        ko_net_options options = quick_options();
        options.rate = 50;
        ko_net *net = open_net(&options);
        for (int i = 0; i < 6; i++)
            add_url(net, site_url(&s, i % 2 ? "/a" : "/b"), i);
        const double started_ms = now_ms();
        run_net(net, &f);
        ko_net_counts counts;
        ko_net_count(net, &counts);
        ko_net_close(net);
        assert_int_equal(s.n_visits, 10);
        assert_paced(&s, started_ms, from ? 50 : 20);
        assert_true(counts.busiest <= (from ? 20 : 50));
        assert_int_equal(counts.requests, 10);
        assert_int_equal(counts.hosts, 1);
        test_server_stop(s.server);
    }
}

/* Hosts are asked at the same time: each waits until all are there. */
typedef struct meeting {
    pthread_mutex_t lock;
    pthread_cond_t all_there;
    unsigned there, expected, at_once;
} meeting;

static bool on_meeting(void *context, const test_request *request)
{
    meeting *m = context;
    if (strcmp(request->target, "/robots.txt") == 0)
        return test_answer_text(request, 404, "", "");
    (void)pthread_mutex_lock(&m->lock);
    m->there++;
    m->at_once = m->there > m->at_once ? m->there : m->at_once;
    if (m->there == m->expected)
        (void)pthread_cond_broadcast(&m->all_there);
    while (m->at_once < m->expected)
        (void)pthread_cond_wait(&m->all_there, &m->lock);
    m->there--;
    (void)pthread_mutex_unlock(&m->lock);
    return test_answer_text(request, 200, "", "hello");
}

static void many_hosts_are_asked_at_once(void **state)
{
    (void)state;
    enum { HOSTS = 220, AT_ONCE = 60 };
    meeting m = {.lock = PTHREAD_MUTEX_INITIALIZER,
                 .all_there = PTHREAD_COND_INITIALIZER,
                 .expected = AT_ONCE};
    test_server *server =
        test_server_start(&(test_server_options){.handler = on_meeting, .context = &m});
    assert_non_null(server);
    static fetch f;
    f.n = 0;
    ko_net_options options = quick_options();
    options.hosts = AT_ONCE;
    ko_net *net = open_net(&options);
    for (int i = 0; i < HOSTS; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "http://shop%d.localhost:%u/", i, test_server_port(server));
        add_url(net, url, i);
    }
    run_net(net, &f);
    ko_net_close(net);
    assert_int_equal(f.n, HOSTS);
    for (size_t i = 0; i < f.n; i++)
        assert_int_equal(f.got[i].outcome, KO_NET_DATA);
    assert_int_equal(m.at_once, AT_ONCE);
    test_server_stop(server);
}

static void a_host_is_asked_one_thing_at_a_time(void **state)
{
    (void)state;
    const page pages[] = {{"/a", "", END_HOLD, 0}, {"/b", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    static fetch f;
    f.n = 0;
    ko_net_options options = quick_options();
    options.rate = 1000;
    options.idle_ms = 200;
    options.tries = 1;
    ko_net *net = open_net(&options);
    add_url(net, site_url(&s, "/a"), 1);
    add_url(net, site_url(&s, "/b"), 2);
    const double started_ms = now_ms();
    run_net(net, &f);
    ko_net_close(net);
    assert_int_equal(f.got[0].outcome, KO_NET_UNREACHABLE);
    assert_int_equal(f.got[1].outcome, KO_NET_DATA);
    assert_string_equal(s.visits[2].target, "/b");
    assert_true(s.visits[2].at_ms - started_ms >= 200); /* not before /a is given up */
    test_server_stop(s.server);
}

static void trouble_that_passes_is_waited_for(void **state)
{
    (void)state;
    const page pages[] = {
        {"/busy", "HTTP/1.1 429 X\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/busy", HELLO, END_KEEP, 0},
        {"/down", "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/down", "HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/down", HELLO, END_KEEP, 0},
        {"/reset", "", END_RESET, 0},
        {"/reset", OK "Content-Length: 9\r\n\r\nhalf", END_CLOSE, 0},
        {"/reset", HELLO, END_KEEP, 0},
    };
    site s;
    site_open(&s, pages, 8);
    assert_int_equal(fetch_url(site_url(&s, "/down")).outcome, KO_NET_DATA);
    assert_int_equal(fetch_url(site_url(&s, "/reset")).outcome, KO_NET_DATA);
    s.n_visits = 0;
    assert_int_equal(fetch_url(site_url(&s, "/busy")).outcome, KO_NET_DATA);
    assert_int_equal(visits_to(&s, "/busy"), 2);
    assert_true(s.visits[2].at_ms - s.visits[1].at_ms >= 999);
    test_server_stop(s.server);
}

/* What is remembered of one host, as the store would keep it. */
typedef struct memory {
    ko_net_host host;
    char origin[64], robots[256];
    unsigned recalled, remembered;
} memory;

static bool recall(void *context, const char *origin, ko_net_host *out_host)
{
    memory *m = context;
    m->recalled++;
    if (strcmp(m->origin, origin) != 0)
        return false;
    *out_host = m->host;
    return true;
}

static void remember(void *context, const ko_net_host *host)
{
    memory *m = context;
    m->remembered++;
    m->host = *host;
    (void)snprintf(m->origin, sizeof m->origin, "%s", host->origin);
    if (host->robots != m->robots)
        (void)snprintf(m->robots, sizeof m->robots, "%.*s", (int)host->robots_bytes, host->robots);
    m->host.origin = m->origin;
    m->host.robots = m->robots;
}

static ko_net_options remembering(memory *m)
{
    ko_net_options options = quick_options();
    options.context = m;
    options.recall = recall;
    options.remember = remember;
    return options;
}

/* The library would ask again at once, past the queue of the host. */
static void a_kept_connection_that_breaks_costs_a_try(void **state)
{
    (void)state;
    const page pages[] = {
        {"/robots.txt", "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/a", "", END_RESET, 0}};
    site s;
    site_open(&s, pages, 2);
    const ko_net_options options = quick_options();
    assert_int_equal(fetch_url(site_url(&s, "/a")).outcome, KO_NET_UNREACHABLE);
    assert_int_equal(visits_to(&s, "/a"), options.tries);
    test_server_stop(s.server);
}

static void robots_txt_is_remembered_for_a_day(void **state)
{
    (void)state;
    const page pages[] = {{"/robots.txt", ROBOTS("user-agent: *\ndisallow: /a"), END_CLOSE, 0},
                          {"/b", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    memory m = {0};
    const ko_net_options options = remembering(&m);
    const ko_net_request a = {.url = site_url(&s, "/a"), .max_bytes = 100};
    const ko_net_request b = {.url = site_url(&s, "/b"), .max_bytes = 100};
    assert_int_equal(fetch_with(&options, &a).outcome, KO_NET_ROBOTS);
    assert_int_equal(m.host.robots_status, 200);
    assert_string_equal(m.robots, "user-agent: *\ndisallow: /a");
    assert_int_equal(fetch_with(&options, &a).outcome, KO_NET_ROBOTS);
    assert_int_equal(fetch_with(&options, &b).outcome, KO_NET_DATA);
    assert_int_equal(visits_to(&s, "/robots.txt"), 1);
    m.host.robots_at -= KO_MAX_ROBOTS_AGE_S + 1;
    assert_int_equal(fetch_with(&options, &a).outcome, KO_NET_ROBOTS);
    assert_int_equal(visits_to(&s, "/robots.txt"), 2);
    m.host.robots_status = 503; /* could not be had then: asked again */
    assert_int_equal(fetch_with(&options, &b).outcome, KO_NET_DATA);
    assert_int_equal(visits_to(&s, "/robots.txt"), 3);
    test_server_stop(s.server);
}

/* Another process may be killed at any moment, and the next one begun at once. */
static void the_rate_holds_from_one_process_to_the_next(void **state)
{
    (void)state;
    const page pages[] = {
        {"/robots.txt", ROBOTS("user-agent: *\ncrawl-delay: 0.2\n"), END_CLOSE, 0},
        {"/a", HELLO, END_KEEP, 0}};
    for (size_t known = 0; known < 2; known++) { /* what robots.txt said, and nothing */
        site s;
        site_open(&s, pages, 2);
        memory m = {0};
        ko_net_options options = known ? remembering(&m) : quick_options();
        options.rate = 10;
        const ko_net_request a = {.url = site_url(&s, "/a"), .max_bytes = 100};
        assert_int_equal(fetch_with(&options, &a).outcome, KO_NET_DATA);
        assert_int_equal(fetch_with(&options, &a).outcome, KO_NET_DATA);
        assert_int_equal(s.n_visits, known ? 3 : 4);
        assert_true(s.visits[2].at_ms - s.visits[1].at_ms >= (known ? 199 : 99));
        test_server_stop(s.server);
    }
}

static void a_wait_is_remembered_before_it_is_over(void **state)
{
    (void)state;
    const page pages[] = {
        {"/a", "HTTP/1.1 429 X\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/a", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    memory m = {0};
    const ko_net_options options = remembering(&m);
    const ko_net_request a = {.url = site_url(&s, "/a"), .max_bytes = 100};
    const int64_t began = ko_clock_now();
    assert_int_equal(fetch_with(&options, &a).outcome, KO_NET_DATA);
    assert_in_range(m.host.not_before, began + 1, ko_clock_now());
    assert_int_equal(m.host.robots_status, 404);
    test_server_stop(s.server);
}

static void a_host_that_asks_for_long_is_left_alone(void **state)
{
    (void)state;
    char date[64], raw[192];
    const time_t then = (time_t)ko_clock_now() + 1800;
    struct tm utc;
    (void)gmtime_r(&then, &utc);
    (void)strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    (void)snprintf(raw, sizeof raw,
                   "HTTP/1.1 503 X\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n", date);
    const page pages[] = {{"/a", raw, END_KEEP, 0}, {"/b", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    memory m = {0};
    const ko_net_options options = remembering(&m);
    static fetch f;
    f.n = 0;
    ko_net *net = open_net(&options);
    add_url(net, site_url(&s, "/a"), 1);
    add_url(net, site_url(&s, "/b"), 2);
    run_net(net, &f);
    ko_net_close(net);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(f.got[i].outcome, KO_NET_LATER);
        assert_in_range(f.got[i].not_before, then - 1, then + 1);
    }
    assert_in_range(m.host.not_before, then - 1, then + 1);
    assert_int_equal(m.host.robots_status, 404);
    assert_int_equal(visits_to(&s, "/a"), 1);
    const ko_net_request b = {.url = site_url(&s, "/b"), .max_bytes = 100};
    assert_int_equal(fetch_with(&options, &b).outcome, KO_NET_LATER); /* in the next run, too */
    assert_int_equal(visits_to(&s, "/b"), 0);
    m.host.not_before = ko_clock_now() - 1;
    assert_int_equal(fetch_with(&options, &b).outcome, KO_NET_DATA);
    test_server_stop(s.server);
}

static void a_delay_of_hours_is_left_to_other_runs(void **state)
{
    (void)state;
    const page pages[] = {
        {"/robots.txt", ROBOTS("user-agent: *\ncrawl-delay: 7200\n"), END_CLOSE, 0},
        {"/a", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    memory m = {0};
    const ko_net_options options = remembering(&m);
    static fetch f;
    f.n = 0;
    ko_net *net = open_net(&options);
    add_url(net, site_url(&s, "/a"), 1);
    add_url(net, site_url(&s, "/a"), 2);
    run_net(net, &f);
    ko_net_close(net);
    assert_int_equal(f.got[0].outcome, KO_NET_DATA);
    assert_int_equal(f.got[1].outcome, KO_NET_LATER);
    const int64_t then = ko_clock_now() + 7200;
    assert_in_range(f.got[1].not_before, then - 60, then);
    assert_int_equal(m.host.not_before, f.got[1].not_before);
    assert_int_equal(m.host.robots_status, 200);
    test_server_stop(s.server);
}

static void tries_and_failures_have_an_end(void **state)
{
    (void)state;
    const page pages[] = {{"/a", "HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\nbusy", END_KEEP, 0},
                          {"/b", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    static fetch f;
    f.n = 0;
    ko_net_options options = quick_options();
    options.rate = 2000;
    options.tries = 2;
    ko_net *net = open_net(&options);
    add_url(net, site_url(&s, "/a"), 1);
    add_url(net, site_url(&s, "/b"), 2); /* one page in trouble is not the host */
    for (int i = 0; i < 20; i++)
        add_url(net, site_url(&s, "/a"), 3);
    run_net(net, &f);
    ko_net_close(net);
    assert_int_equal(f.n, 22);
    assert_int_equal(f.got[0].outcome, KO_NET_LATER);
    assert_string_equal(f.got[0].text, "status 503");
    assert_string_equal(f.got[0].body, "busy");
    assert_in_range(f.got[0].not_before, ko_clock_now() + 60, ko_clock_now() + KO_LATER_S);
    assert_int_equal(f.got[1].outcome, KO_NET_DATA);
    assert_int_equal(f.got[21].outcome, KO_NET_LATER);
    assert_non_null(strstr(f.got[21].text, "did not answer 10 times in a row"));
    assert_int_equal(visits_to(&s, "/a"), 2 + 10);
    test_server_stop(s.server);
}

static void the_budget_of_a_host_is_kept(void **state)
{
    (void)state;
    const page pages[] = {{"/a", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 1);
    static fetch f;
    f.n = 0;
    ko_net_options options = quick_options();
    options.budget = 3;
    ko_net *net = open_net(&options);
    for (int i = 0; i < 4; i++)
        add_url(net, site_url(&s, "/a"), i);
    run_net(net, &f);
    ko_net_close(net);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(f.got[i].outcome, i < 2 ? KO_NET_DATA : KO_NET_BUDGET);
    assert_int_equal(s.n_visits, 3); /* robots.txt is one of them */
    test_server_stop(s.server);
}

/* Adds a request for each that is answered, up to ten, and then has enough. */
typedef struct chain {
    ko_net *net;
    const char *url;
    unsigned n;
} chain;

static ko_status on_chain(void *context, const ko_net_answer *answer)
{
    chain *c = context;
    assert_int_equal(answer->outcome, KO_NET_DATA);
    assert_int_equal(answer->id, c->n);
    c->n++;
    add_url(c->net, c->url, c->n);
    return c->n == 10 ? KO_E_IO : KO_OK;
}

static void an_answer_may_ask_for_more_or_end_it(void **state)
{
    (void)state;
    const page pages[] = {{"/a", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 1);
    const ko_net_options options = quick_options();
    chain c = {.net = open_net(&options), .url = site_url(&s, "/a")};
    add_url(c.net, c.url, 0);
    assert_int_equal(ko_net_run(c.net, on_chain, &c, NULL), KO_E_IO);
    assert_int_equal(c.n, 10);
    assert_int_equal(ko_net_pending(c.net), 1);
    ko_net_close(c.net); /* with what still waits */
    test_server_stop(s.server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(robots_txt_is_asked_first_and_obeyed),
        cmocka_unit_test(errors_of_robots_txt_follow_the_standard),
        cmocka_unit_test(redirects_of_robots_txt_are_followed),
        cmocka_unit_test(a_robots_txt_without_end_is_cut),
        cmocka_unit_test(each_origin_has_rules_of_its_own),
        cmocka_unit_test(the_rate_is_never_exceeded),
        cmocka_unit_test(many_hosts_are_asked_at_once),
        cmocka_unit_test(a_host_is_asked_one_thing_at_a_time),
        cmocka_unit_test(trouble_that_passes_is_waited_for),
        cmocka_unit_test(a_kept_connection_that_breaks_costs_a_try),
        cmocka_unit_test(robots_txt_is_remembered_for_a_day),
        cmocka_unit_test(the_rate_holds_from_one_process_to_the_next),
        cmocka_unit_test(a_wait_is_remembered_before_it_is_over),
        cmocka_unit_test(a_host_that_asks_for_long_is_left_alone),
        cmocka_unit_test(a_delay_of_hours_is_left_to_other_runs),
        cmocka_unit_test(tries_and_failures_have_an_end),
        cmocka_unit_test(the_budget_of_a_host_is_kept),
        cmocka_unit_test(an_answer_may_ask_for_more_or_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
