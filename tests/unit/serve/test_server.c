/* The server is attacked over a socket, byte by byte: with what no browser and no curl would send.
 */
#include "serve/server.h"

#include "base/buf.h"
#include "base/limits.h"
#include "store/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* --- a server of its own for each test --- */

typedef struct fixture {
    char folder[64], path[96];
    ko_server *server;
    uint16_t port;
    char start[KO_SERVER_URL_SIZE]; /* "/start?token=..." */
    char keys[300];                 /* the headers by which the page shows that it is ours */
} fixture;

#define REPLY_SIZE 16384

static int knock(const fixture *f)
{
    const struct sockaddr_in at = {.sin_family = AF_INET,
                                   .sin_port = htons(f->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void say(int fd, const char *bytes, size_t n)
{
    while (n) {
        const ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0)
            return; /* refused before all was said */
        bytes += sent;
        n -= (size_t)sent;
    }
}

/* Reads until the server closes the connection; an answer that is cut off by what was not read
 * counts as far as it came. */
static void hear(int fd, char reply[REPLY_SIZE])
{
    size_t n = 0;
    ssize_t got;
    while (n < REPLY_SIZE - 1 && (got = recv(fd, reply + n, REPLY_SIZE - 1 - n, 0)) > 0)
        n += (size_t)got;
    reply[n] = '\0';
    (void)close(fd);
}

/* Sends a request of n bytes and returns the status of the answer; 0: there was none. */
static int ask_bytes(const fixture *f, const char *request, size_t n, char reply[REPLY_SIZE])
{
    const int fd = knock(f);
    say(fd, request, n);
    hear(fd, reply);
    return strncmp(reply, "HTTP/1.1 ", 9) == 0 ? (int)strtol(reply + 9, NULL, 10) : 0;
}

/* A request line and headers after "Host: 127.0.0.1:PORT"; the connection ends behind it. */
static int ask(const fixture *f, const char *line, const char *more, char reply[REPLY_SIZE])
{
    char request[4096];
    const int n = snprintf(request, sizeof request,
                           "%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n%s\r\n", line,
                           f->port, more);
    assert_true(n > 0 && (size_t)n < sizeof request);
    return ask_bytes(f, request, (size_t)n, reply);
}

/* What stands between the marks; fails without. */
static void cut(const char *text, const char *from, const char *to, char *out, size_t size)
{
    const char *start = strstr(text, from);
    const char *end = start ? strstr(start + strlen(from), to) : NULL;
    if (!start || !end) {
        fail_msg("no %s in: %s", from, text);
        abort(); /* not reached, which static analysis cannot see */
    }
    start += strlen(from);
    assert_true((size_t)(end - start) < size);
    memcpy(out, start, (size_t)(end - start));
    out[end - start] = '\0';
}

static void enter(fixture *f)
{
    char reply[REPLY_SIZE], line[256], cookie[128], token[80];
    (void)snprintf(line, sizeof line, "GET %s", f->start);
    assert_int_equal(ask(f, line, "", reply), 303);
    cut(reply, "Set-Cookie: ", ";", cookie, sizeof cookie);
    cut(reply, "Location: /#token=", "\r", token, sizeof token);
    (void)snprintf(f->keys, sizeof f->keys, "Cookie: %s\r\nX-Knockoff-Token: %s\r\n", cookie,
                   token);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    char url[KO_SERVER_URL_SIZE];
    if (!f)
        return -1;
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/knockoff-serve-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->path, sizeof f->path, "%s/k.db", f->folder);
    ko_store *store = NULL;
    if (ko_store_open(f->path, KO_STORE_CREATE, &store, NULL) != KO_OK)
        return -1;
    ko_store_close(store);
    const ko_server_options options = {.database = f->path, .version = "9.9"};
    if (ko_server_open(&options, &f->server, NULL) != KO_OK)
        return -1;
    ko_server_url(f->server, false, url);
    if (sscanf(url, "http://127.0.0.1:%hu%127s", &f->port, f->start) != 2) // NOLINT(cert-err34-c)
        return -1;
    enter(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    char path[128];
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    ko_server_close(f->server);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof path, "%s%s", f->path, suffixes[i]);
        (void)unlink(path);
    }
    const int left = rmdir(f->folder);
    free(f);
    return left;
}

