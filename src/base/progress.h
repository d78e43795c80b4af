/* base/progress.h - one line on the terminal that tells how far a long work is. */
#ifndef KO_BASE_PROGRESS_H
#define KO_BASE_PROGRESS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Shown only when stderr is a terminal, at most five times a second; silent in a pipe. */
typedef struct ko_progress {
    const char *what; /* "pictures" */
    size_t total;     /* 0: not known */
    int64_t started_ms, shown_ms;
    int visible;
} ko_progress;

void ko_progress_start(ko_progress *p, const char *what, size_t total);
void ko_progress_show(ko_progress *p, size_t done);
/* Takes the line away, so that what is printed next stands alone. */
void ko_progress_end(ko_progress *p);

#endif
