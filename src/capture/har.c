/* HAR 1.2: http://www.softwareishard.com/blog/har-12-spec/. One JSON object; log.entries lists
 * what was asked and answered. Bodies are decoded already. */
#include "capture/coding.h"
#include "capture/http.h"
#include "capture/reader.h"

#include "base/limits.h"
#include "base/recode.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* A line break in a value would forge another header. */
static ko_status add_header(ko_buf *out, const char *name, const char *value)
{
    if (name[0] == '\0' || name[0] == ':') /* those of HTTP/2 that stand for the status line */
        return KO_OK;
    ko_status st = ko_text_clean(out, name, strlen(name));
    if (st == KO_OK)
        st = ko_buf_text(out, ": ");
    if (st == KO_OK)
        st = ko_text_clean(out, value, strlen(value));
    return st == KO_OK ? ko_buf_text(out, "\r\n") : st;
}

/* Writes the status line, as HTTP/1.1 has it whatever the version was, and the header lines. */
static ko_status write_head(const json_t *response, int status, ko_buf *out)
{
    const char *reason = text_of(response, "statusText");
    ko_status st = ko_buf_printf(out, "HTTP/1.1 %d ", status);
    if (st == KO_OK)
        st = ko_text_clean(out, reason, strlen(reason));
    if (st == KO_OK)
        st = ko_buf_text(out, "\r\n");
    size_t i = 0;
    const json_t *header = NULL;
    json_array_foreach(json_object_get(response, "headers"), i, header)
    {
        if (st == KO_OK)
            st = add_header(out, text_of(header, "name"), text_of(header, "value"));
    }
    return st;
}

/* Bodies that are no text are in base64. */
static ko_status read_body(const json_t *content, ko_buf *decoded, ko_reply *reply, ko_error *why)
{
    const json_t *text = json_object_get(content, "text");
    reply->body = json_string_value(text);
    reply->size = json_string_length(text);
    if (reply->size > KO_MAX_CAPTURE_BODY)
        return ko_fail(why, KO_E_LIMIT, "%zu bytes, limit %zu", reply->size, KO_MAX_CAPTURE_BODY);
    if (reply->size == 0 || !ko_text_same(text_of(content, "encoding"), "base64"))
        return KO_OK;
    const ko_status st = ko_capture_unbase64(reply->body, reply->size, decoded, why);
    reply->body = decoded->data;
    reply->size = decoded->size;
    return st;
}

static ko_status read_entry(ko_capture_reader *reader, const json_t *entry)
{
    const json_t *response = json_object_get(entry, "response");
    const json_t *content = json_object_get(response, "content");
    const json_t *status = json_object_get(response, "status");
    const char *url = text_of(json_object_get(entry, "request"), "url");
    ko_buf head = KO_BUF(KO_MAX_CAPTURE_HEAD);
    ko_buf decoded = KO_BUF(KO_MAX_CAPTURE_BODY);
    ko_error why = {0};
    ko_reply reply = {.url = url,
                      .final_url = url,
                      .status = (int)json_integer_value(status),
                      .content_type = text_of(content, "mimeType"),
                      .at = ko_capture_moment(text_of(entry, "startedDateTime"))};
    if (reply.status < 100 || reply.status > 999)
        reply.status = 0; /* 0 or -1: the browser was never answered */
    ko_status st = read_body(content, &decoded, &reply, &why);
    if (st == KO_OK && write_head(response, reply.status, &head) != KO_OK)
        st = ko_fail(&why, KO_E_LIMIT, "its headers are over %zu bytes", KO_MAX_CAPTURE_HEAD);
    reply.headers = head.data;
    if (st == KO_OK) {
        st = ko_capture_emit(reader, &reply);
    } else if (st != KO_E_NOMEM) {
        ko_capture_damaged(reader, "%s: %s", url, why.text);
        st = KO_OK;
    }
    ko_buf_free(&head);
    ko_buf_free(&decoded);
    return st;
}

static ko_status read_log(ko_capture_reader *reader, const json_t *root)
{
    const json_t *entries = json_object_get(json_object_get(root, "log"), "entries");
    if (!json_is_array(entries))
        return ko_fail(reader->err, KO_E_FORMAT, "a HAR without log.entries");
    ko_status st = KO_OK;
    size_t i = 0;
    const json_t *entry = NULL;
    json_array_foreach(entries, i, entry)
    {
        if (st == KO_OK)
            st = ko_capture_next(reader);
        if (st == KO_OK)
            st = read_entry(reader, entry);
    }
    return st;
}

static bool is_half(const char *at, const char *end, const char *kinds)
{
    return end - at >= 6 && at[0] == '\\' && at[1] == 'u' && (at[2] == 'd' || at[2] == 'D') &&
           strchr(kinds, at[3]);
}

/* Half a character of UTF-16 alone is no text: its escape becomes that of U+FFFD, in place.
 * Browsers write such halves when a text was cut between them. */
static void mend_escapes(char *text, size_t size)
{
    char *const end = text + size;
    char *at = text;
    while (at < end && (at = memchr(at, '\\', (size_t)(end - at)))) {
        if (is_half(at, end, "89abAB") && is_half(at + 6, end, "cdefCDEF")) {
            at += 12;
        } else if (is_half(at, end, "89abcdefABCDEF")) {
            for (int i = 0; i < 4; i++)
                at[2 + i] = "fffd"[i];
            at += 6;
        } else {
            at += 2;
        }
    }
}

/* What follows the object is passed over: the bracket of a function that takes it. */
#define PARSE (JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK)

/* Parses once more what is not quite JSON, in a copy: bytes that are no UTF-8, halves of
 * characters. NULL with why set when that does not help. */
static json_t *parse_mended(const char *text, size_t size, json_error_t *why)
{
    json_t *root = NULL;
    ko_buf copy = KO_BUF(3 * KO_MAX_CAPTURE_TEXT); /* a byte may become U+FFFD, which has three */
    if (ko_recode(KO_UTF8, text, size, &copy, NULL) == KO_OK && copy.data) {
        mend_escapes(copy.data, copy.size);
        root = json_loadb(copy.data, copy.size, PARSE, why);
    }
    ko_buf_free(&copy);
    return root;
}

ko_status ko_capture_read_har(ko_capture_reader *reader, const char *text, size_t size)
{
    const char *start = memchr(text, '{', size);
    if (!start)
        return ko_fail(reader->err, KO_E_FORMAT, "a HAR without an object");
    size -= (size_t)(start - text);
    json_error_t why;
    json_t *root = json_loadb(start, size, PARSE, &why);
    if (!root)
        root = parse_mended(start, size, &why);
    if (!root)
        return ko_fail(reader->err, KO_E_FORMAT, "broken JSON at line %d: %s", why.line, why.text);
    const ko_status st = read_log(reader, root);
    json_decref(root);
    return st;
}