/* A change that would be made but for what comes besides. */
static int change(const fixture *f, const char *more, const char *body, char reply[REPLY_SIZE])
{
    char headers[2048];
    (void)snprintf(headers, sizeof headers,
                   "%sOrigin: http://127.0.0.1:%u\r\nContent-Type: application/json\r\n%s", f->keys,
                   f->port, more);
    char request[4096];
    const int n = snprintf(request, sizeof request,
                           "POST /api/undo HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: "
                           "close\r\n%s\r\n%s",
                           f->port, headers, body);
    assert_true(n > 0 && (size_t)n < sizeof request);
    return ask_bytes(f, request, (size_t)n, reply);
}

/* --- tests --- */

static const char *const always[] = {
    "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; ",
    "\r\nX-Content-Type-Options: nosniff\r\n",
    "\r\nReferrer-Policy: no-referrer\r\n",
    "\r\nCross-Origin-Resource-Policy: same-origin\r\n",
    "\r\nCache-Control: ",
};

static void every_answer_has_the_headers_of_a_guarded_page(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE];
    const struct {
        int status;
        const char *line, *more;
    } requests[] = {
        {200, "GET /api/session", f->keys},
        {200, "HEAD /api/session", f->keys},
        {200, "GET /", f->keys},
        {401, "GET /api/session", ""},
        {401, "GET /start?token=x", ""},
        {401, "GET /nothing", ""},
        {404, "GET /nothing", f->keys},
        {404, "GET /assets/nothing.js", f->keys},
        {404, "GET /api/candidates/7/picture?side=work", f->keys},
        {400, "GET /api/candidates?limit=0", f->keys},
        {405, "GET /api/undo", f->keys},
        {405, "OPTIONS /api/session", f->keys},
        {405, "PUT /api/session", f->keys},
        {403, "GET /api/session", "Origin: null\r\n"},
        {413, "GET /api/session", NULL}, /* with a body: below */
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        char more[512];
        (void)snprintf(more, sizeof more, "%sContent-Length: 5\r\n", f->keys);
        assert_int_equal(
            ask(f, requests[i].line, requests[i].more ? requests[i].more : more, reply),
            requests[i].status);
        for (size_t k = 0; k < sizeof always / sizeof *always; k++)
            if (!strstr(reply, always[k]))
                fail_msg("%s (%d) lacks %s", requests[i].line, requests[i].status, always[k]);
    }
}

static void a_name_of_somebody_else_is_not_answered_to(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE], request[1024], own[64], others[64];
    (void)snprintf(own, sizeof own, "Host: 127.0.0.1:%u\r\n", f->port);
    (void)snprintf(others, sizeof others, "Host: evil.example:%u\r\n", f->port);
    const struct {
        int status;
        const char *line, *hosts[2];
    } heads[] = {
        {421, "GET /api/session HTTP/1.1", {others, ""}},
        {421, "GET /api/session HTTP/1.1", {"Host: evil.example\r\n", ""}},
        {421, "GET /api/session HTTP/1.1", {"Host: \r\n", ""}},
        {421, "GET /api/session HTTP/1.0", {"", ""}},
        {421, "GET /start HTTP/1.1", {others, ""}},
        {421, "GET http://127.0.0.1/api/session HTTP/1.1", {others, ""}},
        {400, "GET /api/session HTTP/1.1", {own, others}},
        {400, "GET /api/session HTTP/1.1", {others, own}},
        {400, "GET /api/session HTTP/1.1", {own, own}},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const int n = snprintf(request, sizeof request, "%s\r\n%s%sConnection: close\r\n%s\r\n",
                               heads[i].line, heads[i].hosts[0], heads[i].hosts[1], f->keys);
        assert_int_equal(ask_bytes(f, request, (size_t)n, reply), heads[i].status);
        assert_null(strstr(reply, "version"));
    }
    /* The absolute form is not taken even with our own name. */
    (void)snprintf(request, sizeof request, "GET http://127.0.0.1:%u/api/session", f->port);
    assert_int_equal(ask(f, request, f->keys, reply), 400);
    assert_int_equal(ask(f, "GET *", f->keys, reply), 400);
    /* Without any Host at all libmicrohttpd may speak first. */
    const char bare[] = "GET /api/session HTTP/1.1\r\nConnection: close\r\n\r\n";
    const int status = ask_bytes(f, bare, sizeof bare - 1, reply);
    assert_true(status == 421 || status == 400);
}

