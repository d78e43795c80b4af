/* capture/warc_record.h - one record of an archive (capture/archive.h), found again and whole.
 *
 * Reads no more of the file than it has to. Each record must end where it says, and its gzip
 * data must be sound. */
#ifndef KO_CAPTURE_WARC_RECORD_H
#define KO_CAPTURE_WARC_RECORD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ko_warc_record {
    ko_buf bytes;       /* header, block and both line ends, as they were before any packing */
    int64_t offset;     /* in the file; of its gzip member */
    int64_t length;     /* there */
    bool packed;        /* a gzip member */
    char *url;          /* WARC-Target-URI; "" when there is none */
    char *id;           /* WARC-Record-ID; "" when there is none */
    char *info;         /* WARC-Warcinfo-ID; "" when there is none */
    char *content_type; /* of the body, as its header says */
    int64_t at;         /* WARC-Date, seconds since 1970 */
    const void *body;   /* in bytes: without WARC's header, and that of HTTP */
    size_t size;        /* of the body */
    uint8_t sha256[32]; /* of the body; of a revisit, as its header says */
    bool is_info;       /* the record that says by which program a file was written */
    bool is_revisit;    /* another one holds the body: here it is empty */
} ko_warc_record;

/* Reads the record that begins at offset, in a gzip member of its own when the file is packed.
 * KO_E_NOT_FOUND (no such file), KO_E_FORMAT (no record begins there, or it is damaged), KO_E_IO,
 * KO_E_LIMIT, KO_E_NOMEM; text begins with the path. Free *out with ko_warc_record_free, unless
 * that fails. */
KO_NODISCARD ko_status ko_warc_record_read(const char *path, int64_t offset, ko_warc_record *out,
                                           ko_error *err);
/* The same for the record whose block holds the byte at inside, in a file that is not packed: as
 * pictures are kept. Goes from header to header, from that of the record at from on (0: the first
 * one). */
KO_NODISCARD ko_status ko_warc_record_find(const char *path, int64_t from, int64_t inside,
                                           ko_warc_record *out, ko_error *err);
void ko_warc_record_free(ko_warc_record *record); /* zeroed ones are fine */

#endif
