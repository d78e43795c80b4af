/* A thread accepts, and each connection has one of its own that reads with blocking calls. To
 * stop is to shut all sockets down: that ends every such call, and then every thread.
 *
 * The heap is asked past base/alloc.h on purpose: tests count what is had there, and make it
 * fail, while these threads run. */
#include "server.h"

#include "authority.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX ((size_t)64 << 10)
#define BODY_MAX ((size_t)64 << 20) /* a picture in Base64, and more */
#define WAITING_MAX 512             /* connections not accepted yet */

typedef struct connection {
    test_server *server;
    struct connection *next;
    pthread_t thread;
    size_t number;
    int fd;     /* written under the server's lock; -1: closed */
    bool ended; /* under the server's lock: may be joined */
    bool reset;
    SSL *ssl;    /* NULL: without TLS */
    char *bytes; /* what came and was not yet answered */
    size_t n, capacity;
} connection;

struct test_server {
    test_server_options options;
    int listener;
    unsigned port;
    test_authority *authority;
    SSL_CTX *tls;
    atomic_size_t requests;
    pthread_t acceptor;
    bool accepting;
    pthread_mutex_t lock;
    connection *connections; /* under lock */
    bool stopping;           /* under lock */
};

/* --- bytes --- */

/* Like read(2). */
static ssize_t receive(connection *c, void *bytes, size_t n)
{
    if (!c->ssl)
        return recv(c->fd, bytes, n, 0);
    size_t got = 0;
    return SSL_read_ex(c->ssl, bytes, n, &got) ? (ssize_t)got : 0;
}

static bool send_all(connection *c, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        size_t sent = 0;
        if (c->ssl) {
            if (!SSL_write_ex(c->ssl, at, n, &sent))
                return false;
        } else {
            const ssize_t put = send(c->fd, at, n, MSG_NOSIGNAL);
            if (put < 0)
                return false;
            sent = (size_t)put;
        }
        at += sent;
        n -= sent;
    }
    return true;
}

/* Waits until the connection has at least n bytes. */
static bool receive_until(connection *c, size_t n)
{
    while (c->n < n) {
        if (c->n == c->capacity) {
            const size_t larger = c->capacity ? 2 * c->capacity : 4096;
            char *bytes = realloc(c->bytes, larger);
            if (!bytes)
                return false;
            c->bytes = bytes;
            c->capacity = larger;
        }
        const ssize_t got = receive(c, c->bytes + c->n, c->capacity - c->n);
        if (got <= 0)
            return false;
        c->n += (size_t)got;
    }
    return true;
}

/* --- requests --- */

/* The length of the head with its empty line; 0 when the other side is gone or says no such
 * thing. */
static size_t receive_head(connection *c)
{
    for (size_t n = 1; n <= HEAD_MAX; n++)
        if (!receive_until(c, n))
            return 0;
        else if (n >= 4 && memcmp(c->bytes + n - 4, "\r\n\r\n", 4) == 0)
            return n;
    return 0;
}

void test_header(const test_request *request, const char *name, char *out, size_t out_size)
{
    assert(out_size > 0);
    const size_t n = strlen(name);
    out[0] = '\0';
    for (const char *line = strstr(request->head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, n) != 0 || line[n] != ':')
            continue;
        const char *value = line + n + 1;
        value += strspn(value, " \t");
        size_t length = strcspn(value, "\r");
        while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
            length--;
        (void)snprintf(out, out_size, "%.*s", (int)length, value);
        return;
    }
}

static bool header_is(const test_request *request, const char *name, const char *value)
{
    char found[32];
    test_header(request, name, found, sizeof found);
    return strcasecmp(found, value) == 0;
}

/* Receives what Content-Length promises after the head. */
static bool receive_body(connection *c, test_request *request, size_t head_bytes)
{
    char length[32];
    test_header(request, "Content-Length", length, sizeof length);
    const unsigned long long promised = strtoull(length, NULL, 10);
    if (promised > BODY_MAX)
        return false;
    if (header_is(request, "Expect", "100-continue") &&
        !test_send(request, "HTTP/1.1 100 Continue\r\n\r\n", 25))
        return false;
    request->body_bytes = (size_t)promised;
    if (!receive_until(c, head_bytes + request->body_bytes))
        return false;
    request->body = c->bytes + head_bytes;
    return true;
}

