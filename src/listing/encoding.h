/* listing/encoding.h - the bytes of a sheet as UTF-8. */
#ifndef KO_LISTING_ENCODING_H
#define KO_LISTING_ENCODING_H

#include "base/buf.h"

/* UTF-8 without a byte order mark. Bytes that mean nothing in their encoding are U+FFFD,
 * or, in a sheet that says it is UTF-8, left as they are. */
typedef struct ko_sheet_text {
    const char *text; /* into the sheet's bytes or into the converted copy */
    size_t size;
    const char *assumed; /* encoding that was guessed for want of a better one, or NULL */
} ko_sheet_text;

/* A byte order mark decides: UTF-8, UTF-16LE, UTF-16BE. Without one, UTF-8 when the bytes
 * are valid, else Windows-1252, which is what spreadsheets saved before Unicode hold.
 * converted is filled only when needed and must outlive the text; its maximum is the
 * limit: KO_E_LIMIT beyond it. KO_E_NOMEM; KO_E_UNSUPPORTED when the system lacks the
 * encoding. */
KO_NODISCARD ko_status ko_sheet_decode(const char *bytes, size_t size, ko_buf *converted,
                                       ko_sheet_text *out_text, ko_error *err);

#endif
