/* WARC as ISO 28500:2017 defines it: records one after the other, each of header lines, an empty
 * line, a block of as many bytes as Content-Length says, and two line ends. */
#include "capture/http.h"
#include "capture/reader.h"

#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One record while it is read. */
typedef struct record {
    ko_capture_reader *reader;
    ko_stream *in;
    ko_buf head, url, block;
    size_t member;                         /* of gzip, where its last bytes were */
    uint64_t size;                         /* of the block, as the header says */
    char content_type[KO_HTTP_VALUE_SIZE]; /* of the block */
    bool is_response, is_resource;         /* with headers of HTTP, without */
    int64_t at;                            /* seconds since 1970 */
} record;

static bool read_size(const char *head, uint64_t *out_size)
{
    char text[32];
    char *end = NULL;
    if (!ko_http_header(head, "Content-Length", text, sizeof text) || text[0] < '0' ||
        text[0] > '9')
        return false;
    errno = 0;
    *out_size = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}

/* Some writers put the URL in angle brackets (they follow the grammar of version 1.0). */
static ko_status read_url(record *r)
{
    size_t n = 0;
    const char *url = ko_http_header_at(r->head.data, "WARC-Target-URI", &n);
    if (n >= 2 && url[0] == '<' && url[n - 1] == '>') {
        url++;
        n -= 2;
    }
    if (n > r->url.max)
        n = 0;
    return ko_buf_append(&r->url, n ? url : "", n);
}

static bool of_http(const char *content_type)
{
    static const char http[] = "application/http";
    return strncasecmp(content_type, http, sizeof http - 1) == 0;
}

/* Whether its own gzip data is damaged; that of the next record may be. */
static bool is_damaged(const record *r)
{
    return r->in->damaged && r->in->member == r->member;
}

/* Reads the header lines. False, with the record left out, when they mean nothing. */
static bool read_head(record *r)
{
    const bool ended = ko_http_head(r->in, &r->head);
    r->member = r->in->member;
    if (!ended) {
        if (is_damaged(r))
            return false; /* said by the caller */
        ko_capture_damaged(r->reader, "its headers do not end, or are over %zu bytes",
                           KO_MAX_CAPTURE_HEAD);
        return false;
    }
    if (!read_size(r->head.data, &r->size)) {
        ko_capture_damaged(r->reader, "its Content-Length is no number");
        return false;
    }
    char type[32];
    char date[64];
    (void)ko_http_header(r->head.data, "WARC-Type", type, sizeof type);
    (void)ko_http_header(r->head.data, "WARC-Date", date, sizeof date);
    (void)ko_http_header(r->head.data, "Content-Type", r->content_type, sizeof r->content_type);
    r->at = ko_capture_moment(date);
    /* A response may also be of another protocol, as text/dns is. */
    r->is_response = ko_text_same(type, "response") && of_http(r->content_type);
    r->is_resource = ko_text_same(type, "resource");
    if (ko_text_same(type, "revisit"))
        r->reader->counts.without_body++;
    return true;
}

/* Whether a record ends here: two line ends follow, and then the next one or nothing. */
static bool ends_here(const record *r)
{
    return ko_stream_at_record(r->in) || (!ko_stream_more(r->in) && !is_damaged(r));
}

static ko_status emit(record *r)
{
    ko_status st = read_url(r);
    if (st != KO_OK)
        return ko_fail(r->reader->err, st, "reading captures");
    if (r->is_response)
        return ko_capture_emit_http(r->reader, r->url.data, r->at, r->block.data, r->block.size);
    const ko_reply reply = {.url = r->url.data,
                            .final_url = r->url.data,
                            .content_type = r->content_type,
                            .headers = "",
                            .body = r->block.data,
                            .size = r->block.size,
                            .at = r->at};
    return ko_capture_emit(r->reader, &reply);
}

