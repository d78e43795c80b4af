/* base/text.h - text from outside, made safe to print and to keep. */
#ifndef KO_BASE_TEXT_H
#define KO_BASE_TEXT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends text as valid UTF-8 without control characters, line breaks and bidirectional
 * overrides, each replaced by U+FFFD (tabs and line breaks by a space). For terminals,
 * messages, CSV and JSON. */
KO_NODISCARD ko_status ko_text_clean(ko_buf *out, const char *text, size_t n);

/* A cleaned copy to free with ko_free; NULL when there is no memory. */
char *ko_text_clean_dup(const char *text);

bool ko_text_is_utf8(const char *text, size_t n);

/* ASCII only: case-blind equality, and white space off both ends in place. */
bool ko_text_same(const char *a, const char *b);
char *ko_text_trim(char *text);

/* Would a spreadsheet take this text for a formula and run it? Plain numbers, also negative ones,
 * are none. */
bool ko_text_is_formula(const char *text);

/* Writes 2 * n lower-case digits and a zero to out. */
void ko_text_hex(const unsigned char *bytes, size_t n, char *out);

#endif
