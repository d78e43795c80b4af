/* MHTML, a page with all it shows as one message of mail: RFC 2557 on top of MIME (RFC 2045 and
 * 2046). The head names a boundary; each part between two boundary lines has a head of its own,
 * which says under which URL the part was and how its bytes became text. */
#include "capture/coding.h"
#include "capture/http.h"
#include "capture/reader.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

#define BOUNDARY_SIZE 128 /* RFC 2046 section 5.1.1 allows 70 */

/* The message while its parts are taken. */
typedef struct message {
    ko_capture_reader *reader;
    char delimiter[BOUNDARY_SIZE + 4]; /* "--boundary" */
    const char *url;                   /* of the page, for a first part that has none */
    int64_t saved_at;                  /* seconds since 1970; 0 when it is not known */
    const char *at, *end;
} message;

/* Where a line begins that begins with the delimiter; end when there is none. */
static const char *find_delimiter(const message *m, const char *from)
{
    const size_t n = strlen(m->delimiter);
    for (const char *line = from; (size_t)(m->end - line) >= n;) {
        if (memcmp(line, m->delimiter, n) == 0)
            return line;
        const char *next = memchr(line, '\n', (size_t)(m->end - line));
        if (!next)
            break;
        line = next + 1;
    }
    return m->end;
}

/* Undoes how the bytes of a part became text. */
static ko_status decode(const char *coding, const char *text, size_t size, ko_buf *out,
                        ko_error *why)
{
    if (ko_text_same(coding, "base64"))
        return ko_capture_unbase64(text, size, out, why);
    if (ko_text_same(coding, "quoted-printable"))
        return ko_capture_unquote(text, size, out, why);
    if (size > out->max)
        return ko_fail(why, KO_E_LIMIT, "%zu bytes, limit %zu", size, out->max);
    return ko_buf_append(out, text, size);
}

/* The line end before a delimiter belongs to the delimiter. */
static size_t without_line_end(const char *text, size_t size)
{
    size -= size && text[size - 1] == '\n';
    size -= size && text[size - 1] == '\r';
    return size;
}

static ko_status read_body(message *m, const char *head, const char *text, size_t size)
{
    char type[KO_HTTP_VALUE_SIZE];
    char coding[64];
    ko_buf url = KO_BUF(KO_MAX_CAPTURE_HEAD);
    ko_buf body = KO_BUF(KO_MAX_CAPTURE_BODY);
    ko_error why = {0};
    size_t n = 0;
    const char *location = ko_http_header_at(head, "Content-Location", &n);
    (void)ko_http_header(head, "Content-Type", type, sizeof type);
    (void)ko_http_header(head, "Content-Transfer-Encoding", coding, sizeof coding);
    ko_status st = location ? ko_buf_append(&url, location, n) : ko_buf_text(&url, m->url);
    if (st == KO_OK)
        st = decode(coding, text, without_line_end(text, size), &body, &why);
    if (st == KO_OK) {
        const ko_reply reply = {.url = url.data,
                                .final_url = url.data,
                                .content_type = type,
                                .headers = "",
                                .body = body.data,
                                .size = body.size,
                                .at = m->saved_at};
        st = ko_capture_emit(m->reader, &reply);
    } else if (st != KO_E_NOMEM) {
        ko_capture_damaged(m->reader, "%s", why.text);
        st = KO_OK;
    }
    ko_buf_free(&url);
    ko_buf_free(&body);
    return st;
}

/* Reads the part that begins behind a delimiter line, up to the next delimiter. */
static ko_status read_part(message *m)
{
    const char *start = memchr(m->at, '\n', (size_t)(m->end - m->at));
    start = start ? start + 1 : m->end;
    m->at = find_delimiter(m, start);
    ko_stream part = {0};
    ko_buf head = KO_BUF(KO_MAX_CAPTURE_HEAD);
    ko_status st = ko_capture_next(m->reader);
    if (st == KO_OK)
        st = ko_stream_open(&part, start, (size_t)(m->at - start), "", m->reader->err);
    if (st == KO_OK && ko_http_head(&part, &head) && head.data)
        st = read_body(m, head.data, (const char *)part.next, part.left);
    else if (st == KO_OK)
        ko_capture_damaged(m->reader, "its headers do not end, or are over %zu bytes",
                           KO_MAX_CAPTURE_HEAD);
    ko_stream_close(&part);
    ko_buf_free(&head);
    return st;
}

/* "--boundary--" ends the message. */
static bool is_last(const message *m)
{
    const size_t n = strlen(m->delimiter);
    return (size_t)(m->end - m->at) < n + 2 || memcmp(m->at + n, "--", 2) == 0;
}

static ko_status read_parts(message *m, const char *head)
{
    char type[KO_HTTP_VALUE_SIZE];
    char boundary[BOUNDARY_SIZE];
    (void)ko_http_header(head, "Content-Type", type, sizeof type);
    if (!ko_http_parameter(type, "boundary", boundary, sizeof boundary) || !boundary[0])
        return ko_fail(m->reader->err, KO_E_FORMAT, "MHTML without a boundary");
    memcpy(m->delimiter, "--", 2);
    memcpy(m->delimiter + 2, boundary, strlen(boundary) + 1);
    ko_status st = KO_OK;
    for (m->at = find_delimiter(m, m->at); st == KO_OK && !is_last(m);)
        st = read_part(m);
    return st;
}

ko_status ko_capture_read_mhtml(ko_capture_reader *reader, const char *text, size_t size)
{
    char url[2 * KO_HTTP_VALUE_SIZE];
    char date[64];
    ko_stream stream = {0};
    ko_buf head = KO_BUF(KO_MAX_CAPTURE_HEAD);
    message m = {.reader = reader, .url = url, .end = text + size};
    ko_status st = ko_stream_open(&stream, text, size, "", reader->err);
    if (st == KO_OK && ko_stream_at_record(&stream) && ko_http_head(&stream, &head) && head.data) {
        (void)ko_http_header(head.data, "Snapshot-Content-Location", url, sizeof url);
        (void)ko_http_header(head.data, "Date", date, sizeof date);
        m.saved_at = ko_capture_mail_date(date);
        m.at = (const char *)stream.next;
        st = read_parts(&m, head.data);
    } else if (st == KO_OK) {
        st = ko_fail(reader->err, KO_E_FORMAT, "the headers of the message do not end");
    }
    ko_stream_close(&stream);
    ko_buf_free(&head);
    return st;
}
