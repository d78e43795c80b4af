/* capture/reader.h - what the readers of the kinds of files share: where answers and problems go.
 *
 * Private to this folder. */
#ifndef KO_CAPTURE_READER_H
#define KO_CAPTURE_READER_H

#include "capture/capture.h"

typedef struct ko_capture_reader {
    const ko_capture_sink *sink;
    ko_capture_counts counts;
    size_t record; /* the one that is read, from 1; 0 before the first */
    ko_error *err;
} ko_capture_reader;

/* Goes on to the next record. KO_E_LIMIT after KO_MAX_CAPTURE_RECORDS. */
KO_NODISCARD ko_status ko_capture_next(ko_capture_reader *reader);
/* Hands out an answer; one without a body is counted only. */
KO_NODISCARD ko_status ko_capture_emit(ko_capture_reader *reader, const ko_reply *reply);
/* Says what is wrong with this record, of which the rest is taken. */
void ko_capture_mended(ko_capture_reader *reader, const char *fmt, ...) KO_PRINTF(2, 3);
/* Leaves this record out. */
void ko_capture_damaged(ko_capture_reader *reader, const char *fmt, ...) KO_PRINTF(2, 3);
/* Hands out the answer of HTTP in bytes[0..size), or leaves it out when it cannot be read. */
KO_NODISCARD ko_status ko_capture_emit_http(ko_capture_reader *reader, const char *url, int64_t at,
                                            const void *bytes, size_t size);

/* Seconds since 1970 of a moment in ISO 8601 ("2017-03-06T04:03:53.12+01:00", no zone: UTC) or in
 * the 14 digits of ARC; 0 when it is neither. */
int64_t ko_capture_moment(const char *text);
/* The same of a date in a mail: "Sun, 22 Nov 2026 03:13:22 +0100" (RFC 5322 section 3.3). */
int64_t ko_capture_mail_date(const char *text);

/* bytes are the file as it is, which may be gzip. */
KO_NODISCARD ko_status ko_capture_read_warc(ko_capture_reader *reader, const void *bytes,
                                            size_t size);
KO_NODISCARD ko_status ko_capture_read_arc(ko_capture_reader *reader, const void *bytes,
                                           size_t size);
/* bytes are text. KO_E_FORMAT: broken JSON, no boundary. */
KO_NODISCARD ko_status ko_capture_read_har(ko_capture_reader *reader, const char *text,
                                           size_t size);
KO_NODISCARD ko_status ko_capture_read_mhtml(ko_capture_reader *reader, const char *text,
                                             size_t size);

#endif
