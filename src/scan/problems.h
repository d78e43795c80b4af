/* scan/problems.h - the lines about inputs that were refused while the batch went on. */
#ifndef KO_SCAN_PROBLEMS_H
#define KO_SCAN_PROBLEMS_H

#include "base/status.h"

#include <stddef.h>

/* Where the lines go, and how many there were. say may be NULL: only count. */
typedef struct ko_problems {
    void (*say)(void *context, const char *line);
    void *context;
    size_t count;
} ko_problems;

/* Counts and says one line: what, where, which limit. */
void ko_problem(ko_problems *problems, const char *fmt, ...) KO_PRINTF(2, 3);

#endif
