/* capture/http.h - answers of HTTP as bytes: the head apart from the body, its codings undone.
 *
 * A head is kept in one form, whatever it came in: the first line and the header lines, each
 * ended by CR LF, continued lines joined. The heads of WARC records and of MHTML parts are read
 * in the same way, as their first line does not matter here. */
#ifndef KO_CAPTURE_HTTP_H
#define KO_CAPTURE_HTTP_H

#include "base/buf.h"
#include "capture/stream.h"

#include <stdbool.h>

#define KO_HTTP_VALUE_SIZE 1024 /* of a header value that means something here */

/* Reads the lines up to an empty one into out, whose maximum is the limit. false when they end
 * otherwise or are more than that. */
bool ko_http_head(ko_stream *stream, ko_buf *out);

/* Copies the value of the first header of this name, in any case, without blanks around it; ""
 * when there is none. What is longer than size is cut. True when there is one. */
bool ko_http_header(const char *head, const char *name, char *out, size_t size);
/* The same for the whole length, which a URL or a multipart boundary needs: borrowed from head,
 * NULL when there is none. */
const char *ko_http_header_at(const char *head, const char *name, size_t *out_n);
/* The value of a parameter such as boundary="x" in a header's value; "" when there is none. */
bool ko_http_parameter(const char *value, const char *name, char *out, size_t size);

typedef struct ko_http_answer {
    int status;
    char content_type[KO_HTTP_VALUE_SIZE];
    ko_buf head;      /* owned */
    ko_buf decoded;   /* owned; empty when the body had no coding */
    const void *body; /* borrowed from the bytes that were read, or decoded */
    size_t size;
} ko_http_answer;

/* Reads an answer as it went over the wire, or as crawlers keep it: headers may name codings that
 * have been undone already. KO_E_FORMAT: no status line, or a coding is damaged; KO_E_UNSUPPORTED:
 * a coding that is not known; KO_E_LIMIT: KO_MAX_CAPTURE_HEAD, _BODY, _CODINGS; KO_E_NOMEM. In
 * any case free *out with ko_http_free. */
KO_NODISCARD ko_status ko_http_read(const void *bytes, size_t size, ko_http_answer *out,
                                    ko_error *why);
void ko_http_free(ko_http_answer *answer);

#endif
