/* capture/stream.h - the records of a file of captures, one after the other, whether the file is
 * plain or gzip, a member a record or all in one.
 *
 * A gzip member that begins as a record does begins a record: what is read of the one before
 * ends there, however long that said it was. So a record that is cut costs itself alone. */
#ifndef KO_CAPTURE_STREAM_H
#define KO_CAPTURE_STREAM_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#define KO_STREAM_WINDOW ((size_t)64 << 10)

typedef struct ko_stream {
    const uint8_t *bytes; /* of the file */
    size_t size, at;      /* all before at was read, or inflated into the window */
    const char *mark;     /* how a record begins; "" when that may be any text */
    bool gzip;
    bool fenced;   /* the member now begun begins a record, and what came before has ended */
    bool damaged;  /* the member could not be inflated to its end */
    bool astray;   /* what follows the member is no gzip data */
    bool inside;   /* of a member */
    size_t member; /* where it begins */
    z_stream z;
    uint8_t *window;
    const uint8_t *next; /* what is unread of the window; of the file when it is plain */
    size_t left;
} ko_stream;

/* Borrows bytes and mark. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_stream_open(ko_stream *stream, const void *bytes, size_t size,
                                      const char *mark, ko_error *err);
void ko_stream_close(ko_stream *stream); /* zeroed ones are fine */

/* Whether there is more to read of this record. */
bool ko_stream_more(ko_stream *stream);
/* Appends the rest of the line without its end; false when there is none, or it is longer than
 * out may grow (then it is passed over, and out is empty). */
bool ko_stream_line(ko_stream *stream, ko_buf *out);
/* Appends n bytes to out, or passes them over when out is NULL; *out_taken is how many there
 * were. KO_E_NOMEM, also when out may not grow so far. */
KO_NODISCARD ko_status ko_stream_take(ko_stream *stream, uint64_t n, ko_buf *out,
                                      uint64_t *out_taken);
/* Goes back over n bytes; in a gzip file nowhere, as they are gone. */
void ko_stream_back(ko_stream *stream, uint64_t n);
/* Goes over line ends; true when a record begins then, false at the end and before any other
 * text. */
bool ko_stream_at_record(ko_stream *stream);
/* Goes on to the next line that begins a record; in damaged data to the next member that does.
 * False at the end. */
bool ko_stream_find_record(ko_stream *stream);

#endif
