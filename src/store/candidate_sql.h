/* store/candidate_sql.h - what a candidate's state is worked out from, for statements of more than
 * one file of this folder. ?1 is the collection's threshold in all of it. */
#ifndef KO_STORE_CANDIDATE_SQL_H
#define KO_STORE_CANDIDATE_SQL_H

#include "store/rows.h"

#include <assert.h>

/* A candidate with its work, its best match as best, its listing, and the decision in force.
 * CROSS JOIN keeps this order: whoever narrows it down does so by candidates. */
#define KO_CANDIDATE_FROM                                                                          \
    " FROM candidate CROSS JOIN work ON work.id = candidate.work_id"                               \
    " CROSS JOIN evidence AS best"                                                                 \
    "  ON best.work_id = candidate.work_id AND best.photo_id = " KO_BEST_PHOTO                     \
    " CROSS JOIN listing ON listing.id = candidate.listing_id"                                     \
    " LEFT JOIN decision AS in_force ON in_force.id = candidate.decided"

/* A ko_candidate_state. The numbers are those of KO_CANDIDATE_ALLOWED and _NEGATIVE. */
#define KO_CANDIDATE_STATE                                                                         \
    "CASE WHEN in_force.state > 0 THEN in_force.state WHEN " KO_IS_ALLOWED " THEN 5"               \
    " WHEN " KO_IS_NEGATIVE("best.photo_id") " THEN 6 ELSE 0 END"
static_assert(KO_CANDIDATE_ALLOWED == 5 && KO_CANDIDATE_NEGATIVE == 6, "see KO_CANDIDATE_STATE");

#endif
