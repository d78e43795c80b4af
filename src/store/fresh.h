/* store/fresh.h - what came to be and was not told yet, row by row, for digests of news.
 *
 * Rows that are only added are told up to a number; candidates one by one (store/outbox.h), as one
 * may come to be shown long after it was found. */
#ifndef KO_STORE_FRESH_H
#define KO_STORE_FRESH_H

#include "store/candidate.h"
#include "store/notice.h"
#include "store/source.h"

/* A candidate that waits for a decision: sorted (case/sort.h), undecided, not set aside, its score
 * at or above the threshold. */
typedef struct ko_fresh_find {
    int64_t id, work_id;
    int64_t leader; /* the candidate with which it is one decision */
    double score;
    int64_t notice_id;             /* of the earlier case that it goes on with; 0: none */
    const char *serial, *title;    /* of the work */
    const char *seller, *platform; /* "" when not known */
} ko_fresh_find;

typedef ko_status ko_fresh_find_fn(void *context, const ko_fresh_find *find);
/* Those that no digest told, by work, then leader, then number. */
KO_NODISCARD ko_status ko_fresh_find_each(ko_store *store, ko_fresh_find_fn *fn, void *context,
                                          ko_error *err);

/* An event of a notice. */
typedef struct ko_fresh_event {
    int64_t id, notice_id;
    ko_notice_state state;
    ko_day on;
    size_t n_items;
    const char *serial, *title; /* of the work */
} ko_fresh_event;

typedef ko_status ko_fresh_event_fn(void *context, const ko_fresh_event *event);
/* Those with a number above after that who told and that were not taken back, by number. */
KO_NODISCARD ko_status ko_fresh_event_each(ko_store *store, int64_t after, const char *who,
                                           ko_fresh_event_fn *fn, void *context, ko_error *err);

/* A listing that cannot be looked at any more, or shows other pictures, and still does. */
typedef struct ko_fresh_look {
    int64_t id;
    bool blocked; /* by a wall; else it is changed */
    const char *url;
} ko_fresh_look;

typedef ko_status ko_fresh_look_fn(void *context, const ko_fresh_look *look);
/* Changes with a number above after, by number. */
KO_NODISCARD ko_status ko_fresh_look_each(ko_store *store, int64_t after, ko_fresh_look_fn *fn,
                                          void *context, ko_error *err);

/* Something that is held back (store/aside.h) and waits for a decision. */
typedef struct ko_fresh_hold {
    int64_t id;
    const char *name, *note;
    size_t found;
} ko_fresh_hold;

typedef ko_status ko_fresh_hold_fn(void *context, const ko_fresh_hold *hold);
/* Those with a number above after, by number. */
KO_NODISCARD ko_status ko_fresh_hold_each(ko_store *store, int64_t after, ko_fresh_hold_fn *fn,
                                          void *context, ko_error *err);

#endif
