#include "capture/http.h"

#include "base/limits.h"
#include "base/text.h"
#include "capture/coding.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- heads --- */

static bool is_continued(const ko_buf *line)
{
    return line->data && (line->data[0] == ' ' || line->data[0] == '\t');
}

/* Appends a line to those before it. A continued one goes on with the last (RFC 9112 section
 * 5.2), whose end becomes two blanks. */
static ko_status add_line(ko_buf *out, const ko_buf *line)
{
    if (is_continued(line) && out->size >= 2)
        memcpy(out->data + out->size - 2, "  ", 2);
    ko_status st = ko_buf_append(out, line->data, line->size);
    if (st == KO_OK)
        st = ko_buf_text(out, "\r\n");
    return st;
}

bool ko_http_head(ko_stream *stream, ko_buf *out)
{
    ko_buf line = KO_BUF(out->max);
    bool ended = false;
    bool fits = true;
    while (fits && !ended && ko_stream_line(stream, &line)) {
        if (line.size && memchr(line.data, '\0', line.size))
            fits = false; /* no head, but bytes of something else */
        else if (line.size == 0)
            ended = true;
        else
            fits = add_line(out, &line) == KO_OK;
        ko_buf_clear(&line);
    }
    ko_buf_free(&line);
    return ended && fits;
}

const char *ko_http_header_at(const char *head, const char *name, size_t *out_n)
{
    const size_t n = strlen(name);
    const char *end = NULL;
    for (const char *line = head; (end = strstr(line, "\r\n")); line = end + 2) {
        if (strncasecmp(line, name, n) != 0 || line[n] != ':')
            continue;
        line += n + 1;
        while (line < end && isspace((unsigned char)*line))
            line++;
        while (end > line && isspace((unsigned char)end[-1]))
            end--;
        *out_n = (size_t)(end - line);
        return line;
    }
    return NULL;
}

bool ko_http_header(const char *head, const char *name, char *out, size_t size)
{
    assert(size > 0);
    size_t n = 0;
    const char *value = ko_http_header_at(head, name, &n);
    if (n >= size)
        n = size - 1;
    if (value)
        memcpy(out, value, n);
    out[n] = '\0';
    return value != NULL;
}

/* One past a parameter's value, which may be quoted. */
static const char *value_end(const char *at)
{
    if (*at != '"')
        return at + strcspn(at, "; \t");
    at += 1 + strcspn(at + 1, "\"");
    return *at ? at + 1 : at;
}

bool ko_http_parameter(const char *value, const char *name, char *out, size_t size)
{
    const size_t n = strlen(name);
    out[0] = '\0';
    for (const char *at = strchr(value, ';'); at; at = strchr(at, ';')) {
        at += 1 + strspn(at + 1, " \t");
        const bool found = strncasecmp(at, name, n) == 0 && at[n] == '=';
        const char *from = at + strcspn(at, "=;");
        from += *from == '=';
        at = value_end(from);
        if (!found)
            continue;
        const bool quoted = *from == '"';
        const char *to = at - (quoted && at > from + 1);
        from += quoted;
        const size_t length = (size_t)(to - from);
        if (length >= size)
            return false;
        memcpy(out, from, length);
        out[length] = '\0';
        return true;
    }
    return false;
}

/* --- bodies --- */

typedef ko_status decoder(const void *bytes, size_t size, ko_buf *out, ko_error *why);

static decoder *decoder_of(const char *coding)
{
    if (ko_text_same(coding, "gzip") || ko_text_same(coding, "x-gzip") ||
        ko_text_same(coding, "deflate"))
        return ko_capture_inflate;
    if (ko_text_same(coding, "br"))
        return ko_capture_unbrotli;
    return ko_text_same(coding, "chunked") ? ko_capture_unchunk : NULL;
}

/* Whether the bytes are in that coding without doubt. */
static bool is_coded(const char *coding, const void *bytes, size_t size)
{
    return ko_text_same(coding, "chunked") ? ko_capture_is_chunked(bytes, size)
                                           : ko_capture_is_gzip(bytes, size);
}

/* Undoes one coding. A body that is not in it at all was decoded already by who kept it. */
static ko_status undo(ko_http_answer *answer, const char *coding, ko_error *why)
{
    if (answer->size == 0 || coding[0] == '\0' || ko_text_same(coding, "identity"))
        return KO_OK;
    decoder *decode = decoder_of(coding);
    if (!decode)
        return ko_fail(why, KO_E_UNSUPPORTED, "its coding \"%.40s\" is not read", coding);
    ko_buf out = KO_BUF(KO_MAX_CAPTURE_BODY);
    ko_error own = {0};
    const ko_status st = decode(answer->body, answer->size, &out, &own);
    if (st == KO_E_FORMAT && !is_coded(coding, answer->body, answer->size))
        return KO_OK;
    if (st != KO_OK)
        return ko_fail(why, st, "%s", own.text);
    ko_buf_free(&answer->decoded);
    answer->decoded = out;
    answer->body = out.data ? out.data : "";
    answer->size = out.size;
    return KO_OK;
}

/* Undoes the codings that a header lists, the last one applied first. */
static ko_status undo_all(ko_http_answer *answer, const char *header, ko_error *why)
{
    char list[KO_HTTP_VALUE_SIZE] = "";
    (void)ko_http_header(answer->head.data, header, list, sizeof list);
    ko_status st = KO_OK;
    for (unsigned n = 0; st == KO_OK && list[0]; n++) {
        if (n == KO_MAX_CAPTURE_CODINGS)
            return ko_fail(why, KO_E_LIMIT, "more than %u codings of one body", n);
        char *comma = strrchr(list, ',');
        st = undo(answer, ko_text_trim(comma ? comma + 1 : list), why);
        *(comma ? comma : list) = '\0';
    }
    return st;
}

/* "HTTP/1.1 200 OK" to 200; 0 when there is no such number. */
static int status_of(const char *line)
{
    const char *at = line + strcspn(line, " \r");
    char *end = NULL;
    const long status = strtol(at, &end, 10);
    return end > at && status >= 100 && status <= 999 ? (int)status : 0;
}

ko_status ko_http_read(const void *bytes, size_t size, ko_http_answer *out, ko_error *why)
{
    *out = (ko_http_answer){.head = KO_BUF(KO_MAX_CAPTURE_HEAD)};
    if (size < 5 || memcmp(bytes, "HTTP/", 5) != 0)
        return ko_fail(why, KO_E_FORMAT, "no answer of HTTP");
    ko_stream stream = {0};
    ko_status st = ko_stream_open(&stream, bytes, size, "", why);
    if (st != KO_OK)
        return st;
    if (!ko_http_head(&stream, &out->head))
        st = ko_fail(why, KO_E_FORMAT, "its HTTP headers do not end, or are over %zu bytes",
                     KO_MAX_CAPTURE_HEAD);
    out->body = stream.next;
    out->size = stream.left;
    ko_stream_close(&stream);
    if (st != KO_OK)
        return st;
    out->status = status_of(out->head.data);
    (void)ko_http_header(out->head.data, "Content-Type", out->content_type,
                         sizeof out->content_type);
    st = undo_all(out, "Transfer-Encoding", why);
    return st == KO_OK ? undo_all(out, "Content-Encoding", why) : st;
}

void ko_http_free(ko_http_answer *answer)
{
    ko_buf_free(&answer->head);
    ko_buf_free(&answer->decoded);
    *answer = (ko_http_answer){0};
}