/* Splits "GET /path HTTP/1.1" in place; false when it is none. */
static bool split_line(char *line, test_request *request, bool *out_old)
{
    char *target = strchr(line, ' ');
    char *version = target ? strchr(target + 1, ' ') : NULL;
    if (!version)
        return false;
    *target++ = '\0';
    *version++ = '\0';
    request->method = line;
    request->target = target;
    *out_old = strncmp(version, "HTTP/1.1", 8) != 0;
    return true;
}

/* Receives one request and has it answered; false: the connection has come to its end. */
static bool answer_next(connection *c)
{
    const size_t head_bytes = receive_head(c);
    if (head_bytes == 0)
        return false;
    bool old = false, open = false;
    char host[256];
    char *head = strndup(c->bytes, head_bytes);
    char *line = strndup(c->bytes, head_bytes);
    test_request request = {.head = head, .host = host, .connection = c->number, .stream = c};
    if (!head || !line || !split_line(line, &request, &old))
        goto done;
    test_header(&request, "Host", host, sizeof host);
    if (!receive_body(c, &request, head_bytes))
        goto done;
    atomic_fetch_add(&c->server->requests, 1);
    open = c->server->options.handler(c->server->options.context, &request) && !old &&
           !header_is(&request, "Connection", "close");
    c->n -= head_bytes + request.body_bytes;
    memmove(c->bytes, c->bytes + head_bytes + request.body_bytes, c->n);
done:
    free(head);
    free(line);
    return open;
}

/* --- answers --- */

bool test_send(const test_request *request, const void *bytes, size_t n)
{
    return send_all(request->stream, bytes, n);
}

bool test_answer(const test_request *request, int status, const char *headers, const void *body,
                 size_t n)
{
    const bool bodiless = status == 204 || status == 304;
    char line[64], length[64] = "";
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d \r\n", status);
    if (!bodiless)
        (void)snprintf(length, sizeof length, "Content-Length: %zu\r\n", n);
    const size_t head_max = strlen(line) + strlen(headers) + strlen(length) + 3;
    char *head = malloc(head_max);
    if (!head)
        return true;
    const int head_bytes = snprintf(head, head_max, "%s%s%s\r\n", line, headers, length);
    if (test_send(request, head, (size_t)head_bytes) && !bodiless &&
        strcmp(request->method, "HEAD") != 0)
        (void)test_send(request, body, n);
    free(head);
    return true;
}

bool test_answer_text(const test_request *request, int status, const char *headers,
                      const char *body)
{
    return test_answer(request, status, headers, body, strlen(body));
}

void test_reset(const test_request *request)
{
    connection *c = request->stream;
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    c->reset = true;
}

void test_hold(const test_request *request)
{
    char ignored[4096];
    while (receive(request->stream, ignored, sizeof ignored) > 0)
        ;
}

/* --- connections --- */

static bool begin_tls(connection *c)
{
    if (!c->server->tls)
        return true;
    c->ssl = SSL_new(c->server->tls);
    return c->ssl && SSL_set_fd(c->ssl, c->fd) && SSL_accept(c->ssl) == 1;
}

static void end_connection(connection *c)
{
    if (c->ssl && !c->reset)
        (void)SSL_shutdown(c->ssl);
    SSL_free(c->ssl);
    if (!c->reset)
        (void)shutdown(c->fd, SHUT_RDWR); /* also where a forked child holds the socket */
    free(c->bytes);
    (void)pthread_mutex_lock(&c->server->lock);
    (void)close(c->fd);
    c->fd = -1;
    c->ended = true;
    (void)pthread_mutex_unlock(&c->server->lock);
}

static void *serve(void *context)
{
    connection *c = context;
    if (begin_tls(c))
        while (answer_next(c))
            ;
    end_connection(c);
    return NULL;
}

