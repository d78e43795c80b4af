/* A request is gathered whole, its body within what its route allows, and then answered at once.
 * Its target is taken as it was sent, before libmicrohttpd decodes it. What is no HTTP, or too long
 * even to be refused, libmicrohttpd answers by itself, with a fixed text. */
#include "serve/server.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "base/text.h"
#include "serve/desk.h"
#include "serve/visitors.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK_MS 200 /* a stop is to be seen within a second, and so are changes */
#define STREAM_BYTES 4096u

struct ko_server {
    uint16_t port;
    struct MHD_Daemon *daemon;
    ko_visitors visitors;
    ko_desk desk;
};

/* --- answers --- */

/* With every answer, whatever it is. */
static const char *const headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t room)
{
    const ko_serve_stream *stream = context;
    (void)position;
    const size_t n = stream->read(stream->context, out, room);
    return n ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void close_stream(void *context)
{
    ko_serve_stream *stream = context;
    stream->close(stream->context);
    ko_free(stream);
}

static struct MHD_Response *stream_response(ko_serve_answer *a)
{
    ko_serve_stream *stream = ko_alloc(sizeof *stream);
    if (!stream)
        return NULL;
    *stream = a->stream;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BYTES, read_stream, stream, close_stream);
    if (response)
        a->stream = (ko_serve_stream){0}; /* its own now */
    else
        ko_free(stream);
    return response;
}

static struct MHD_Response *buffer_response(ko_serve_answer *a)
{
    static char nothing[1];
    if (a->constant)
        return MHD_create_response_from_buffer(a->constant_size, (void *)a->constant,
                                               MHD_RESPMEM_PERSISTENT);
    if (!a->body.data || a->status == 304)
        return MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(a->body.size, a->body.data, ko_free);
    if (response)
        a->body = (ko_buf){0}; /* its own now */
    return response;
}

static bool add_header(struct MHD_Response *response, const char *name, const char *value)
{
    return !value || !value[0] || MHD_add_response_header(response, name, value) == MHD_YES;
}

/* RFC 6266; the name needs no escapes. */
static bool add_disposition(struct MHD_Response *response, const char *save_as)
{
    char value[KO_ANSWER_SAVE_AS_SIZE + 32];
    (void)snprintf(value, sizeof value, "attachment; filename=\"%s\"", save_as);
    return !save_as[0] || add_header(response, "Content-Disposition", value);
}

static bool add_headers(struct MHD_Response *response, const ko_serve_answer *a, bool last)
{
    bool added = true;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        added &= add_header(response, headers[i][0], headers[i][1]);
    added &= add_header(response, "Cache-Control", a->etag[0] ? "private, no-cache" : "no-store");
    added &= add_header(response, "Content-Type", a->type);
    added &= add_disposition(response, a->save_as);
    added &= add_header(response, "ETag", a->etag);
    added &= add_header(response, "Set-Cookie", a->cookie);
    added &= add_header(response, "Location", a->location);
    added &= add_header(response, "Allow", a->allow);
    added &= add_header(response, "Connection", last ? "close" : NULL);
    return added;
}

/* Sends the answer and frees it; last: nothing more is taken on this connection. */
static enum MHD_Result send_answer(struct MHD_Connection *connection, ko_serve_answer *a, bool last)
{
    struct MHD_Response *response = a->stream.read ? stream_response(a) : buffer_response(a);
    enum MHD_Result result = MHD_NO;
    if (response && add_headers(response, a, last))
        result = MHD_queue_response(connection, a->status, response);
    if (response)
        MHD_destroy_response(response);
    ko_serve_answer_free(a);
    return result;
}

/* --- requests --- */

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   size_t name_size, const char *value, size_t value_size)
{
    ko_gate_claim *claim = context;
    const struct {
        const char *name, **value;
    } known[] = {
        {"Host", &claim->host},
        {"Origin", &claim->origin},
        {"Sec-Fetch-Site", &claim->fetch_site},
        {"Cookie", &claim->cookie},
        {KO_GATE_TOKEN_HEADER, &claim->token},
        {"Authorization", &claim->authorization},
        {"Content-Type", &claim->content_type},
        {"Content-Length", &claim->content_length},
        {"Transfer-Encoding", &claim->transfer_encoding},
    };
    (void)kind;
    (void)name_size;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!ko_text_same(name, known[i].name))
            continue;
        if (*known[i].value || !value || strlen(value) != value_size) /* or holds a zero */
            claim->doubled = known[i].name;
        *known[i].value = value ? value : "";
    }
    return MHD_YES;
}

