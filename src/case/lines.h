/* case/lines.h - a text for people, line by line.
 *
 * Whatever is said in it, strangers' words too, is cleaned (base/text.h), and no word of it can
 * begin a line. What fails is remembered, so that only the end has to look. */
#ifndef KO_CASE_LINES_H
#define KO_CASE_LINES_H

#include "base/buf.h"

#include <stdbool.h>

typedef struct ko_lines {
    ko_buf *out;
    bool no_memory;
} ko_lines;

/* Appends one line. */
void ko_lines_say(ko_lines *lines, const char *fmt, ...) KO_PRINTF(2, 3);
void ko_lines_blank(ko_lines *lines);
/* KO_E_NOMEM when a line found no room; then out is empty. */
KO_NODISCARD ko_status ko_lines_end(ko_lines *lines, ko_error *err);

#endif
