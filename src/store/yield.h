/* store/yield.h - how many candidates a work, a picture or a source yields, for the flood guard
 * (case/flood.h). */
#ifndef KO_STORE_YIELD_H
#define KO_STORE_YIELD_H

#include "store/hold.h"

/* The candidates that were sorted since the guard looked last. */
typedef struct ko_yield_round {
    int64_t after, last; /* numbers above the one, up to the other; none when they are equal */
} ko_yield_round;
KO_NODISCARD ko_status ko_yield_round_read(ko_store *store, ko_yield_round *out_round,
                                           ko_error *err);
/* The guard has looked at it. */
KO_NODISCARD ko_status ko_yield_round_end(ko_store *store, const ko_yield_round *round,
                                          ko_error *err);

/* Hands out, as kind, subject_id and name of a hold, what more than least candidates were found of
 * since a moment, whatever became of them, and that is neither held nor blocked. Of a work that is
 * blocked new candidates are let through, so it may come again. */
KO_NODISCARD ko_status ko_yield_busy(ko_store *store, ko_hold_kind kind, int64_t since,
                                     size_t least, ko_hold_fn *fn, void *context, ko_error *err);

/* What is known of a subject: when it came to be known (0: it is gone), when it was released last
 * (0: never), and how much was found in a day when it was, at most. */
typedef struct ko_yield_past {
    int64_t known_since, released_at;
    size_t released_found;
} ko_yield_past;
KO_NODISCARD ko_status ko_yield_past_read(ko_store *store, const ko_hold *subject,
                                          ko_yield_past *out_past, ko_error *err);

/* A candidate that was found, and which its score shows. */
typedef struct ko_yield {
    int64_t id, found_at;
    int64_t leader;
    bool waits; /* in the queue: nothing sets it aside, nobody decided about it, it goes on with no
                   earlier case, and shows no other subject that was released */
    bool held;  /* by a hold in force */
    bool settled; /* its work was known before settled_before, and its source was, or had brought
                     some listings by then (KO_FLOOD_KNOWN_SOURCE) */
} ko_yield;
typedef ko_status ko_yield_fn(void *context, const ko_yield *candidate);
/* All of a subject found since a moment. */
KO_NODISCARD ko_status ko_yield_each(ko_store *store, const ko_hold *subject, int64_t since,
                                     int64_t settled_before, ko_yield_fn *fn, void *context,
                                     ko_error *err);

/* The numbers, ascending, of the candidates of a round that are to be set aside with a hold: those
 * of its subject that nobody decided about and that go on with no earlier case. Of a blocked work
 * those alone that show the same picture as one that it set aside. Free *out_ids with ko_free. */
KO_NODISCARD ko_status ko_yield_held(ko_store *store, const ko_hold *hold,
                                     const ko_yield_round *round, int64_t **out_ids, size_t *out_n,
                                     ko_error *err);

#endif