/* Joins connections that have ended, or all. */
static void reap(test_server *server, bool all)
{
    connection *ended = NULL;
    (void)pthread_mutex_lock(&server->lock);
    for (connection **at = &server->connections; *at;) {
        connection *c = *at;
        if (all || c->ended) {
            *at = c->next;
            c->next = ended;
            ended = c;
        } else {
            at = &c->next;
        }
    }
    (void)pthread_mutex_unlock(&server->lock);
    while (ended) {
        connection *next = ended->next;
        (void)pthread_join(ended->thread, NULL);
        free(ended);
        ended = next;
    }
}

/* Gives the connection to a thread of its own; false when there is none to be had. */
static bool begin_connection(test_server *server, int fd, size_t number)
{
    connection *c = calloc(1, sizeof *c);
    if (!c)
        return false;
    *c = (connection){.server = server, .fd = fd, .number = number};
    const int at_once = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    (void)pthread_mutex_lock(&server->lock);
    const bool begun = !server->stopping && pthread_create(&c->thread, NULL, serve, c) == 0;
    if (begun) {
        c->next = server->connections;
        server->connections = c;
    }
    (void)pthread_mutex_unlock(&server->lock);
    if (!begun)
        free(c);
    return begun;
}

static void *accept_all(void *context)
{
    test_server *server = context;
    for (size_t number = 0;; number++) {
        const int fd = accept(server->listener, NULL, NULL);
        if (fd < 0 && errno == EINVAL) /* shut down */
            return NULL;
        reap(server, false);
        if (fd >= 0 && !begin_connection(server, fd, number))
            (void)close(fd);
    }
}

/* --- the server --- */

static bool listen_on_loopback(test_server *server)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const bool six = server->options.ipv6;
    v4.sin_port = v6.sin6_port = htons((uint16_t)server->options.port);
    struct sockaddr *address = six ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t n = six ? sizeof v6 : sizeof v4;
    const int again = 1;
    server->listener = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0 ||
        setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again) != 0 ||
        bind(server->listener, address, n) != 0 || listen(server->listener, WAITING_MAX) != 0 ||
        getsockname(server->listener, address, &n) != 0)
        return false;
    server->port = ntohs(six ? v6.sin6_port : v4.sin_port);
    return true;
}

/* The threads leave all signals to the program; one that writes to a closed connection must not
 * end it. */
static bool start_accepting(test_server *server)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    server->accepting = pthread_create(&server->acceptor, NULL, accept_all, server) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return server->accepting;
}

static bool prepare_tls(test_server *server)
{
    if (!server->options.tls)
        return true;
    server->authority = test_authority_make();
    server->tls = server->authority ? test_authority_context(server->authority) : NULL;
    return server->tls != NULL;
}

test_server *test_server_start(const test_server_options *options)
{
    assert(options->handler);
    test_server *server = calloc(1, sizeof *server);
    if (!server)
        return NULL;
    server->options = *options;
    server->listener = -1;
    (void)pthread_mutex_init(&server->lock, NULL);
    if (prepare_tls(server) && listen_on_loopback(server) && start_accepting(server))
        return server;
    test_server_stop(server);
    return NULL;
}

unsigned test_server_port(const test_server *server)
{
    return server->port;
}

const char *test_server_ca(const test_server *server)
{
    return server->authority ? test_authority_file(server->authority) : NULL;
}

size_t test_server_requests(const test_server *server)
{
    return atomic_load(&server->requests);
}

void test_server_stop(test_server *server)
{
    if (!server)
        return;
    (void)pthread_mutex_lock(&server->lock);
    server->stopping = true;
    for (connection *c = server->connections; c; c = c->next)
        if (c->fd >= 0)
            (void)shutdown(c->fd, SHUT_RDWR);
    (void)pthread_mutex_unlock(&server->lock);
    if (server->accepting) {
        (void)shutdown(server->listener, SHUT_RDWR);
        (void)pthread_join(server->acceptor, NULL);
    }
    reap(server, true);
    if (server->listener >= 0)
        (void)close(server->listener);
    SSL_CTX_free(server->tls);
    test_authority_free(server->authority);
    (void)pthread_mutex_destroy(&server->lock);
    free(server);
}
