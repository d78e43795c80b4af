/* crawl/due.h - which sources are to be run by themselves, and when the next ones are. */
#ifndef KO_CRAWL_DUE_H
#define KO_CRAWL_DUE_H

#include "store/source.h"

/* Moments are seconds since 1970, in the past for what is due; 0: nothing will be. */
typedef struct ko_due_sources {
    int64_t *ids; /* of those that are due, in order */
    size_t n, capacity;
    int64_t begin_at;  /* the first source begins anew */
    int64_t resume_at; /* something that was put off may be asked again: a page of a source that is
                          under way, a source that was refused, or the picture of any listing */
} ko_due_sources;

/* When a source is to begin anew: before its first run at once, then when its interval is over. A
 * last run that lies in the future was dated by a wrong clock: at once, too. 0: never by itself, or
 * it is under way. */
int64_t ko_due_begin_at(const ko_source *source, int64_t now);

/* A source is due when it is to begin anew or has something open that may be asked; never while it
 * is paused. Free with ko_due_free, also after an error. */
KO_NODISCARD ko_status ko_due_find(ko_store *store, int64_t now, ko_due_sources *out_due,
                                   ko_error *err);
void ko_due_free(ko_due_sources *due); /* zeroed ones are fine */

#endif