static void changes_are_made_by_our_pages_alone(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE];
    assert_int_equal(change(f, "Content-Length: 2\r\n", "{}", reply), 404); /* nothing to undo */
    assert_non_null(strstr(reply, "nothing was decided"));
    assert_int_equal(change(f, "Content-Length: 0\r\n", "", reply), 404);
    assert_int_equal(change(f, "Content-Length: 2\r\nOrigin: http://evil.example\r\n", "{}", reply),
                     400); /* which one would it be? */
    assert_int_equal(change(f, "Content-Length: 2\r\nSec-Fetch-Site: cross-site\r\n", "{}", reply),
                     403);
    assert_int_equal(ask(f, "POST /api/undo", f->keys, reply), 403);
    assert_int_equal(ask(f, "GET /api/undo", f->keys, reply), 405);
    assert_non_null(strstr(reply, "\r\nAllow: POST\r\n"));
}

static void bodies_are_of_known_and_small_size(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE], length[64];
    assert_int_equal(change(f, "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", reply),
                     411);
    assert_int_equal(change(f, "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "{}", reply),
                     411);
    (void)snprintf(length, sizeof length, "Content-Length: %u\r\n", KO_MAX_SERVE_JSON + 1);
    assert_int_equal(change(f, length, "{}", reply), 413);
    assert_int_equal(change(f, "Content-Length: 9\r\n", "{\"a\":1,1}", reply), 400);
    assert_int_equal(change(f, "Content-Length: 7\r\n", "{\"a\":1}", reply), 400);
    assert_int_equal(change(f, "Content-Length: 2\r\n", "[]", reply), 400);
}

static void heads_are_small(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE];
    const size_t sizes[] = {KO_MAX_SERVE_HEAD, 4 * KO_MAX_SERVE_CONNECTION};
    for (size_t i = 0; i < 2; i++) {
        ko_buf request = KO_BUF((size_t)1 << 20);
        assert_int_equal(ko_buf_printf(&request,
                                       "GET /api/session HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%sX: ",
                                       f->port, f->keys),
                         KO_OK);
        char *x = ko_buf_extend(&request, sizes[i]);
        assert_non_null(x);
        memset(x, 'x', sizes[i]);
        assert_int_equal(ko_buf_text(&request, "\r\n\r\n"), KO_OK);
        const int status = ask_bytes(f, request.data, request.size, reply);
        /* What was not read may have taken the answer with it. */
        assert_true(status == 431 || (i == 1 && status == 0));
        ko_buf_free(&request);
    }
    char line[KO_MAX_SERVE_TARGET + 64] = "GET /";
    memset(line + 5, 'a', KO_MAX_SERVE_TARGET);
    assert_int_equal(ask(f, line, f->keys, reply), 414);
}

static void paths_do_not_lead_out(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE], line[128];
    static const char *const paths[] = {
        "/assets/../../etc/passwd", "/assets/%2e%2e/x",   "/assets/..%2f..%2fx",
        "/assets/..%5cx",           "/assets/..\\x",      "/assets/index.html%00.js",
        "/assets/%252e%252e/x",     "//assets/index.html"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        (void)snprintf(line, sizeof line, "GET %s", paths[i]);
        assert_int_equal(ask(f, line, f->keys, reply), 400);
    }
    static const char zero[] = "GET /assets/index.html\0.js";
    ko_buf request = KO_BUF(4096);
    assert_int_equal(ko_buf_append(&request, zero, sizeof zero - 1), KO_OK);
    assert_int_equal(ko_buf_printf(&request,
                                   " HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n",
                                   f->port),
                     KO_OK);
    const int status = ask_bytes(f, request.data, request.size, reply);
    assert_true(status == 400 || status == 401 || status == 0);
    ko_buf_free(&request);
}

static void what_is_no_http_is_no_trouble(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE];
    static const char *const noise[] = {"\r\n\r\n\r\n", "\x16\x03\x01\x02",
                                        "GET\r\n\r\n",  "GET / HTTP/9.9\r\n\r\n",
                                        ": :\r\n\r\n",  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        const int fd = knock(f);
        say(fd, noise[i], strlen(noise[i]));
        (void)shutdown(fd, SHUT_WR);
        hear(fd, reply);
        assert_null(strstr(reply, " 200 "));
    }
    assert_int_equal(ask(f, "GET /api/session", f->keys, reply), 200);
}

