/* case/doubt.h - listings of notices whose candidate is not accepted any more.
 *
 * What was decided can be decided anew after a notice was built. A notice may not state what
 * nobody stands by, so such listings are taken out of it before it is filed, and taken back when
 * it was. */
#ifndef KO_CASE_DOUBT_H
#define KO_CASE_DOUBT_H

#include "store/notice.h"

typedef struct ko_doubt {
    int64_t notice_id, item_id, candidate_id;
} ko_doubt;

typedef struct ko_doubts {
    ko_doubt *doubts; /* in order of notices, and of their listings */
    size_t n, capacity;
} ko_doubts;

/* Finds them among the items of one notice (0: of all) that are in one of the states (bits
 * 1 << state). A candidate whose work was removed counts; items that never had one do not.
 * KO_E_NOMEM. Free with ko_doubts_free, also after an error. */
KO_NODISCARD ko_status ko_doubts_find(ko_store *store, int64_t notice_id, unsigned states,
                                      ko_doubts *out_doubts, ko_error *err);
void ko_doubts_free(ko_doubts *doubts); /* zeroed ones are fine */

#endif
