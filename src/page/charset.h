/* page/charset.h - the bytes of a page as UTF-8.
 *
 * In the order of the HTML Living Standard (13.2.3.2, determining the character encoding):
 * a byte order mark, what the server said, what the page says in its first kilobytes, and
 * then the bytes themselves. A claim that the bytes contradict is not believed: pages of
 * China that say utf-8 and hold GBK are common. */
#ifndef KO_PAGE_CHARSET_H
#define KO_PAGE_CHARSET_H

#include "base/buf.h"

#include <stdbool.h>

typedef struct ko_page_text {
    const char *text; /* valid UTF-8 without a mark; into the bytes or the converted copy */
    size_t size;
    const char *encoding; /* as iconv names it; static */
    bool guessed;         /* from the bytes: nothing was said, or what was said is wrong */
} ko_page_text;

/* content_type is the server's header ("text/html; charset=gbk") or NULL. converted is
 * filled when needed and must outlive the text; its maximum is the limit. What means
 * nothing becomes U+FFFD. KO_E_NOMEM; KO_E_LIMIT: more than converted may hold. */
KO_NODISCARD ko_status ko_page_decode(const char *bytes, size_t size, const char *content_type,
                                      ko_buf *converted, ko_page_text *out_text, ko_error *err);

/* The encoding that the bytes look like; "UTF-8" when they are valid, "WINDOWS-1252" when
 * nothing better fits. Static text. */
const char *ko_page_guess_charset(const char *bytes, size_t size);

#endif
