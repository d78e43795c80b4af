/* capture/capture.h - files in which browsers and crawlers keep what they were answered.
 *
 * WARC (ISO 28500, 1.0 and 1.1), ARC, HAR 1.2 and MHTML (RFC 2557); each also inside gzip, by
 * record or as a whole.
 * They come from strangers: a record that is damaged costs itself alone. */
#ifndef KO_CAPTURE_CAPTURE_H
#define KO_CAPTURE_CAPTURE_H

#include "base/status.h"
#include "capture/reply.h"

typedef enum ko_capture_kind {
    KO_CAPTURE_NONE = 0,
    KO_CAPTURE_WARC,
    KO_CAPTURE_ARC,
    KO_CAPTURE_HAR,
    KO_CAPTURE_MHTML
} ko_capture_kind;

/* By content, from the first kilobytes; looks into gzip. */
ko_capture_kind ko_capture_sniff(const void *bytes, size_t size);

typedef struct ko_capture_sink {
    void *context;
    /* Each answer that has a body. A return other than KO_OK ends the reading with it. */
    ko_status (*on_reply)(void *context, const ko_reply *reply);
    /* What is wrong with one record, named by its number from 1; it is left out, unless the
     * text says that what is there is taken. */
    void (*on_problem)(void *context, size_t record, const char *text);
} ko_capture_sink;

typedef struct ko_capture_counts {
    size_t replies;      /* handed out */
    size_t without_body; /* answers that were kept without what they said; revisits */
    size_t left_out;     /* damaged ones; requests and metadata are not counted at all */
} ko_capture_counts;

/* Hands out the answers in bytes[0..size) in their order. out_counts may be NULL.
 * KO_E_UNSUPPORTED: none of these kinds. KO_E_FORMAT: nothing in it could be read.
 * KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_capture_read(const void *bytes, size_t size, const ko_capture_sink *sink,
                                       ko_capture_counts *out_counts, ko_error *err);

#endif
