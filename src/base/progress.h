/* base/progress.h - how far a long work is: one line on the terminal, or told to who asked for it.
 */
#ifndef KO_BASE_PROGRESS_H
#define KO_BASE_PROGRESS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Shown only when stderr is a terminal, at most five times a second; silent in a pipe. Where
 * somebody listens, that one is told instead, as often. */
typedef struct ko_progress {
    const char *what; /* "pictures" */
    size_t total;     /* 0: not known */
    size_t done;
    int64_t started_ms, shown_ms;
    int visible;
} ko_progress;

typedef void ko_progress_fn(void *context, const char *what, size_t done, size_t total);

/* From now on fn is told of what is shown in the calling thread; NULL: no more. */
void ko_progress_listen(ko_progress_fn *fn, void *context);

void ko_progress_start(ko_progress *p, const char *what, size_t total);
void ko_progress_show(ko_progress *p, size_t done);
/* Takes the line away, so that what is printed next stands alone. Who listens is told how far it
 * came. */
void ko_progress_end(ko_progress *p);

#endif
