/* capture/extract.h - a WARC file to hand on, of records that lie in archives.
 *
 * WARC 1.1 (ISO 28500:2017), a gzip member a record. It begins with a record that says by which
 * program it was put together; then come copies, to the byte, each after the record of its own
 * file that says who wrote that. Replay tools open it, and Knockoff ingests it. */
#ifndef KO_CAPTURE_EXTRACT_H
#define KO_CAPTURE_EXTRACT_H

#include "base/status.h"
#include "capture/warc_record.h"

typedef struct ko_extract ko_extract;

/* Bytes that have no record yet. */
typedef struct ko_extract_piece {
    const void *bytes;
    size_t size;
    const char *content_type;
    int64_t at; /* when they were had, seconds since 1970; 0: now */
} ko_extract_piece;

/* Makes the file at path, in place of what it held, when there is something to write. software:
 * as for ko_archive_open. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_extract_open(const char *path, const char *software,
                                       ko_extract **out_extract, ko_error *err);
/* Adds a record that was read from the file at warc, unless it was added before. Before a revisit
 * the record that holds its body has to be added. One that has the path of a local file for a
 * URL is added as ko_extract_bytes does. sha256 is what its body must be, else it is KO_E_FORMAT
 * and nothing is added. KO_E_IO (disk full), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_extract_record(ko_extract *extract, const char *warc,
                                         const ko_warc_record *record, const uint8_t sha256[32],
                                         ko_error *err);
/* Adds what lies in no archive: a resource record whose URL is "urn:sha256:" and the digest of
 * its bytes. sha256 as above; NULL: whatever it is. */
KO_NODISCARD ko_status ko_extract_bytes(ko_extract *extract, const ko_extract_piece *piece,
                                        const uint8_t *sha256, ko_error *err);
/* Ends the file and frees; nothing is made when nothing was added. KO_E_IO when not all of it
 * could be written: what is there is not to be used. */
KO_NODISCARD ko_status ko_extract_close(ko_extract *extract, ko_error *err);

#endif
