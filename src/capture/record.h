/* capture/record.h - one WARC record as bytes to be written.
 *
 * Private to this folder. */
#ifndef KO_CAPTURE_RECORD_H
#define KO_CAPTURE_RECORD_H

#include "base/buf.h"
#include "capture/reply.h"

#include <stdbool.h>

#define KO_RECORD_ID_SIZE 48 /* "<urn:uuid:...>" and a zero */

typedef struct ko_record {
    ko_buf head;        /* all before the body: of the record, and of HTTP in a response */
    const void *body;   /* borrowed; what is written of it */
    size_t size;        /* of that */
    uint8_t sha256[32]; /* of the body, written or not */
    char id[KO_RECORD_ID_SIZE];
} ko_record;

/* What follows the body of each record. */
#define KO_RECORD_END "\r\n\r\n"

/* The record that begins a file and says by which program it was written. */
KO_NODISCARD ko_status ko_record_info(const char *software, ko_record *out, ko_error *err);
/* A response with its headers, or a resource when there are none. Headers that speak of the body
 * as it travelled, and no longer hold, become X-Archive-Orig-...; so a file can be replayed.
 * info is the id of the file's first record. KO_E_LIMIT: KO_MAX_ARCHIVE_HEAD. */
KO_NODISCARD ko_status ko_record_reply(const ko_reply *reply, const char *info, ko_record *out,
                                       ko_error *err);
/* A revisit: the same without the body, which a record of the same URL holds that was written at
 * body_at, not 0 (ISO 28500:2017 section 6.7.2). A resource leaves no block at all. */
KO_NODISCARD ko_status ko_record_revisit(const ko_reply *reply, int64_t body_at, const char *info,
                                         ko_record *out, ko_error *err);
/* The SHA-256 of two pieces that follow one another; false when there is no memory. */
bool ko_record_digest(const void *a, size_t a_size, const void *b, size_t b_size, uint8_t out[32]);
void ko_record_free(ko_record *record);

#endif
