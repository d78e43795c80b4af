#include "received.h"

#include "base/alloc.h"
#include "server/server.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct ko_receiver {
    const char *secret;
    int64_t (*now)(void);
    test_server *server;
    unsigned port;
    pthread_mutex_t lock; /* of what follows */
    ko_received *items;
    size_t n, capacity;
};

/* "t=UNIX,v1=HEX": HEX is the HMAC-SHA256 of "UNIX.body". */
static bool is_genuine(const ko_receiver *r, const char *signature, const void *body, size_t n)
{
    char stamp[32] = "", hex[72] = "", own[72] = "";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (sscanf(signature, "t=%31[0-9],v1=%71[0-9a-f]", stamp, hex) != 2)
        return false;
    const size_t stamped = strlen(stamp) + 1;
    char *text = ko_alloc_array(stamped + n, 1);
    if (!text)
        return false;
    memcpy(text, stamp, stamped);
    text[stamped - 1] = '.';
    if (n > 0)
        memcpy(text + stamped, body, n);
    const bool made = HMAC(EVP_sha256(), r->secret, (int)strlen(r->secret),
                           (const unsigned char *)text, stamped + n, digest, &length) != NULL;
    for (unsigned i = 0; made && i < length; i++)
        (void)snprintf(own + (size_t)2 * i, 3, "%02x", digest[i]);
    ko_free(text);
    return made && strcmp(own, hex) == 0;
}

static bool keep(ko_receiver *r, const test_request *request)
{
    char signature[160];
    ko_received item = {.at = r->now(), .bytes = request->body_bytes};
    test_header(request, "X-Knockoff-Digest", item.id, sizeof item.id);
    test_header(request, "X-Knockoff-Signature", signature, sizeof signature);
    item.genuine = is_genuine(r, signature, request->body, request->body_bytes);
    item.body = ko_alloc_array(item.bytes + 1, 1);
    if (!item.body)
        return false;
    if (item.bytes > 0)
        memcpy(item.body, request->body, item.bytes);
    item.body[item.bytes] = '\0';
    (void)pthread_mutex_lock(&r->lock);
    ko_received *grown = ko_grown(r->items, r->n, &r->capacity, sizeof *grown);
    if (grown) {
        r->items = grown;
        grown[r->n++] = item;
    }
    (void)pthread_mutex_unlock(&r->lock);
    if (!grown)
        ko_free(item.body);
    return grown != NULL;
}

static bool handle(void *context, const test_request *request)
{
    return keep(context, request) && test_answer_text(request, 204, "", "");
}

bool ko_receiver_connect(ko_receiver *r, bool connected)
{
    if (!connected) {
        test_server_stop(r->server);
        r->server = NULL;
    } else if (!r->server) {
        r->server = test_server_start(
            &(test_server_options){.handler = handle, .context = r, .port = r->port});
        if (r->server)
            r->port = test_server_port(r->server);
    }
    return connected == (r->server != NULL);
}

ko_receiver *ko_receiver_start(const char *secret, int64_t (*now)(void))
{
    ko_receiver *r = ko_alloc_zero(1, sizeof *r);
    if (!r)
        return NULL;
    *r = (ko_receiver){.secret = secret, .now = now};
    (void)pthread_mutex_init(&r->lock, NULL);
    if (ko_receiver_connect(r, true))
        return r;
    ko_receiver_stop(r);
    return NULL;
}

void ko_receiver_stop(ko_receiver *r)
{
    if (!r)
        return;
    test_server_stop(r->server);
    (void)pthread_mutex_destroy(&r->lock);
    for (size_t i = 0; i < r->n; i++)
        ko_free(r->items[i].body);
    ko_free(r->items);
    ko_free(r);
}

void ko_receiver_url(const ko_receiver *r, char out[64])
{
    (void)snprintf(out, 64, "http://127.0.0.1:%u/news", r->port);
}

size_t ko_receiver_count(const ko_receiver *r)
{
    return r->n;
}

const ko_received *ko_receiver_at(const ko_receiver *r, size_t index)
{
    return &r->items[index];
}
