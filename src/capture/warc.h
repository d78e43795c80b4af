/* capture/warc.h - what the header of a WARC record says.
 *
 * Private to this folder. */
#ifndef KO_CAPTURE_WARC_H
#define KO_CAPTURE_WARC_H

#include "base/buf.h"
#include "capture/http.h"
#include "capture/stream.h"

typedef struct ko_warc_head {
    ko_buf lines, url;                     /* owned; url is "" when there is none */
    uint64_t size;                         /* of the block */
    char type[32];                         /* "response" */
    char content_type[KO_HTTP_VALUE_SIZE]; /* of the block */
    bool is_response, is_resource;         /* an answer with headers of HTTP, one without */
    int64_t at;                            /* seconds since 1970 */
} ko_warc_head;

/* Reads the header of the record at which the stream stands, up to its block. KO_E_FORMAT with
 * the reason in why, KO_E_NOMEM. In any case free *out with ko_warc_head_free. */
KO_NODISCARD ko_status ko_warc_head_read(ko_stream *in, ko_warc_head *out, ko_error *why);
void ko_warc_head_free(ko_warc_head *head);

#endif
