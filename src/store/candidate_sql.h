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

/* The state in which a rule or a hold put a candidate; NULL: none did. What is held counts first.
 */
#define KO_ASIDE_STATE                                                                             \
    "(SELECT max(CASE WHEN hold_id IS NULL THEN 7 ELSE 8 END) FROM aside"                          \
    "  WHERE aside.candidate_id = candidate.id AND aside.ended_at IS NULL)"

/* Whether a candidate goes on with an earlier case. */
#define KO_IS_RETURNED "EXISTS (SELECT 1 FROM tie WHERE tie.candidate_id = candidate.id)"

/* A ko_candidate_state. The numbers are those of KO_CANDIDATE_ALLOWED and _NEGATIVE. */
#define KO_CANDIDATE_STATE                                                                         \
    "CASE WHEN in_force.state > 0 THEN in_force.state WHEN " KO_IS_ALLOWED " THEN 5"               \
    " WHEN " KO_IS_NEGATIVE("best.photo_id") " THEN 6"                                             \
                                             " ELSE ifnull(" KO_ASIDE_STATE ", 0) END"
static_assert(KO_CANDIDATE_ALLOWED == 5 && KO_CANDIDATE_NEGATIVE == 6, "see KO_CANDIDATE_STATE");
static_assert(KO_CANDIDATE_RULED == 7 && KO_CANDIDATE_HELD == 8, "see KO_ASIDE_STATE");

#endif