/* Where a line of the block begins the next record; its size when none does. */
static size_t next_record(const ko_buf *block)
{
    static const char begin[] = "WARC/1.";
    const size_t n = sizeof begin - 1;
    for (size_t at = 0; at < block->size;) {
        const char *end = memchr(block->data + at, '\n', block->size - at);
        at = end ? (size_t)(end - block->data) + 1 : block->size;
        if (block->size - at >= n && memcmp(block->data + at, begin, n) == 0)
            return at;
    }
    return block->size;
}

/* Keeps of a block that was read too far what comes before the next record, and the two line
 * ends before that, and goes back to there. */
static void cut_block(record *r)
{
    const size_t read = r->block.size;
    size_t size = next_record(&r->block);
    ko_stream_back(r->in, read - size);
    for (int i = 0; size < read && i < 4 && size && strchr("\r\n", r->block.data[size - 1]); i++)
        size--;
    if (size < read)
        r->block.data[size] = '\0';
    r->block.size = size;
}

/* The length of the record is wrong, or the file ends before it. */
static ko_status take_what_is_there(record *r, bool answer, uint64_t taken)
{
    if (taken < r->size)
        ko_capture_mended(r->reader,
                          "it ends after %" PRIu64 " of %" PRIu64 " bytes; what is there is taken",
                          taken, r->size);
    else
        ko_capture_mended(r->reader,
                          "no record begins after its %" PRIu64 " bytes; what is there is taken",
                          r->size);
    if (!answer) {
        ko_stream_back(r->in, taken);
        return KO_OK;
    }
    cut_block(r);
    return emit(r);
}

/* Reads the block and hands out what is an answer. */
static ko_status read_block(record *r)
{
    const bool answer = r->is_response || r->is_resource;
    uint64_t taken = 0;
    const ko_status st = ko_stream_take(r->in, r->size, answer ? &r->block : NULL, &taken);
    if (st != KO_OK)
        return ko_fail(r->reader->err, st, "reading captures");
    r->member = r->in->member;
    const bool whole = taken == r->size && ends_here(r);
    if (is_damaged(r))
        return KO_OK; /* said by the caller */
    if (!whole)
        return take_what_is_there(r, answer, taken);
    return answer ? emit(r) : KO_OK;
}

/* Passes over a block without keeping it; of what is much too long not even all of it. */
static ko_status refuse(record *r)
{
    ko_capture_damaged(r->reader, "%" PRIu64 " bytes, limit %zu", r->size, KO_MAX_CAPTURE_BODY);
    uint64_t taken = 0;
    const uint64_t passed = r->size < KO_MAX_CAPTURE_PASS ? r->size : KO_MAX_CAPTURE_PASS;
    const ko_status st = ko_stream_take(r->in, passed, NULL, &taken);
    r->member = r->in->member;
    return st;
}

static ko_status read_record(ko_capture_reader *reader, ko_stream *in)
{
    record r = {.reader = reader,
                .in = in,
                .head = KO_BUF(KO_MAX_CAPTURE_HEAD),
                .url = KO_BUF(KO_MAX_CAPTURE_HEAD),
                .block = KO_BUF(KO_MAX_CAPTURE_BODY)};
    ko_status st = KO_OK;
    if (read_head(&r))
        st = r.size > KO_MAX_CAPTURE_BODY ? refuse(&r) : read_block(&r);
    if (st == KO_OK && in->damaged && !is_damaged(&r))
        st = ko_capture_next(reader); /* which cannot be read at all */
    if (st == KO_OK && in->damaged)
        ko_capture_damaged(reader, "its gzip data is damaged or ends early");
    ko_buf_free(&r.head);
    ko_buf_free(&r.url);
    ko_buf_free(&r.block);
    return st;
}

ko_status ko_capture_read_warc(ko_capture_reader *reader, const void *bytes, size_t size)
{
    ko_stream in = {0};
    ko_status st = ko_stream_open(&in, bytes, size, "WARC/", reader->err);
    while (st == KO_OK && ko_stream_find_record(&in)) {
        st = ko_capture_next(reader);
        if (st == KO_OK)
            st = read_record(reader, &in);
    }
    ko_stream_close(&in);
    return st;
}
