#include "capture/warc_record.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "capture/record.h"
#include "capture/warc.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>

#define MARK "WARC/"
#define END_BYTES (sizeof KO_RECORD_END - 1)

/* Of a file at once: most pages fit into the first, most pictures into the one after it, and all
 * that the archive writes into the last. */
#define FIRST_BYTES ((size_t)256 << 10)
#define NEXT_BYTES ((size_t)8 << 20)
#define RECORD_BYTES (KO_MAX_ARCHIVE_HEAD + KO_MAX_CAPTURE_BODY + END_BYTES)
#define LAST_BYTES (RECORD_BYTES + KO_MAX_CAPTURE_HEAD)
#define HEAD_BYTES ((size_t)8 << 10) /* of a header alone, at first */

/* Where a record lies in bytes that begin with it. */
typedef struct extent {
    size_t block;   /* where that begins */
    uint64_t whole; /* with both line ends */
} extent;

/* Reads up to max bytes of the file from offset on; *out_last tells whether it ends there. */
static ko_status read_from(const char *path, int64_t offset, size_t max, ko_buf *out,
                           bool *out_last, ko_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return ko_fail(err, errno == ENOENT || errno == ENOTDIR ? KO_E_NOT_FOUND : KO_E_IO,
                       "%s: %s", path, strerror(errno));
    const int64_t left = (int64_t)info.st_size - offset;
    if (offset < 0 || left <= 0)
        return ko_fail(err, KO_E_FORMAT, "%s: no record at byte %" PRId64 ", the file ends before",
                       path, offset);
    *out_last = (uint64_t)left <= max;
    const ko_file_part part = {path, offset, *out_last ? left : (int64_t)max};
    return ko_file_read_part(&part, out, err);
}

/* Copies what file holds of the record that it begins with, and maybe more when it is plain.
 * *out_packed is the length of its gzip member, 0 when it is plain. */
static ko_status unpack(const ko_buf *file, ko_buf *out, int64_t *out_packed, ko_error *why)
{
    ko_stream in = {0};
    uint64_t taken = 0;
    ko_status st = ko_stream_open(&in, file->data, file->size, MARK, why);
    if (st != KO_OK)
        return st;
    if (!ko_stream_at_record(&in))
        st = ko_fail(why, KO_E_FORMAT, "no record begins there");
    else if (ko_stream_take(&in, out->max, out, &taken) != KO_OK)
        st = ko_fail(why, KO_E_NOMEM, "a record of over %" PRIu64 " bytes", taken);
    /* The next member may be damaged, or cut where the part that was read ends. */
    else if (in.damaged && in.member == 0)
        st = ko_fail(why, KO_E_FORMAT, "its gzip data is damaged or ends early");
    /* It ends where the next member begins, or where no other follows. */
    *out_packed = in.gzip ? (int64_t)(in.member ? in.member : in.at) : 0;
    ko_stream_close(&in);
    return st;
}

/* Reads the header that bytes begin with. Free *out_head in any case. */
static ko_status measure(const void *bytes, size_t size, ko_warc_head *out_head, extent *out,
                         ko_error *why)
{
    ko_stream in = {0};
    *out_head = (ko_warc_head){0};
    ko_status st = ko_stream_open(&in, bytes, size, MARK, why);
    if (st != KO_OK)
        return st;
    if (in.gzip || size < strlen(MARK) || memcmp(bytes, MARK, strlen(MARK)) != 0)
        st = ko_fail(why, KO_E_FORMAT, "no record begins there");
    else
        st = ko_warc_head_read(&in, out_head, why);
    if (st == KO_OK && out_head->size > KO_MAX_CAPTURE_BODY + KO_MAX_ARCHIVE_HEAD)
        st = ko_fail(why, KO_E_LIMIT, "%" PRIu64 " bytes, limit %zu", out_head->size,
                     KO_MAX_CAPTURE_BODY);
    if (st == KO_OK) {
        out->block = size - in.left;
        out->whole = out->block + out_head->size + END_BYTES;
    }
    ko_stream_close(&in);
    return st;
}

/* The digest of the body that a revisit is about. */
static ko_status read_digest(const ko_warc_head *head, uint8_t out[32], ko_error *why)
{
    static const char kind[] = "sha256:";
    char text[128];
    size_t n = 0;
    (void)ko_http_header(head->lines.data, "WARC-Payload-Digest", text, sizeof text);
    if (strncmp(text, kind, strlen(kind)) != 0 ||
        OPENSSL_hexstr2buf_ex(out, 32, &n, text + strlen(kind), '\0') != 1 || n != 32)
        return ko_fail(why, KO_E_FORMAT, "a revisit without the SHA-256 of its body");
    return KO_OK;
}

/* Finds body and content type in the block. */
static ko_status open_block(ko_warc_record *record, const ko_warc_head *head, const extent *where,
                            ko_error *why)
{
    const char *block = record->bytes.data + where->block;
    const size_t size = (size_t)head->size;
    ko_http_answer answer = {0};
    const char *type = head->content_type;
    ko_status st = KO_OK;
    record->body = block;
    record->size = record->is_revisit ? 0 : size;
    if (head->is_response) {
        st = ko_http_read(block, size, &answer, why);
        /* Bodies are archived without any coding: what was read lies in the block itself. */
        if (st == KO_OK && answer.decoded.size)
            st = ko_fail(why, KO_E_FORMAT, "its body has a coding that archives have not");
        record->body = answer.body;
        record->size = answer.size;
        type = answer.content_type;
    }
    if (st == KO_OK && (!(record->content_type = ko_strdup(type)) ||
                        !ko_record_digest("", 0, record->body, record->size, record->sha256)))
        st = ko_fail(why, KO_E_NOMEM, "a record");
    if (st == KO_OK && record->is_revisit)
        st = read_digest(head, record->sha256, why);
    ko_http_free(&answer);
    return st;
}

