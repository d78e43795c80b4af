#include "capture/record.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/http.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGEST_SIZE (sizeof "sha256:" + 64)

/* A random UUID (RFC 9562 section 5.4). */
static bool make_id(char out[KO_RECORD_ID_SIZE])
{
    unsigned char u[16];
    char hex[33];
    if (RAND_bytes(u, sizeof u) != 1)
        return false;
    u[6] = (unsigned char)((u[6] & 0x0f) | 0x40);
    u[8] = (unsigned char)((u[8] & 0x3f) | 0x80);
    ko_text_hex(u, sizeof u, hex);
    (void)snprintf(out, KO_RECORD_ID_SIZE, "<urn:uuid:%.8s-%.4s-%.4s-%.4s-%s>", hex, hex + 8,
                   hex + 12, hex + 16, hex + 20);
    return true;
}

bool ko_record_digest(const void *a, size_t a_size, const void *b, size_t b_size, uint8_t out[32])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool done = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                      EVP_DigestUpdate(context, a, a_size) == 1 &&
                      EVP_DigestUpdate(context, b, b_size) == 1 &&
                      EVP_DigestFinal_ex(context, out, NULL) == 1;
    EVP_MD_CTX_free(context);
    return done;
}

static void digest_text(const uint8_t sha256[32], char out[DIGEST_SIZE])
{
    const int n = snprintf(out, DIGEST_SIZE, "sha256:");
    ko_text_hex(sha256, 32, out + n);
}

/* A URL has no blanks and control characters; those of strangers may. */
static ko_status add_url(ko_buf *out, const char *url)
{
    ko_status st = KO_OK;
    for (const char *at = url; st == KO_OK && *at; at++) {
        const unsigned char c = (unsigned char)*at;
        st = c <= ' ' || c == 0x7f || c == '<' || c == '>' ? ko_buf_printf(out, "%%%02X", c)
                                                           : ko_buf_append(out, at, 1);
    }
    return st;
}

/* --- the headers of HTTP --- */

static bool is_header(const char *line, const char *name)
{
    const size_t n = strlen(name);
    return strncasecmp(line, name, n) == 0 && line[n] == ':';
}

/* Whether a header line says something of the body that was so only on the way. */
static bool no_longer_holds(const char *line, size_t body)
{
    if (is_header(line, "Content-Length"))
        return strtoull(strchr(line, ':') + 1, NULL, 10) != body;
    return is_header(line, "Content-Encoding") || is_header(line, "Transfer-Encoding");
}

/* "HTTP/2 200" becomes "HTTP/1.1 200": the headers are written as that version has them. */
static ko_status add_status_line(ko_buf *out, const char *line, size_t n)
{
    size_t version = strcspn(line, " \r");
    const bool one = strncmp(line, "HTTP/1.", 7) == 0;
    ko_status st = ko_buf_append(out, one ? line : "HTTP/1.1", one ? version : 8);
    return st == KO_OK ? ko_buf_append(out, line + version, n - version) : st;
}

/* Adds what a replay needs and the headers do not say. */
static ko_status add_missing(const ko_reply *reply, bool has_type, bool has_length, ko_buf *out)
{
    ko_status st = KO_OK;
    if (!has_type && reply->content_type[0]) {
        st = ko_buf_text(out, "Content-Type: ");
        if (st == KO_OK)
            st = ko_text_clean(out, reply->content_type, strlen(reply->content_type));
        if (st == KO_OK)
            st = ko_buf_text(out, "\r\n");
    }
    if (st == KO_OK && !has_length)
        st = ko_buf_printf(out, "Content-Length: %zu\r\n", reply->size);
    return st;
}

/* Writes the headers so that they fit the body as it is kept, and the empty line. */
static ko_status add_http_head(const ko_reply *reply, ko_buf *out)
{
    bool has_length = false;
    bool has_type = false;
    ko_status st = KO_OK;
    const char *line = reply->headers;
    for (const char *end = NULL; st == KO_OK && (end = strstr(line, "\r\n")); line = end + 2) {
        const size_t n = (size_t)(end - line) + 2;
        if (line == reply->headers) {
            st = add_status_line(out, line, n);
            continue;
        }
        const bool changed = no_longer_holds(line, reply->size);
        has_length |= !changed && is_header(line, "Content-Length");
        has_type |= is_header(line, "Content-Type");
        if (changed)
            st = ko_buf_text(out, "X-Archive-Orig-");
        if (st == KO_OK)
            st = ko_buf_append(out, line, n);
    }
    if (st == KO_OK)
        st = add_missing(reply, has_type, has_length, out);
    return st == KO_OK ? ko_buf_text(out, "\r\n") : st;
}

/* --- records --- */

/* What the header of a record says. */
typedef struct record_fields {
    const char *type, *url, *info, *content_type;
    int64_t at;
    int64_t body_at;      /* of a revisit; 0: it is none */
    const ko_buf *before; /* of the block, before the body */
    const void *payload;  /* the body, also where it is not written */
    size_t payload_size;
} record_fields;

/* Where the body of a revisit is, and what takes its place. */
static ko_status add_revisit(ko_buf *out, const record_fields *f)
{
    char date[KO_TIME_SIZE];
    ko_clock_text(f->body_at, date);
    ko_status st = ko_buf_text(out, "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/"
                                    "identical-payload-digest\r\n"
                                    "WARC-Refers-To-Target-URI: ");
    if (st == KO_OK)
        st = add_url(out, f->url);
    if (st == KO_OK)
        st = ko_buf_printf(out, "\r\nWARC-Refers-To-Date: %s\r\n", date);
    if (st == KO_OK && f->before->size)
        st = ko_buf_text(out, "WARC-Truncated: length\r\n");
    return st;
}

