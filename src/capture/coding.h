/* capture/coding.h - the codings in which bodies travel and are kept, undone.
 *
 * Each writes to out, which is empty and whose maximum is the limit of what may come out: so a bomb
 * ends there. On any status but KO_OK nothing is kept of out, and why names the coding. KO_E_FORMAT
 * (the bytes are not in this coding), KO_E_LIMIT, KO_E_NOMEM. */
#ifndef KO_CAPTURE_CODING_H
#define KO_CAPTURE_CODING_H

#include "base/buf.h"

#include <stdbool.h>

/* gzip (RFC 1952, all members), zlib (RFC 1950) or bare deflate (RFC 1951), told by the first
 * bytes, as servers mix up the last two. Data that ends early gives what is there. */
KO_NODISCARD ko_status ko_capture_inflate(const void *bytes, size_t size, ko_buf *out,
                                          ko_error *why);
/* Brotli (RFC 7932). */
KO_NODISCARD ko_status ko_capture_unbrotli(const void *bytes, size_t size, ko_buf *out,
                                           ko_error *why);
/* Chunks (RFC 9112 section 7.1); extensions and trailers are dropped. Data that ends early gives
 * what is there. */
KO_NODISCARD ko_status ko_capture_unchunk(const void *bytes, size_t size, ko_buf *out,
                                          ko_error *why);
/* Base64 of both alphabets (RFC 4648 sections 4 and 5), with or without padding; white space is
 * passed over. */
KO_NODISCARD ko_status ko_capture_unbase64(const char *text, size_t size, ko_buf *out,
                                           ko_error *why);
/* Quoted-printable (RFC 2045 section 6.7); what is no escape stands for itself. */
KO_NODISCARD ko_status ko_capture_unquote(const char *text, size_t size, ko_buf *out,
                                          ko_error *why);
/* Percent-encoding (RFC 3986 section 2.1); what is no escape stands for itself. */
KO_NODISCARD ko_status ko_capture_unpercent(const char *text, size_t size, ko_buf *out,
                                            ko_error *why);

bool ko_capture_is_gzip(const void *bytes, size_t size);    /* by its first three bytes */
bool ko_capture_is_chunked(const void *bytes, size_t size); /* by the line of its first chunk */

#endif
