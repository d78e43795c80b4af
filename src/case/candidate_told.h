/* case/candidate_told.h - what is known of a candidate besides its evidence, for programs. */
#ifndef KO_CASE_CANDIDATE_TOLD_H
#define KO_CASE_CANDIDATE_TOLD_H

#include "store/candidate.h"

#include <jansson.h>

/* Adds to an object "pages" (report/pages.h), "look" (report/look.h), "history" (report/history.h),
 * "asides" (case/aside_told.h) and "alike", the numbers of those that are one decision with it
 * (case/alike.h). KO_E_NOMEM, and errors of the database. */
KO_NODISCARD ko_status ko_candidate_told(ko_store *store, const ko_candidate *candidate,
                                         json_t *object, ko_error *err);

#endif