/* What the record is about. */
static ko_status add_target(ko_buf *out, const record_fields *f, const char *payload_digest)
{
    ko_status st = ko_buf_text(out, "WARC-Target-URI: ");
    if (st == KO_OK)
        st = add_url(out, f->url);
    if (st == KO_OK)
        st = ko_buf_printf(out, "\r\nWARC-Payload-Digest: %s\r\n", payload_digest);
    return st == KO_OK && f->body_at ? add_revisit(out, f) : st;
}

static ko_status add_fields(ko_record *record, const record_fields *f, const char *block_digest,
                            const char *payload_digest)
{
    char date[KO_TIME_SIZE];
    ko_clock_text(f->at ? f->at : ko_clock_now(), date);
    ko_buf *out = &record->head;
    ko_status st = ko_buf_printf(out,
                                 "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: %s\r\n"
                                 "WARC-Date: %s\r\n",
                                 f->type, record->id, date);
    if (st == KO_OK && f->info)
        st = ko_buf_printf(out, "WARC-Warcinfo-ID: %s\r\n", f->info);
    if (st == KO_OK && f->url)
        st = add_target(out, f, payload_digest);
    if (st == KO_OK)
        st = ko_buf_printf(out, "WARC-Block-Digest: %s\r\nContent-Type: ", block_digest);
    if (st == KO_OK)
        st = ko_text_clean(out, f->content_type, strlen(f->content_type));
    if (st == KO_OK)
        st = ko_buf_printf(out, "\r\nContent-Length: %zu\r\n\r\n", f->before->size + record->size);
    return st == KO_OK ? ko_buf_append(out, f->before->data, f->before->size) : st;
}

static ko_status write_head(ko_record *record, const record_fields *fields, ko_error *err)
{
    uint8_t block[32];
    char block_text[DIGEST_SIZE];
    char payload_text[DIGEST_SIZE];
    const ko_buf *before = fields->before;
    if (!make_id(record->id) ||
        !ko_record_digest("", 0, fields->payload, fields->payload_size, record->sha256) ||
        !ko_record_digest(before->data, before->size, record->body, record->size, block))
        return ko_fail(err, KO_E_NOMEM, "an archive record");
    digest_text(block, block_text);
    digest_text(record->sha256, payload_text);
    if (add_fields(record, fields, block_text, payload_text) != KO_OK)
        return ko_fail(err, KO_E_LIMIT, "the headers of an answer: limit %zu bytes",
                       KO_MAX_ARCHIVE_HEAD);
    return KO_OK;
}

ko_status ko_record_info(const char *software, ko_record *out, ko_error *err)
{
    ko_buf block = KO_BUF(KO_MAX_ARCHIVE_HEAD);
    *out = (ko_record){.head = KO_BUF(KO_MAX_ARCHIVE_HEAD), .body = ""};
    ko_status st = ko_buf_text(&block, "software: ");
    if (st == KO_OK)
        st = ko_text_clean(&block, software, strlen(software));
    if (st == KO_OK)
        st = ko_buf_text(&block, "\r\nformat: WARC File Format 1.1\r\n");
    const record_fields fields = {.type = "warcinfo",
                                  .content_type = "application/warc-fields",
                                  .before = &block,
                                  .payload = ""};
    if (st == KO_OK)
        st = write_head(out, &fields, err);
    else
        st = ko_fail(err, st, "an archive record");
    ko_buf_free(&block);
    return st;
}

/* body_at 0: with its body. */
static ko_status make(const ko_reply *reply, int64_t body_at, const char *info, ko_record *out,
                      ko_error *err)
{
    const bool response = reply->headers[0] != '\0';
    const char *type = response ? "response" : "resource";
    ko_buf http = KO_BUF(KO_MAX_ARCHIVE_HEAD);
    *out = (ko_record){.head = KO_BUF(KO_MAX_ARCHIVE_HEAD), .body = ""};
    if (!body_at) {
        out->body = reply->body;
        out->size = reply->size;
    }
    ko_status st = response ? add_http_head(reply, &http) : KO_OK;
    record_fields fields = {.type = body_at ? "revisit" : type,
                            .url = reply->final_url,
                            .info = info,
                            .content_type = "application/http;msgtype=response",
                            .at = reply->at,
                            .body_at = body_at,
                            .before = &http,
                            .payload = reply->body,
                            .payload_size = reply->size};
    if (!response)
        fields.content_type =
            reply->content_type[0] ? reply->content_type : "application/octet-stream";
    if (st == KO_OK)
        st = write_head(out, &fields, err);
    else
        st = ko_fail(err, KO_E_LIMIT, "the headers of an answer: limit %zu bytes",
                     KO_MAX_ARCHIVE_HEAD);
    ko_buf_free(&http);
    return st;
}

ko_status ko_record_reply(const ko_reply *reply, const char *info, ko_record *out, ko_error *err)
{
    return make(reply, 0, info, out, err);
}

ko_status ko_record_revisit(const ko_reply *reply, int64_t body_at, const char *info,
                            ko_record *out, ko_error *err)
{
    assert(body_at);
    return make(reply, body_at, info, out, err);
}

void ko_record_free(ko_record *record)
{
    ko_buf_free(&record->head);
    *record = (ko_record){0};
}