/* A copy of a header's value, "" when there is none; NULL: no memory. */
static char *header_of(const ko_warc_head *head, const char *name)
{
    size_t n = 0;
    const char *value = ko_http_header_at(head->lines.data, name, &n);
    return ko_strndup(value ? value : "", n);
}

/* Tells what the record in record->bytes is, and cuts off what comes behind it. */
static ko_status understand(ko_warc_record *record, ko_error *why)
{
    ko_warc_head head;
    extent where = {0};
    ko_buf *bytes = &record->bytes;
    ko_status st = measure(bytes->data, bytes->size, &head, &where, why);
    if (st == KO_OK && (where.whole > bytes->size || memcmp(bytes->data + where.whole - END_BYTES,
                                                            KO_RECORD_END, END_BYTES) != 0))
        st = ko_fail(why, KO_E_FORMAT, "it does not end after its %" PRIu64 " bytes", head.size);
    if (st == KO_OK) {
        bytes->size = (size_t)where.whole;
        bytes->data[bytes->size] = '\0';
        record->id = header_of(&head, "WARC-Record-ID");
        record->info = header_of(&head, "WARC-Warcinfo-ID");
        record->url = ko_strdup(head.url.data);
        record->at = head.at;
        record->is_info = strcmp(head.type, "warcinfo") == 0;
        record->is_revisit = strcmp(head.type, "revisit") == 0;
        if (!record->id || !record->info || !record->url)
            st = ko_fail(why, KO_E_NOMEM, "a record");
    }
    if (st == KO_OK)
        st = open_block(record, &head, &where, why);
    ko_warc_head_free(&head);
    return st;
}

static ko_status complain(const char *path, int64_t offset, ko_status st, const ko_error *why,
                          ko_error *err)
{
    return ko_fail(err, st, "%s: record at byte %" PRId64 ": %s", path, offset, why->text);
}

/* Reads the record as far as it lies in the first max bytes from its begin on. */
static ko_status read_within(const char *path, size_t max, ko_warc_record *record, bool *out_last,
                             ko_error *err)
{
    ko_buf file = KO_BUF(max);
    ko_error why = {0};
    record->bytes = KO_BUF(LAST_BYTES);
    ko_status st = read_from(path, record->offset, max, &file, out_last, err);
    if (st == KO_OK) {
        st = unpack(&file, &record->bytes, &record->length, &why);
        if (st == KO_OK)
            st = understand(record, &why);
        record->packed = record->length != 0;
        if (st == KO_OK && !record->packed)
            record->length = (int64_t)record->bytes.size;
        if (st != KO_OK)
            st = complain(path, record->offset, st, &why, err);
    }
    ko_buf_free(&file);
    return st;
}

ko_status ko_warc_record_read(const char *path, int64_t offset, ko_warc_record *out, ko_error *err)
{
    assert(path && out);
    for (size_t max = FIRST_BYTES;; max = max == FIRST_BYTES ? NEXT_BYTES : LAST_BYTES) {
        ko_error own = {0};
        bool last = true;
        ko_warc_record record = {.offset = offset};
        const ko_status st = read_within(path, max, &record, &last, &own);
        if (st == KO_OK) {
            *out = record;
            return KO_OK;
        }
        ko_warc_record_free(&record);
        /* What cannot be read may only be longer than what was looked at. */
        if (st != KO_E_FORMAT || last || max == LAST_BYTES)
            return ko_fail(err, st, "%s", own.text);
    }
}

/* How many bytes of a plain file the record at offset takes. */
static ko_status measure_at(const char *path, int64_t offset, extent *out, ko_error *err)
{
    for (size_t max = HEAD_BYTES;; max = KO_MAX_CAPTURE_HEAD) {
        ko_buf file = KO_BUF(max);
        ko_warc_head head = {0};
        ko_error why = {0};
        bool last = true;
        ko_status st = read_from(path, offset, max, &file, &last, err);
        if (st != KO_OK)
            return st; /* with file empty */
        st = measure(file.data, file.size, &head, out, &why);
        ko_warc_head_free(&head);
        ko_buf_free(&file);
        if (st != KO_E_FORMAT || last || max == KO_MAX_CAPTURE_HEAD)
            return st == KO_OK ? KO_OK : complain(path, offset, st, &why, err);
    }
}

ko_status ko_warc_record_find(const char *path, int64_t from, int64_t inside, ko_warc_record *out,
                              ko_error *err)
{
    assert(path && out && from >= 0 && inside >= from);
    for (int64_t at = from;;) {
        extent where = {0};
        const ko_status st = measure_at(path, at, &where, err);
        if (st != KO_OK)
            return st;
        if (inside < at + (int64_t)where.block)
            return ko_fail(err, KO_E_FORMAT, "%s: byte %" PRId64 " is of no body", path, inside);
        if (inside < at + (int64_t)where.whole)
            return ko_warc_record_read(path, at, out, err);
        at += (int64_t)where.whole;
    }
}

void ko_warc_record_free(ko_warc_record *record)
{
    ko_buf_free(&record->bytes);
    ko_free(record->url);
    ko_free(record->id);
    ko_free(record->info);
    ko_free(record->content_type);
    *record = (ko_warc_record){0};
}