static ko_gate_claim claim_of(struct MHD_Connection *connection, const char *method)
{
    ko_gate_claim claim = {.method = method};
    const union MHD_ConnectionInfo *head =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    claim.head_bytes = head ? head->header_size : 0;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_header, &claim);
    return claim;
}

/* Looks at the head. False when the request is not let in; then a says why. */
static bool look_at(ko_server *server, struct MHD_Connection *connection, ko_visitor *v,
                    const char *method, ko_serve_answer *a)
{
    const ko_gate_claim claim = claim_of(connection, method);
    ko_error why = {0};
    const bool readable = ko_target_read(v->target, &v->read, &why) == KO_OK;
    v->routed = (ko_serve_routed){0};
    if (readable)
        v->routed = ko_serve_route_find(ko_serve_routes,
                                        strcmp(method, "POST") == 0 ? KO_HTTP_POST : KO_HTTP_GET,
                                        v->read.path);
    const ko_serve_route *route = v->routed.route;
    v->verdict = ko_gate_judge(&server->desk.gate, &claim,
                               route ? route->may : KO_ASKER_SESSION | KO_ASKER_PAGE,
                               route ? route->sent : KO_SENT_JSON);
    if (v->verdict.refused)
        ko_serve_answer_refuse(a, v->verdict.refused, v->verdict.why);
    else if (!readable)
        ko_serve_answer_refuse(a, why.code == KO_E_LIMIT ? 414 : 400, why.text);
    else if (!route)
        ko_serve_answer_refuse(a, v->routed.allow ? 405 : 404,
                               v->routed.allow ? "not by this method"
                                               : "there is nothing of this name");
    else if (ko_target_knows(&v->read, v->routed.query, &why) != KO_OK)
        ko_serve_answer_refuse(a, 400, why.text);
    else if (v->verdict.body_bytes > route->max_body)
        ko_serve_answer_refuse(a, 413, "what is sent is too long");
    else if (!ko_visitors_make_room(&server->visitors, v, v->verdict.body_bytes))
        ko_serve_answer_refuse(a, 503, "too much is being sent at once: try again");
    else
        return true;
    if (a->status == 405)
        a->allow = v->routed.allow ? v->routed.allow : "GET, HEAD, POST";
    return false;
}

static enum MHD_Result begin(ko_server *server, struct MHD_Connection *connection, ko_visitor *v,
                             const char *method)
{
    ko_serve_answer a = KO_SERVE_ANSWER;
    v->begun = true;
    if (!look_at(server, connection, v, method, &a)) {
        v->answered = true;
        return send_answer(connection, &a, true);
    }
    v->body = KO_BUF(v->routed.route->max_body);
    if (v->verdict.asker != KO_ASKER_STRANGER)
        ko_visitors_know(&server->visitors, v);
    ko_visitors_expect(&server->visitors, v,
                       v->verdict.body_bytes ? ko_clock_ms() + KO_MAX_SERVE_BODY_MS : 0);
    return MHD_YES;
}

static void drop_body(ko_server *server, ko_visitor *v)
{
    ko_buf_free(&v->body);
    (void)ko_visitors_make_room(&server->visitors, v, 0);
}

static enum MHD_Result finish(ko_server *server, struct MHD_Connection *connection, ko_visitor *v)
{
    ko_serve_answer a = KO_SERVE_ANSWER;
    ko_error err = {0};
    const ko_serve_request request = {
        .method = v->verdict.method,
        .asker = v->verdict.asker,
        .pairing = v->verdict.pairing,
        .target = &v->read,
        .id = v->routed.id,
        .name = v->routed.name,
        .if_none_match =
            MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH),
        .body = v->body.data ? v->body.data : "",
        .body_size = v->body.size,
        .socket = v->socket,
    };
    ko_visitors_expect(&server->visitors, v, 0);
    v->answered = true;
    if (v->routed.route->handler(&server->desk, &request, &a, &err) != KO_OK)
        ko_serve_answer_fail(&a, &err);
    drop_body(server, v);
    return send_answer(connection, &a, v->verdict.asker == KO_ASKER_STRANGER);
}

