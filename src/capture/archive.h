/* capture/archive.h - the folder in which Knockoff keeps what it was shown, as WARC.
 *
 * Beside the database "x.db" the folder "x.db-archive" holds two kinds of file:
 *   pages-TIME-PID.warc.gz   pages, feeds and replies, a gzip member a record
 *   pictures-TIME-PID.warc   pictures, not compressed, so that a picture is a range of bytes
 * A process writes files of its own, new ones after KO_MAX_ARCHIVE_FILE_BYTES; nothing is ever
 * changed in place, so a killed process leaves at worst one torn record at a file's end.
 * While it may still write to a file it holds a lock on it (flock), which others ask for before
 * they take the file away. A page that is the same as before is kept as a revisit: its headers
 * alone, and where its body is. */
#ifndef KO_CAPTURE_ARCHIVE_H
#define KO_CAPTURE_ARCHIVE_H

#include "base/status.h"
#include "capture/reply.h"

typedef struct ko_archive ko_archive;
struct ko_warc_record;

/* Where a body came to lie. */
typedef struct ko_archived {
    const char *path; /* of the WARC file, absolute; the archive's own, until it is closed */
    int64_t record;   /* offset of the record (of its gzip member) */
    int64_t length;   /* of the record (of its gzip member) */
    int64_t offset;   /* of the body's first byte; 0 in a compressed file */
    int64_t bytes;    /* of the body */
    uint8_t sha256[32];
} ko_archived;

/* Makes the folder (mode 0700) when there is something to write. software names the program
 * in the warcinfo record: "Knockoff/1.0 (+contact)". KO_E_NOMEM. */
KO_NODISCARD ko_status ko_archive_open(const char *folder, const char *software,
                                       ko_archive **out_archive, ko_error *err);
/* Writes an answer: a response record with its headers, or a resource record when there are
 * none. KO_E_IO (disk full). */
KO_NODISCARD ko_status ko_archive_page(ko_archive *archive, const ko_reply *reply,
                                       ko_archived *out_where, ko_error *err);
/* The same for an answer whose body a record of the same final_url holds, which was written with
 * body_at as its time: a revisit record, without the body. */
KO_NODISCARD ko_status ko_archive_revisit(ko_archive *archive, const ko_reply *reply,
                                          int64_t body_at, ko_archived *out_where, ko_error *err);
KO_NODISCARD ko_status ko_archive_picture(ko_archive *archive, const ko_reply *reply,
                                          ko_archived *out_where, ko_error *err);
/* Copies a record that was read from another file of an archive (capture/warc_record.h), to the
 * byte as it lies there. The first of a file comes after a copy of the record that says who wrote
 * that file. KO_E_IO, KO_E_FORMAT (not the same bytes any more). */
KO_NODISCARD ko_status ko_archive_copy(ko_archive *archive, const char *path,
                                       const struct ko_warc_record *record, ko_archived *out_where,
                                       ko_error *err);
/* All that was written is on the disk; before a transaction that refers to it. KO_E_IO. */
KO_NODISCARD ko_status ko_archive_sync(ko_archive *archive, ko_error *err);
/* The SHA-256 by which a body is known. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_archive_digest(const void *body, size_t size, uint8_t out_sha256[32],
                                         ko_error *err);
void ko_archive_close(ko_archive *archive); /* NULL is fine */

#endif
