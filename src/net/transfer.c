/* Nothing is kept from one request to the next but connections: no cookies, no credentials, no
 * alternative services. The guard sits where sockets are opened, after all names are resolved. */
#include "net/transfer.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "net/address.h"
#include "net/site.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int64_t number(const ko_transfer *transfer, CURLINFO info)
{
    curl_off_t value = 0;
    (void)curl_easy_getinfo(transfer->easy, info, &value);
    return (int64_t)value;
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    ko_transfer *transfer = context;
    const char *refused = transfer->guarded ? ko_address_refused(&address->addr) : NULL;
    if (refused) {
        transfer->refused = refused;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype, address->protocol);
}

/* Each line of each head, the blank one after it, and trailers. Only the final answer's head is
 * kept: a status line begins a new one, and what comes after the blank line is left out. */
static size_t on_head(char *bytes, size_t size, size_t n, void *context)
{
    (void)size;
    ko_transfer *transfer = context;
    transfer->head_bytes += n;
    if (transfer->head_bytes > KO_MAX_HEAD_BYTES) {
        transfer->head_over = true;
        return 0;
    }
    size_t length = n;
    while (length && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
        length--;
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0 && !transfer->body.size) {
        ko_buf_clear(&transfer->head);
        transfer->head_done = false;
    }
    if (length == 0)
        transfer->head_done = true;
    if (transfer->head_done)
        return n;
    if (ko_buf_append(&transfer->head, bytes, length) != KO_OK ||
        ko_buf_append(&transfer->head, "\r\n", 2) != KO_OK) {
        transfer->no_memory = true;
        return 0;
    }
    return n;
}

/* The answer says that more is to come than is wanted; of a robots.txt that is no reason. */
static bool says_too_much(const ko_transfer *transfer)
{
    return !transfer->job->robots_of && ko_transfer_status(transfer) == 200 &&
           number(transfer, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T) > (int64_t)transfer->body_max;
}

/* Called just before the request is sent. That may be long after it was begun, when much else was
 * to be done, so only here is known from when on the host is to be left in peace. A connection
 * that was kept and broke makes the library ask a second time, at once: that is put an end to,
 * and left to the host's queue. One more millisecond, since clocks are up to one behind. */
// NOLINTNEXTLINE(readability-non-const-parameter): as the library declares it
static int on_sending(void *context, char *to, char *from, int to_port, int from_port)
{
    (void)to, (void)from, (void)to_port, (void)from_port;
    ko_transfer *transfer = context;
    if (transfer->sent_ms)
        return CURL_PREREQFUNC_ABORT;
    transfer->sent_ms = ko_clock_ms() + 1;
    return CURL_PREREQFUNC_OK;
}

/* What came of the body is far less than what it unpacked to. */
static bool is_bomb(const ko_transfer *transfer, size_t unpacked)
{
    return unpacked > KO_UNPACK_FREE_BYTES &&
           (int64_t)unpacked > KO_MAX_UNPACK_RATIO * number(transfer, CURLINFO_SIZE_DOWNLOAD_T);
}

/* What is beyond the limit is not kept, and the rest is not waited for. */
static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
    (void)size;
    ko_transfer *transfer = context;
    const size_t max =
        ko_transfer_status(transfer) == 200 ? transfer->body_max : KO_MAX_ERROR_BODY_BYTES;
    const size_t room = max - transfer->body.size;
    transfer->body_over = n > room || says_too_much(transfer);
    transfer->bomb = is_bomb(transfer, transfer->body.size + n);
    if (ko_buf_append(&transfer->body, bytes, n < room ? n : room) != KO_OK)
        transfer->no_memory = true;
    return transfer->body_over || transfer->bomb || transfer->no_memory ? CURL_WRITEFUNC_ERROR : n;
}

static bool add_header(ko_transfer *transfer, const char *name, const char *value)
{
    if (!value)
        return true;
    ko_buf line = KO_BUF(KO_MAX_HEAD_BYTES);
    struct curl_slist *longer = NULL;
    if (ko_buf_printf(&line, "%s: %s", name, value) == KO_OK)
        longer = curl_slist_append(transfer->headers, line.data);
    ko_buf_free(&line);
    if (longer)
        transfer->headers = longer;
    return longer != NULL;
}

/* The user's own headers hold keys: they go to the host that they are for and to no other. */
static bool add_headers(ko_transfer *transfer)
{
    const ko_job *job = transfer->job;
    const struct curl_slist *own = job->site == job->home ? job->headers : NULL;
    for (; own; own = own->next) {
        struct curl_slist *longer = curl_slist_append(transfer->headers, own->data);
        if (!longer)
            return false;
        transfer->headers = longer;
    }
    if (job->post) { /* no question first whether the body is welcome */
        struct curl_slist *longer = curl_slist_append(transfer->headers, "Expect:");
        if (!longer)
            return false;
        transfer->headers = longer;
    }
    return add_header(transfer, "If-None-Match", job->etag) &&
           add_header(transfer, "If-Modified-Since", job->last_modified);
}

/* Keeps the first failure: what is left of a set of options is still set. */
#define SET(option, value)                                                                         \
    do {                                                                                           \
        const CURLcode rc = curl_easy_setopt(easy, option, value);                                 \
        if (code == CURLE_OK)                                                                      \
            code = rc;                                                                             \
    } while (0)

