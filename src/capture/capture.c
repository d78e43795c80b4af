#include "capture/capture.h"

#include "base/limits.h"
#include "base/text.h"
#include "capture/coding.h"
#include "capture/http.h"
#include "capture/reader.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HEAD_BYTES ((size_t)8 << 10) /* of a file, to tell its kind by */

/* --- telling the kind --- */

static bool begins(const char *text, size_t size, const char *with)
{
    const size_t n = strlen(with);
    return size >= n && memcmp(text, with, n) == 0;
}

/* A HAR is an object whose first key is "log", after a byte order mark or the name of a function
 * that takes it, at most. */
static bool is_har(const char *text, size_t size)
{
    size_t at = begins(text, size, "\xef\xbb\xbf") ? 3 : 0;
    while (at < size && (isalnum((unsigned char)text[at]) || strchr(" \t\r\n_$.(", text[at])))
        at++;
    if (at >= size || text[at] != '{')
        return false;
    at++;
    while (at < size && isspace((unsigned char)text[at]))
        at++;
    return begins(text + at, size - at, "\"log\"");
}

/* A message of mail whose parts belong together (RFC 2557 section 5). */
static bool is_mhtml(const char *text, size_t size)
{
    static const char related[] = "multipart/related";
    char type[sizeof related];
    ko_stream stream = {0};
    ko_buf head = KO_BUF(HEAD_BYTES);
    const bool is = ko_stream_open(&stream, text, size, "", NULL) == KO_OK &&
                    ko_stream_at_record(&stream) && ko_http_head(&stream, &head) && head.data &&
                    ko_http_header(head.data, "Content-Type", type, sizeof type) &&
                    ko_text_same(type, related);
    ko_buf_free(&head);
    ko_stream_close(&stream);
    return is;
}

static ko_capture_kind kind_of(const char *text, size_t size)
{
    if (begins(text, size, "WARC/"))
        return KO_CAPTURE_WARC;
    if (begins(text, size, "filedesc://"))
        return KO_CAPTURE_ARC;
    if (is_har(text, size))
        return KO_CAPTURE_HAR;
    return is_mhtml(text, size) ? KO_CAPTURE_MHTML : KO_CAPTURE_NONE;
}

/* The first bytes of a gzip file, inflated; nothing when it is damaged. */
static void peek(const void *bytes, size_t size, ko_buf *out)
{
    ko_stream stream = {0};
    uint64_t taken = 0;
    if (ko_stream_open(&stream, bytes, size, "", NULL) == KO_OK && ko_stream_at_record(&stream))
        (void)!ko_stream_take(&stream, out->max, out, &taken);
    ko_stream_close(&stream);
}

ko_capture_kind ko_capture_sniff(const void *bytes, size_t size)
{
    ko_buf head = KO_BUF(HEAD_BYTES);
    if (ko_capture_is_gzip(bytes, size))
        peek(bytes, size, &head);
    else
        (void)!ko_buf_append(&head, bytes, size < HEAD_BYTES ? size : HEAD_BYTES);
    const ko_capture_kind kind = head.data ? kind_of(head.data, head.size) : KO_CAPTURE_NONE;
    ko_buf_free(&head);
    return kind;
}

/* --- what the readers share --- */

ko_status ko_capture_next(ko_capture_reader *reader)
{
    if (reader->record == KO_MAX_CAPTURE_RECORDS)
        return ko_fail(reader->err, KO_E_LIMIT, "more than %u records", KO_MAX_CAPTURE_RECORDS);
    reader->record++;
    return KO_OK;
}

ko_status ko_capture_emit(ko_capture_reader *reader, const ko_reply *reply)
{
    assert(reply->url && reply->final_url && reply->content_type && reply->headers);
    if (reply->size == 0) {
        reader->counts.without_body++;
        return KO_OK;
    }
    reader->counts.replies++;
    return reader->sink->on_reply(reader->sink->context, reply);
}

static void say(ko_capture_reader *reader, const char *fmt, va_list args)
{
    char text[KO_ERROR_TEXT_SIZE];
    (void)vsnprintf(text, sizeof text, fmt, args);
    reader->sink->on_problem(reader->sink->context, reader->record, text);
}

void ko_capture_mended(ko_capture_reader *reader, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(reader, fmt, args);
    va_end(args);
}

void ko_capture_damaged(ko_capture_reader *reader, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(reader, fmt, args);
    va_end(args);
    reader->counts.left_out++;
}

ko_status ko_capture_emit_http(ko_capture_reader *reader, const char *url, int64_t at,
                               const void *bytes, size_t size)
{
    ko_http_answer answer = {0};
    ko_error why = {0};
    ko_status st = ko_http_read(bytes, size, &answer, &why);
    if (st == KO_OK) {
        const ko_reply reply = {.url = url,
                                .final_url = url,
                                .status = answer.status,
                                .content_type = answer.content_type,
                                .headers = answer.head.data,
                                .body = answer.body,
                                .size = answer.size,
                                .at = at};
        st = ko_capture_emit(reader, &reply);
    } else if (st == KO_E_NOMEM) {
        st = ko_fail(reader->err, st, "%s", why.text);
    } else {
        ko_capture_damaged(reader, "%s: %s", url, why.text);
        st = KO_OK;
    }
    ko_http_free(&answer);
    return st;
}

/* --- the door --- */

typedef ko_status text_reader(ko_capture_reader *reader, const char *text, size_t size);

/* Reads what is one text, inflated as a whole when it is gzip. */
static ko_status read_text(ko_capture_reader *reader, text_reader *read, const void *bytes,
                           size_t size)
{
    if (!ko_capture_is_gzip(bytes, size))
        return read(reader, bytes, size);
    ko_buf text = KO_BUF(KO_MAX_CAPTURE_TEXT);
    ko_status st = ko_capture_inflate(bytes, size, &text, reader->err);
    if (st == KO_OK)
        st = read(reader, text.data, text.size);
    ko_buf_free(&text);
    return st;
}

static ko_status read_kind(ko_capture_reader *reader, const void *bytes, size_t size)
{
    switch (ko_capture_sniff(bytes, size)) {
    case KO_CAPTURE_WARC:
        return ko_capture_read_warc(reader, bytes, size);
    case KO_CAPTURE_ARC:
        return ko_capture_read_arc(reader, bytes, size);
    case KO_CAPTURE_HAR:
        return read_text(reader, ko_capture_read_har, bytes, size);
    case KO_CAPTURE_MHTML:
        return read_text(reader, ko_capture_read_mhtml, bytes, size);
    case KO_CAPTURE_NONE:
        break;
    }
    return ko_fail(reader->err, KO_E_UNSUPPORTED, "neither WARC, ARC, HAR nor MHTML");
}

ko_status ko_capture_read(const void *bytes, size_t size, const ko_capture_sink *sink,
                          ko_capture_counts *out_counts, ko_error *err)
{
    assert(sink && sink->on_reply && sink->on_problem);
    ko_capture_reader reader = {.sink = sink, .err = err};
    ko_status st = read_kind(&reader, bytes, size);
    const ko_capture_counts *counts = &reader.counts;
    if (st == KO_OK && counts->left_out && counts->replies + counts->without_body == 0)
        st = ko_fail(err, KO_E_FORMAT, "none of its %zu record%s could be read", reader.record,
                     reader.record == 1 ? "" : "s");
    if (out_counts)
        *out_counts = *counts;
    return st;
}
