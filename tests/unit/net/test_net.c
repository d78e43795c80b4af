/* One answer at a time: what servers send, whole, broken or hostile, and what is made of it. */
#include "net/fetch.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdlib.h>
#include <zlib.h>

#define OK "HTTP/1.1 200 OK\r\n"
#define HTML OK "Content-Type: text/html\r\n"

static void a_page_is_had_with_its_headers(void **state)
{
    (void)state;
    const page pages[] = {
        {"/a",
         "HTTP/1.1 100 Continue\r\nX-Not: this\r\n\r\n" HTML
         "ETag: \"v1\"\r\nLast-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
         "Content-Length: 5\r\nX-Odd:  a\r\n\r\nhello",
         END_KEEP, 0},
        {"/old", "HTTP/1.0 200 OK\nContent-Type: text/plain\n\nuntil the end", END_CLOSE, 0},
        {"/chunks",
         HTML "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
              "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n",
         END_KEEP, 0},
    };
    site s;
    site_open(&s, pages, 3);
    fetched got = fetch_url(site_url(&s, "/a"));
    assert_int_equal(got.outcome, KO_NET_DATA);
    assert_string_equal(got.text, "");
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "hello");
    assert_string_equal(got.type, "text/html");
    assert_string_equal(got.etag, "\"v1\"");
    assert_string_equal(got.last_modified, "Sat, 21 Nov 2026 10:00:00 GMT");
    assert_string_equal(got.final_url, site_url(&s, "/a"));
    assert_string_equal(got.headers,
                        HTML "ETag: \"v1\"\r\nLast-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
                             "Content-Length: 5\r\nX-Odd:  a\r\n");
    got = fetch_url(site_url(&s, "/old"));
    assert_string_equal(got.body, "until the end");
    assert_string_equal(got.headers, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n");
    got = fetch_url(site_url(&s, "/chunks"));
    assert_string_equal(got.body, "abcde");
    assert_null(strstr(got.headers, "X-Sum: 1")); /* a trailer came with the body */
    assert_non_null(strstr(s.visits[0].head, "User-Agent: Knockoff/1.0 (+mailto:me@example.com)"));
    test_server_stop(s.server);
}

static void statuses_tell_what_is_to_be_done(void **state)
{
    (void)state;
    const struct {
        int status;
        ko_net_outcome outcome;
        bool body;
    } table[] = {
        {404, KO_NET_GONE, true},   {410, KO_NET_GONE, true},   {401, KO_NET_DENIED, true},
        {403, KO_NET_DENIED, true}, {451, KO_NET_DENIED, true}, {999, KO_NET_DENIED, true},
        {429, KO_NET_LATER, true},  {503, KO_NET_LATER, true},  {500, KO_NET_STATUS, true},
        {418, KO_NET_STATUS, true}, {206, KO_NET_STATUS, true}, {304, KO_NET_STATUS, false},
        {302, KO_NET_STATUS, true}, /* to nowhere */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char raw[128], text[32];
        (void)snprintf(raw, sizeof raw, "HTTP/1.1 %d X\r\nContent-Length: 4\r\n\r\nwall",
                       table[i].status);
        (void)snprintf(text, sizeof text, "status %d", table[i].status);
        const page p = {"/a", raw, END_CLOSE, 0};
        site s;
        site_open(&s, &p, 1);
        const fetched got = fetch_url(site_url(&s, "/a"));
        assert_int_equal(got.outcome, table[i].outcome);
        assert_int_equal(got.status, table[i].status);
        assert_string_equal(got.text, text);
        assert_string_equal(got.body, table[i].body ? "wall" : "");
        assert_int_equal(got.not_before > 0, table[i].outcome == KO_NET_LATER);
        test_server_stop(s.server);
    }
}