/* Called when the head has come, for each piece of the body, and at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *piece,
                                  size_t *size, void **request)
{
    ko_server *server = context;
    ko_visitor *v = *request;
    (void)url;
    (void)version;
    if (!v)
        return MHD_NO;
    if (!v->begun)
        return begin(server, connection, v, method);
    if (*size == 0)
        return v->answered ? MHD_YES : finish(server, connection, v);
    const size_t n = *size;
    *size = 0;
    return v->answered || ko_buf_append(&v->body, piece, n) == KO_OK ? MHD_YES : MHD_NO;
}

/* --- connections --- */

static ko_visitor *visitor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* A request line has come; what is returned stands for the request from now on. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    ko_server *server = context;
    ko_visitor *v = visitor_of(connection);
    if (!v)
        return NULL;
    v->begun = v->answered = false;
    drop_body(server, v);
    (void)snprintf(v->target, sizeof v->target, "%s", target);
    return v;
}

/* Comes before the socket is closed. */
static void on_connection(void *context, struct MHD_Connection *connection, void **visitor,
                          enum MHD_ConnectionNotificationCode code)
{
    ko_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *visitor = info ? ko_visitors_enter(&server->visitors, info->connect_fd) : NULL;
    } else if (*visitor) {
        ko_visitors_leave(&server->visitors, *visitor);
        *visitor = NULL;
    }
}

/* --- opening --- */

/* A socket that listens on the port; *out_port is the one that it has. */
static ko_status listen_at(uint16_t port, int *out_socket, uint16_t *out_port, ko_error *err)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    const int yes = 1;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* What is left of connections of an earlier run does not hold the port. */
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(fd, (const struct sockaddr *)&at, sizeof at) == 0 && listen(fd, SOMAXCONN) == 0 &&
        getsockname(fd, (struct sockaddr *)&at, &size) == 0) {
        *out_socket = fd;
        *out_port = ntohs(at.sin_port);
        return KO_OK;
    }
    const int code = errno;
    if (fd >= 0)
        (void)close(fd);
    if (code == EADDRINUSE)
        return ko_fail(err, KO_E_EXISTS,
                       "port %u is taken by another program (--port 0 takes any that is free)",
                       port);
    return ko_fail(err, KO_E_IO, "port %u of 127.0.0.1: %s", port, strerror(code));
}

static ko_status start(ko_server *server, int socket, ko_error *err)
{
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_ITC,
        0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET, socket,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        server, MHD_OPTION_CONNECTION_LIMIT, KO_MAX_SERVE_CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, KO_MAX_SERVE_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        KO_MAX_SERVE_CONNECTION, MHD_OPTION_END);
    if (server->daemon)
        return KO_OK;
    (void)close(socket);
    return ko_fail(err, KO_E_IO, "the server on port %u cannot be started", server->port);
}

ko_status ko_server_open(const ko_server_options *options, ko_server **out_server, ko_error *err)
{
    int socket = -1;
    ko_server *server = ko_alloc_zero(1, sizeof *server);
    if (!server)
        return ko_fail(err, KO_E_NOMEM, "server");
    ko_visitors_init(&server->visitors);
    ko_status st = ko_desk_open(options->database, options->version, &server->desk, err);
    server->desk.net = options->net;
    server->desk.notify = options->notify;
    if (st == KO_OK)
        st = listen_at(options->port, &socket, &server->port, err);
    if (st == KO_OK)
        st = ko_gate_init(&server->desk.gate, server->port, err);
    if (st == KO_OK)
        st = start(server, socket, err);
    else if (socket >= 0)
        (void)close(socket);
    if (st == KO_OK)
        *out_server = server;
    else
        ko_server_close(server);
    return st;
}

void ko_server_close(ko_server *server)
{
    if (!server)
        return;
    if (server->desk.live)
        ko_live_stop(server->desk.live);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    ko_desk_close(&server->desk);
    ko_visitors_end(&server->visitors);
    ko_free(server);
}

/* --- running --- */

void ko_server_url(const ko_server *server, bool once, char out_url[KO_SERVER_URL_SIZE])
{
    const ko_gate *gate = &server->desk.gate;
    (void)snprintf(out_url, KO_SERVER_URL_SIZE, "%s/start?token=%s", gate->origins[0],
                   once ? gate->once : gate->start);
}

ko_status ko_server_run(ko_server *server, ko_error *err)
{
    ko_status st = KO_OK;
    while (st == KO_OK && !ko_stop_asked()) {
        (void)poll(NULL, 0, TICK_MS);
        ko_visitors_sweep(&server->visitors, ko_clock_ms());
        st = ko_live_refresh(server->desk.live, err);
    }
    return st == KO_E_STOPPED ? KO_OK : st;
}
