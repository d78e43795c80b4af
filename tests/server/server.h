/* tests/server/server.h - a small web server inside a test, on a port of its own.
 *
 * Each connection has a thread; a handler is called for every request and answers with the calls
 * below, byte by byte if it likes: what real servers would never send can be sent too. */
#ifndef KO_TESTS_SERVER_SERVER_H
#define KO_TESTS_SERVER_SERVER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct test_server test_server;

typedef struct test_request {
    const char *method; /* "GET" */
    const char *target; /* "/path?query" */
    const char *host;   /* of the Host header, with port; "" */
    const char *head;   /* the whole head as it came */
    const void *body;   /* as Content-Length says */
    size_t body_bytes;
    size_t connection; /* number of the connection, from 0 */
    void *stream;      /* for the calls below */
} test_request;

/* The value of a header of the request into out, "" when there is none. */
void test_header(const test_request *request, const char *name, char *out, size_t out_size);

/* Called from several threads at once. False: close the connection. */
typedef bool test_handler(void *context, const test_request *request);

typedef struct test_server_options {
    test_handler *handler;
    void *context;
    bool tls;      /* with a certificate for 127.0.0.1, localhost and *.localhost */
    bool ipv6;     /* on ::1 */
    unsigned port; /* 0: any that is free */
} test_server_options;

/* NULL when there is no port or no memory to be had. */
test_server *test_server_start(const test_server_options *options);
unsigned test_server_port(const test_server *server);
/* PEM file of the authority that signed the certificate; NULL without TLS. */
const char *test_server_ca(const test_server *server);
size_t test_server_requests(const test_server *server); /* so far */
void test_server_stop(test_server *server);             /* waits for its threads; NULL is fine */

/* Sends bytes as they are; false when the other side is gone. */
bool test_send(const test_request *request, const void *bytes, size_t n);
/* Sends a whole answer: status line, headers (lines ended by CR LF, or ""), Content-Length and
 * body. Returns true, for a handler to return. */
bool test_answer(const test_request *request, int status, const char *headers, const void *body,
                 size_t n);
bool test_answer_text(const test_request *request, int status, const char *headers,
                      const char *body);
/* Ends the connection with a reset instead of a proper end; return false afterwards. */
void test_reset(const test_request *request);
/* Waits until the other side closes or the server stops; return false afterwards. */
void test_hold(const test_request *request);

#endif