/* Three times as many as there may be connections, each halfway through its head. */
static void slow_strangers_keep_nobody_out(void **state)
{
    const fixture *f = *state;
    char reply[REPLY_SIZE];
    static const char half[] = "GET /api/session HTTP/1.1\r\nHost: 127";
    int fds[3 * KO_MAX_SERVE_CONNECTIONS];
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        fds[i] = knock(f);
        say(fds[i], half, sizeof half - 1);
        if (i % KO_MAX_SERVE_STRANGERS == 0)
            assert_int_equal(ask(f, "GET /api/session", f->keys, reply), 200);
    }
    assert_int_equal(ask(f, "GET /api/session", f->keys, reply), 200);
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        (void)close(fds[i]);
}

/* Reads from an event stream up to its first event, and leaves it open. */
static int listen_on(const fixture *f)
{
    char request[1024], reply[REPLY_SIZE];
    size_t n = 0;
    const int fd = knock(f);
    (void)snprintf(request, sizeof request,
                   "GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s\r\n", f->port, f->keys);
    say(fd, request, strlen(request));
    do {
        const ssize_t got = recv(fd, reply + n, sizeof reply - 1 - n, 0);
        assert_true(got > 0);
        n += (size_t)got;
        reply[n] = '\0';
    } while (!strstr(reply, "event: news\ndata: {\"version\":") || !strstr(reply, "}\n\n"));
    assert_non_null(strstr(reply, "\r\nContent-Type: text/event-stream\r\n"));
    return fd;
}

/* Reads on to the last chunk (RFC 9112 section 7.1). */
static void hear_the_end(int fd)
{
    char reply[REPLY_SIZE];
    size_t n = 0;
    do {
        const ssize_t got = recv(fd, reply + n, sizeof reply - 1 - n, 0);
        assert_true(got > 0);
        n += (size_t)got;
        reply[n] = '\0';
    } while (!strstr(reply, "0\r\n\r\n"));
    (void)close(fd);
}

static void streams_end_for_others_and_with_the_server(void **state)
{
    fixture *f = *state;
    char reply[REPLY_SIZE];
    int fds[KO_MAX_SERVE_STREAMS];
    const int oldest = listen_on(f);
    for (size_t i = 0; i < KO_MAX_SERVE_STREAMS; i++)
        fds[i] = listen_on(f);
    hear_the_end(oldest);       /* it made room */
    ko_server_close(f->server); /* comes back although they are open */
    f->server = NULL;
    for (size_t i = 0; i < KO_MAX_SERVE_STREAMS; i++)
        hear(fds[i], reply);
}

static void a_port_has_one_server(void **state)
{
    const fixture *f = *state;
    ko_error err = {0};
    ko_server *second = NULL;
    const ko_server_options options = {.database = f->path, .port = f->port, .version = "9.9"};
    char line[160];
    (void)snprintf(line, sizeof line,
                   "port %u is taken by another program (--port 0 takes any that is free)",
                   f->port);
    assert_int_equal(ko_server_open(&options, &second, &err), KO_E_EXISTS);
    assert_string_equal(err.text, line);
    assert_null(second);
}

static void many_requests_use_one_connection(void **state)
{
    const fixture *f = *state;
    char request[1024], reply[REPLY_SIZE];
    const int fd = knock(f);
    (void)snprintf(request, sizeof request,
                   "HEAD /api/session HTTP/1.1\r\nHost: localhost:%u\r\n%s\r\n", f->port, f->keys);
    for (int i = 0; i < 3; i++)
        say(fd, request, strlen(request));
    (void)snprintf(request, sizeof request,
                   "GET /api/session HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n%s\r\n",
                   f->port, f->keys);
    say(fd, request, strlen(request));
    hear(fd, reply);
    size_t n = 0;
    for (const char *at = reply; (at = strstr(at, "HTTP/1.1 200 OK")); at++)
        n++;
    assert_int_equal(n, 4);
    assert_non_null(strstr(reply, "\"version\":\"9.9\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_answer_has_the_headers_of_a_guarded_page),
        TEST(a_name_of_somebody_else_is_not_answered_to),
        TEST(changes_are_made_by_our_pages_alone),
        TEST(bodies_are_of_known_and_small_size),
        TEST(heads_are_small),
        TEST(paths_do_not_lead_out),
        TEST(what_is_no_http_is_no_trouble),
        TEST(slow_strangers_keep_nobody_out),
        TEST(streams_end_for_others_and_with_the_server),
        TEST(a_port_has_one_server),
        TEST(many_requests_use_one_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
