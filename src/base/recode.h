/* base/recode.h - text in any encoding to UTF-8. */
#ifndef KO_BASE_RECODE_H
#define KO_BASE_RECODE_H

#include "base/buf.h"

#define KO_UTF8 "UTF-8"

/* Appends the text as UTF-8. from is the name by which iconv knows its encoding. What means
 * nothing there becomes U+FFFD, a unit at a time. KO_E_UNSUPPORTED: no such encoding on this
 * system; KO_E_LIMIT: no room in out; KO_E_NOMEM. */
KO_NODISCARD ko_status ko_recode(const char *from, const char *bytes, size_t size, ko_buf *out,
                                 ko_error *err);

#endif
