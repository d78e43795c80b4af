/* WARC as ISO 28500:2017 defines it: records one after the other, each of header lines, an empty
 * line, a block of as many bytes as Content-Length says, and two line ends. */
#include "capture/warc.h"
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
    ko_warc_head head;
    ko_buf block;
    size_t member; /* of gzip, where its last bytes were */
} record;

/* --- heads --- */

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
static ko_status read_url(ko_warc_head *head)
{
    size_t n = 0;
    const char *url = ko_http_header_at(head->lines.data, "WARC-Target-URI", &n);
    if (n >= 2 && url[0] == '<' && url[n - 1] == '>') {
        url++;
        n -= 2;
    }
    return ko_buf_append(&head->url, n ? url : "", n);
}

static bool of_http(const char *content_type)
{
    static const char http[] = "application/http";
    return strncasecmp(content_type, http, sizeof http - 1) == 0;
}

ko_status ko_warc_head_read(ko_stream *in, ko_warc_head *out, ko_error *why)
{
    *out = (ko_warc_head){.lines = KO_BUF(KO_MAX_CAPTURE_HEAD), .url = KO_BUF(KO_MAX_CAPTURE_HEAD)};
    if (!ko_http_head(in, &out->lines))
        return ko_fail(why, KO_E_FORMAT, "its headers do not end, or are over %zu bytes",
                       KO_MAX_CAPTURE_HEAD);
    const char *lines = out->lines.data ? out->lines.data : "";
    if (!read_size(lines, &out->size))
        return ko_fail(why, KO_E_FORMAT, "its Content-Length is no number");
    if (read_url(out) != KO_OK)
        return ko_fail(why, KO_E_NOMEM, "reading captures");
    char date[64];
    (void)ko_http_header(lines, "WARC-Type", out->type, sizeof out->type);
    (void)ko_http_header(lines, "WARC-Date", date, sizeof date);
    (void)ko_http_header(lines, "Content-Type", out->content_type, sizeof out->content_type);
    out->at = ko_capture_moment(date);
    /* A response may also be of another protocol, as text/dns is. */
    out->is_response = ko_text_same(out->type, "response") && of_http(out->content_type);
    out->is_resource = ko_text_same(out->type, "resource");
    return KO_OK;
}

void ko_warc_head_free(ko_warc_head *head)
{
    ko_buf_free(&head->lines);
    ko_buf_free(&head->url);
}

/* --- records --- */

/* Whether its own gzip data is damaged; that of the next record may be. */
static bool is_damaged(const record *r)
{
    return r->in->damaged && r->in->member == r->member;
}

/* Reads the header lines. KO_E_FORMAT, with the record left out, when they mean nothing. */
static ko_status read_head(record *r)
{
    ko_error why = {0};
    const ko_status st = ko_warc_head_read(r->in, &r->head, &why);
    r->member = r->in->member;
    if (st == KO_E_NOMEM)
        return ko_fail(r->reader->err, st, "%s", why.text);
    if (st != KO_OK && !is_damaged(r)) /* that is said by the caller */
        ko_capture_damaged(r->reader, "%s", why.text);
    if (st == KO_OK && ko_text_same(r->head.type, "revisit"))
        r->reader->counts.without_body++;
    return st;
}

/* Whether a record ends here: two line ends follow, and then the next one or nothing. */
static bool ends_here(const record *r)
{
    return ko_stream_at_record(r->in) || (!ko_stream_more(r->in) && !is_damaged(r));
}

static ko_status emit(const record *r)
{
    const ko_warc_head *head = &r->head;
    if (head->is_response)
        return ko_capture_emit_http(r->reader, head->url.data, head->at, r->block.data,
                                    r->block.size);
    const ko_reply reply = {.url = head->url.data,
                            .final_url = head->url.data,
                            .content_type = head->content_type,
                            .headers = "",
                            .body = r->block.data,
                            .size = r->block.size,
                            .at = head->at};
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
    if (taken < r->head.size)
        ko_capture_mended(r->reader,
                          "it ends after %" PRIu64 " of %" PRIu64 " bytes; what is there is taken",
                          taken, r->head.size);
    else
        ko_capture_mended(r->reader,
                          "no record begins after its %" PRIu64 " bytes; what is there is taken",
                          r->head.size);
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
    const bool answer = r->head.is_response || r->head.is_resource;
    uint64_t taken = 0;
    const ko_status st = ko_stream_take(r->in, r->head.size, answer ? &r->block : NULL, &taken);
    if (st != KO_OK)
        return ko_fail(r->reader->err, st, "reading captures");
    r->member = r->in->member;
    const bool whole = taken == r->head.size && ends_here(r);
    if (is_damaged(r))
        return KO_OK; /* said by the caller */
    if (!whole)
        return take_what_is_there(r, answer, taken);
    return answer ? emit(r) : KO_OK;
}

/* Passes over a block without keeping it; of what is much too long not even all of it. */
static ko_status refuse(record *r)
{
    ko_capture_damaged(r->reader, "%" PRIu64 " bytes, limit %zu", r->head.size,
                       KO_MAX_CAPTURE_BODY);
    uint64_t taken = 0;
    const uint64_t passed = r->head.size < KO_MAX_CAPTURE_PASS ? r->head.size : KO_MAX_CAPTURE_PASS;
    const ko_status st = ko_stream_take(r->in, passed, NULL, &taken);
    r->member = r->in->member;
    return st;
}

static ko_status read_record(ko_capture_reader *reader, ko_stream *in)
{
    record r = {.reader = reader, .in = in, .block = KO_BUF(KO_MAX_CAPTURE_BODY)};
    ko_status st = read_head(&r);
    if (st == KO_OK)
        st = r.head.size > KO_MAX_CAPTURE_BODY ? refuse(&r) : read_block(&r);
    else if (st == KO_E_FORMAT)
        st = KO_OK;
    if (st == KO_OK && in->damaged && !is_damaged(&r))
        st = ko_capture_next(reader); /* which cannot be read at all */
    if (st == KO_OK && in->damaged)
        ko_capture_damaged(reader, "its gzip data is damaged or ends early");
    ko_warc_head_free(&r.head);
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