static CURLcode set_what(ko_transfer *transfer, const ko_net_options *options)
{
    CURL *easy = transfer->easy;
    const ko_job *job = transfer->job;
    CURLcode code = CURLE_OK;
    SET(CURLOPT_URL, job->url);
    SET(CURLOPT_PATH_AS_IS, 1L); /* what robots.txt was asked about is what is sent */
    SET(CURLOPT_USERAGENT, options->user_agent);
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    SET(CURLOPT_ACCEPT_ENCODING, ""); /* all that the library can undo */
    if (job->post) {
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->post_bytes);
        SET(CURLOPT_POSTFIELDS, job->post);
    }
    return code;
}

static CURLcode set_how(ko_transfer *transfer, const ko_net_options *options, const char *proxy)
{
    CURL *easy = transfer->easy;
    CURLcode code = CURLE_OK;
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_PROXY, proxy ? proxy : "");
    SET(CURLOPT_NOPROXY, proxy ? "" : "*");
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* a name still looked up when time is over is not waited for */
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    SET(CURLOPT_TIMEOUT_MS, (long)options->total_ms);
    if (options->ca_file)
        SET(CURLOPT_CAINFO, options->ca_file);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
    SET(CURLOPT_OPENSOCKETDATA, transfer);
    SET(CURLOPT_PREREQFUNCTION, on_sending);
    SET(CURLOPT_PREREQDATA, transfer);
    SET(CURLOPT_HEADERFUNCTION, on_head);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_ERRORBUFFER, transfer->error);
    SET(CURLOPT_PRIVATE, transfer);
    return code;
}

ko_status ko_transfer_start(CURLM *multi, const ko_net_options *options, const ko_guard *guard,
                            ko_job *job, ko_transfer **out_transfer, ko_error *err)
{
    ko_url url;
    ko_status st = ko_url_parse(job->url, strlen(job->url), NULL, &url, err);
    if (st != KO_OK)
        return st;
    ko_transfer *transfer = ko_alloc_zero(1, sizeof *transfer);
    if (!transfer)
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");
    const char *proxy = ko_guard_proxy(guard, &url);
    /* Every socket of a request through a proxy leads to the proxy, which the user named. */
    transfer->guarded = !proxy && !ko_guard_allows(guard, &url);
    transfer->job = job;
    transfer->body_max = job->max_bytes;
    transfer->head = KO_BUF(2 * KO_MAX_HEAD_BYTES); /* a line may grow by a byte */
    transfer->body =
        KO_BUF(job->max_bytes > KO_MAX_ERROR_BODY_BYTES ? job->max_bytes : KO_MAX_ERROR_BODY_BYTES);
    transfer->heard_ms = ko_clock_ms();
    transfer->easy = curl_easy_init();
    if (!transfer->easy || !add_headers(transfer) || set_what(transfer, options) != CURLE_OK ||
        set_how(transfer, options, proxy) != CURLE_OK ||
        curl_multi_add_handle(multi, transfer->easy) != CURLM_OK) {
        transfer->job = NULL;
        ko_transfer_free(multi, transfer);
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");
    }
    *out_transfer = transfer;
    return KO_OK;
}

void ko_transfer_free(CURLM *multi, ko_transfer *transfer)
{
    if (transfer->easy) {
        (void)curl_multi_remove_handle(multi, transfer->easy);
        curl_easy_cleanup(transfer->easy);
    }
    curl_slist_free_all(transfer->headers);
    ko_buf_free(&transfer->head);
    ko_buf_free(&transfer->body);
    ko_job_free(transfer->job);
    ko_free(transfer);
}

/* Connecting has a deadline of its own. Bytes are counted as they come, before they are
 * decoded: a bomb that unfolds slowly is not silent. */
int64_t ko_transfer_listen(ko_transfer *transfer, int idle_ms)
{
    const int64_t now_ms = ko_clock_ms();
    const bool connected = number(transfer, CURLINFO_PRETRANSFER_TIME_T) > 0;
    const int64_t bytes = (int64_t)transfer->head_bytes +
                          number(transfer, CURLINFO_SIZE_DOWNLOAD_T) +
                          number(transfer, CURLINFO_SIZE_UPLOAD_T);
    if (!connected || bytes != transfer->heard_bytes) {
        transfer->heard_bytes = bytes;
        transfer->heard_ms = now_ms;
    }
    const int64_t left_ms = transfer->heard_ms + idle_ms - now_ms;
    transfer->silent = left_ms <= 0;
    return left_ms > 0 ? left_ms : 0;
}

int64_t ko_transfer_sent_ms(const ko_transfer *transfer)
{
    return transfer->sent_ms ? transfer->sent_ms : ko_clock_ms();
}

int ko_transfer_status(const ko_transfer *transfer)
{
    long status = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return transfer->head_done && status >= 200 ? (int)status : 0;
}

const char *ko_transfer_header(const ko_transfer *transfer, const char *name)
{
    struct curl_header *header = NULL;
    const CURLHcode code = curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header);
    return code == CURLHE_OK ? header->value : "";
}

const char *ko_transfer_location(const ko_transfer *transfer)
{
    switch (ko_transfer_status(transfer)) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: {
        const char *location = ko_transfer_header(transfer, "Location");
        location += strspn(location, " \t");
        return *location ? location : NULL;
    }
    default:
        return NULL;
    }
}