static void what_is_known_is_not_sent_again(void **state)
{
    (void)state;
    const page pages[] = {{"/a", "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n", END_KEEP, 0}};
    site s;
    site_open(&s, pages, 1);
    const ko_net_options options = quick_options();
    const fetched got =
        fetch_with(&options, &(ko_net_request){.url = site_url(&s, "/a"),
                                               .max_bytes = 100,
                                               .etag = "\"v1\"",
                                               .last_modified = "Sat, 21 Nov 2026 10:00:00 GMT"});
    assert_int_equal(got.outcome, KO_NET_NOT_MODIFIED);
    assert_string_equal(got.etag, "\"v1\"");
    const char *head = s.visits[1].head;
    assert_non_null(strstr(head, "If-None-Match: \"v1\"\r\n"));
    assert_non_null(strstr(head, "If-Modified-Since: Sat, 21 Nov 2026 10:00:00 GMT\r\n"));
    test_server_stop(s.server);
}

static void broken_bodies_are_not_data(void **state)
{
    (void)state;
    const page pages[] = {
        {"/short", OK "Content-Length: 50\r\n\r\nhalf", END_CLOSE, 0},
        {"/reset", OK "Content-Length: 50\r\n\r\nhalf", END_RESET, 0},
        {"/chunk", OK "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n", END_CLOSE, 0},
        {"/hex", OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabcd\r\n", END_CLOSE, 0},
        {"/gzip", OK "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain", END_CLOSE, 0},
        {"/coding", OK "Content-Encoding: rot13\r\nContent-Length: 5\r\n\r\nplain", END_CLOSE, 0},
        {"/head", OK "Content-Type: text/ht", END_CLOSE, 0},
        {"/old", "<html>no head at all</html>", END_CLOSE, 0},
        {"/zero", "HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\nx", END_CLOSE, 29},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        site s;
        site_open(&s, &pages[i], 1);
        const fetched got = fetch_url(site_url(&s, pages[i].target));
        assert_int_equal(got.outcome, KO_NET_DAMAGED);
        assert_int_equal(got.size, 0);
        assert_true(strlen(got.text) > 10);
        test_server_stop(s.server);
    }
}

/* Writes an answer whose body unpacks to so many zeros; returns its length. */
static size_t make_bomb(unsigned n_zeros, char *out, size_t out_size)
{
    static const char head[] = OK "Content-Encoding: gzip\r\n\r\n";
    memcpy(out, head, sizeof head - 1);
    z_stream z = {.avail_out = (unsigned)(out_size - (sizeof head - 1))};
    z.next_out = (unsigned char *)out + (sizeof head - 1);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    unsigned char *zeros = calloc(1, n_zeros);
    assert_non_null(zeros);
    z.next_in = zeros;
    z.avail_in = n_zeros;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t packed = z.total_out;
    (void)deflateEnd(&z);
    free(zeros);
    return sizeof head - 1 + packed;
}

/* Far below the limit, and yet no more than a megabyte of it is unpacked. */
static void bombs_are_told_by_what_came_of_them(void **state)
{
    (void)state;
    static char bomb[40000];
    const page pages[] = {{"/", bomb, END_CLOSE, make_bomb(20000000, bomb, sizeof bomb)}};
    site s;
    site_open(&s, pages, 1);
    const ko_net_options options = quick_options();
    const fetched got =
        fetch_with(&options, &(ko_net_request){.url = site_url(&s, "/"), .max_bytes = 30000000});
    assert_int_equal(got.outcome, KO_NET_LIMIT);
    assert_non_null(strstr(got.text, "times its size"));
    assert_int_equal(got.size, 0);
    test_server_stop(s.server);
}

/* A million bytes of zeros in a thousand, and a body that never ends. */
static void bodies_end_at_their_limit(void **state)
{
    (void)state;
    static char bomb[4096];
    const size_t bomb_bytes = make_bomb(1000000, bomb, sizeof bomb);
    char headers[300000];
    memset(headers, 'x', sizeof headers);
    static const char status[] = {'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '2', '0', '0', '\r'};
    memcpy(headers, status, sizeof status);
    for (size_t i = sizeof status; i + 3 < sizeof headers; i += 1000) {
        headers[i] = '\n';
        headers[i + 2] = ':';
    }
    static char line[120000];
    memset(line, 'x', sizeof line);
    memcpy(line, status, sizeof status);
    line[sizeof status] = '\n';
    const page pages[] = {
        {"/bomb", bomb, END_CLOSE, bomb_bytes},
        {"/said", OK "Content-Length: 100001\r\n\r\nx", END_HOLD, 0},
        {"/headers", headers, END_CLOSE, sizeof headers},
        {"/line", line, END_CLOSE, sizeof line},
        {"/fits", OK "Content-Length: 5\r\n\r\nhello", END_CLOSE, 0},
    };
    site s;
    site_open(&s, pages, 5);
    fetched got = fetch_url(site_url(&s, "/bomb"));
    assert_int_equal(got.outcome, KO_NET_LIMIT);
    assert_string_equal(got.text, "more than 100000 bytes");
    assert_int_equal(got.size, 0);
    got = fetch_url(site_url(&s, "/said"));
    assert_int_equal(got.outcome, KO_NET_LIMIT);
    got = fetch_url(site_url(&s, "/headers"));
    assert_int_equal(got.outcome, KO_NET_LIMIT);
    assert_non_null(strstr(got.text, "headers"));
    got = fetch_url(site_url(&s, "/line"));
    assert_int_equal(got.outcome, KO_NET_LIMIT);
    const ko_net_options options = quick_options();
    ko_net_request request = {.url = site_url(&s, "/fits"), .max_bytes = 5};
    assert_int_equal(fetch_with(&options, &request).outcome, KO_NET_DATA);
    request.max_bytes = 4;
    assert_int_equal(fetch_with(&options, &request).outcome, KO_NET_LIMIT);
    test_server_stop(s.server);
}

static void redirects_are_followed_and_end(void **state)
{
    (void)state;
    const page pages[] = {
        {"/a", "HTTP/1.1 301 X\r\nLocation: ../b?x=\xC3\xB6#top\r\nContent-Length: 0\r\n\r\n",
         END_KEEP, 0},
        {"/b?x=%C3%B6", OK "Content-Length: 4\r\n\r\nhere", END_KEEP, 0},
        {"/self", "HTTP/1.1 302 X\r\nLocation: /self\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/one", "HTTP/1.1 307 X\r\nLocation: two\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/two", "HTTP/1.1 308 X\r\nLocation: one\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/file", "HTTP/1.1 302 X\r\nLocation: file:///etc/passwd\r\n\r\n", END_CLOSE, 0},
    };
    site s;
    site_open(&s, pages, 6);
    fetched got = fetch_url(site_url(&s, "/a"));
    assert_int_equal(got.outcome, KO_NET_DATA);
    assert_string_equal(got.body, "here");
    assert_string_equal(got.final_url, site_url(&s, "/b?x=%C3%B6"));
    got = fetch_url(site_url(&s, "/self"));
    assert_int_equal(got.outcome, KO_NET_LIMIT);
    assert_string_equal(got.text, "redirects to itself");
    assert_int_equal(visits_to(&s, "/self"), 1);
    got = fetch_url(site_url(&s, "/one"));
    assert_int_equal(got.outcome, KO_NET_LIMIT);
    assert_string_equal(got.text, "more than 10 redirects");
    assert_int_equal(visits_to(&s, "/one") + visits_to(&s, "/two"), 11);
    got = fetch_url(site_url(&s, "/file"));
    assert_int_equal(got.outcome, KO_NET_ADDRESS);
    test_server_stop(s.server);
}

/* The same server under two names, which are two hosts. */
static void keys_and_bodies_stay_with_their_host(void **state)
{
    (void)state;
    const page pages[] = {
        {"/api", "HTTP/1.1 307 X\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/next",
         "HTTP/1.1 307 X\r\nLocation: http://other.localhost:PORT/out\r\n"
         "Content-Length: 0\r\n\r\n",
         END_KEEP, 0},
        {"/out", OK "Content-Length: 2\r\n\r\nok", END_KEEP, 0},
    };
    site s;
    site_open(&s, pages, 3);
    const char *headers[] = {"Authorization: Bearer secret"};
    const ko_net_options options = quick_options();
    const fetched got = fetch_with(&options, &(ko_net_request){.url = site_url(&s, "/api"),
                                                               .post = "{}",
                                                               .post_bytes = 2,
                                                               .headers = headers,
                                                               .n_headers = 1,
                                                               .max_bytes = 100,
                                                               .api = true});
    assert_int_equal(got.outcome, KO_NET_DATA);
    assert_int_equal(s.n_visits, 4); /* with the robots.txt of the other host, and no more */
    assert_memory_equal(s.visits[0].head, "POST /api ", 10);
    assert_non_null(strstr(s.visits[0].head, "Bearer secret"));
    assert_memory_equal(s.visits[1].head, "POST /next ", 11);
    assert_non_null(strstr(s.visits[1].head, "Bearer secret"));
    assert_string_equal(s.visits[2].target, "/robots.txt");
    assert_memory_equal(s.visits[3].head, "GET /out ", 9);
    for (size_t i = 2; i < 4; i++) {
        assert_null(strstr(s.visits[i].head, "secret"));
        assert_non_null(strstr(s.visits[i].head, "Host: other.localhost:"));
    }
    test_server_stop(s.server);
}

static void nothing_is_kept_from_one_request_to_the_next(void **state)
{
    (void)state;
    const page pages[] = {
        {"/a", "HTTP/1.1 200 OK\r\nSet-Cookie: id=1\r\nContent-Length: 1\r\n\r\na", END_KEEP, 0},
    };
    site s;
    site_open(&s, pages, 1);
    static fetch f;
    f.n = 0;
    const ko_net_options options = quick_options();
    ko_net *net = open_net(&options);
    add_url(net, site_url(&s, "/a"), 1);
    add_url(net, site_url(&s, "/a"), 2);
    run_net(net, &f);
    ko_net_close(net);
    assert_int_equal(f.n, 2);
    for (size_t i = 0; i < s.n_visits; i++)
        assert_null(strstr(s.visits[i].head, "Cookie"));
    test_server_stop(s.server);
}

static void silence_and_dribble_have_an_end(void **state)
{
    (void)state;
    const page pages[] = {
        {"/silent", "", END_HOLD, 0},
        {"/stuck", OK "Content-Length: 9\r\n\r\nhalf", END_HOLD, 0},
    };
    site s;
    site_open(&s, pages, 2);
    ko_net_options options = quick_options();
    options.idle_ms = 400;
    options.tries = 1;
    ko_net_request request = {.url = site_url(&s, "/silent"), .max_bytes = 100};
    fetched got = fetch_with(&options, &request);
    assert_int_equal(got.outcome, KO_NET_UNREACHABLE);
    assert_string_equal(got.text, "silent for 400 ms");
    request.url = site_url(&s, "/stuck");
    got = fetch_with(&options, &request);
    assert_int_equal(got.outcome, KO_NET_UNREACHABLE);
    assert_string_equal(got.text, "silent or too slow after 4 bytes");
    options.idle_ms = 10000;
    options.total_ms = 150;
    got = fetch_with(&options, &request);
    assert_int_equal(got.outcome, KO_NET_UNREACHABLE);
    test_server_stop(s.server);
}

static void hosts_that_cannot_be_reached_are_told(void **state)
{
    (void)state;
    site s;
    site_open(&s, NULL, 0);
    char url[256];
    (void)snprintf(url, sizeof url, "%s", site_url(&s, "/"));
    test_server_stop(s.server);
    fetched got = fetch_url(url);
    assert_int_equal(got.outcome, KO_NET_UNREACHABLE);
    assert_int_equal(got.status, 0);
    got = fetch_url("http://no-such-name.invalid/");
    assert_int_equal(got.outcome, KO_NET_UNREACHABLE);
    assert_string_equal(got.text, "its name cannot be resolved");
}

static bool hello(void *context, const test_request *request)
{
    (void)context;
    return test_answer_text(request, 200, "", "hello");
}

static void certificates_are_checked(void **state)
{
    (void)state;
    test_server *server = test_server_start(&(test_server_options){.handler = hello, .tls = true});
    assert_non_null(server);
    char url[64];
    (void)snprintf(url, sizeof url, "https://shop.localhost:%u/", test_server_port(server));
    fetched got = fetch_url(url);
    assert_int_equal(got.outcome, KO_NET_UNREACHABLE);
    assert_non_null(strstr(got.text, "certificate"));
    assert_int_equal(test_server_requests(server), 0);
    ko_net_options options = quick_options();
    options.ca_file = test_server_ca(server);
    got = fetch_with(&options, &(ko_net_request){.url = url, .max_bytes = 100});
    assert_int_equal(got.outcome, KO_NET_DATA);
    assert_string_equal(got.body, "hello");
    test_server_stop(server);
}

static void headers_of_ours_are_one_line(void **state)
{
    (void)state;
    const ko_net_options options = quick_options();
    ko_net *net = open_net(&options);
    const char *headers[] = {"X-Key: a\r\nX-More: b"};
    ko_error err = {0};
    const ko_net_request request = {.url = "http://127.0.0.1/", .headers = headers, .n_headers = 1};
    assert_int_equal(ko_net_add(net, &request, &err), KO_E_USAGE);
    assert_null(strstr(err.text, "X-Key"));
    assert_int_equal(ko_net_pending(net), 0);
    ko_net_close(net);
}

/* Memory of the library's own aside: whatever fails, nothing leaks and the run ends. */
static void without_memory_a_run_ends(void **state)
{
    (void)state;
    const page pages[] = {
        {"/robots.txt", OK "Content-Length: 24\r\n\r\nuser-agent: *\ndisallow:x", END_KEEP, 0},
        {"/a", "HTTP/1.1 301 X\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", END_KEEP, 0},
        {"/b", HTML "Content-Length: 5\r\n\r\nhello", END_KEEP, 0},
    };
    site s;
    site_open(&s, pages, 3);
    static fetch f;
    const char *headers[] = {"X-Key: a"};
    const ko_net_options options = quick_options();
    const ko_net_request request = {.url = site_url(&s, "/a"),
                                    .headers = headers,
                                    .n_headers = 1,
                                    .etag = "\"v\"",
                                    .max_bytes = 100};
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        f.n = s.n_visits = 0;
        ko_net *net = NULL;
        ko_alloc_fault(nth, 0);
        ko_status st = ko_net_open(&options, &net, NULL);
        if (st == KO_OK)
            st = ko_net_add(net, &request, NULL);
        if (st == KO_OK)
            st = ko_net_run(net, on_answer, &f, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_net_close(net);
        assert_int_equal(ko_alloc_live(), before);
        if (fired && st == KO_OK) /* robots.txt could not be asked: then it forbids */
            assert_int_equal(f.got[0].outcome, KO_NET_ROBOTS);
        else
            assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        assert_int_equal(f.n, st == KO_OK);
        if (!fired)
            break;
    }
    test_server_stop(s.server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_had_with_its_headers),
        cmocka_unit_test(statuses_tell_what_is_to_be_done),
        cmocka_unit_test(what_is_known_is_not_sent_again),
        cmocka_unit_test(broken_bodies_are_not_data),
        cmocka_unit_test(bodies_end_at_their_limit),
        cmocka_unit_test(bombs_are_told_by_what_came_of_them),
        cmocka_unit_test(redirects_are_followed_and_end),
        cmocka_unit_test(keys_and_bodies_stay_with_their_host),
        cmocka_unit_test(nothing_is_kept_from_one_request_to_the_next),
        cmocka_unit_test(silence_and_dribble_have_an_end),
        cmocka_unit_test(hosts_that_cannot_be_reached_are_told),
        cmocka_unit_test(certificates_are_checked),
        cmocka_unit_test(headers_of_ours_are_one_line),
        cmocka_unit_test(without_memory_a_run_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
