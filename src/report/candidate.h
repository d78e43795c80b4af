/* report/candidate.h - one candidate as words for people and as JSON for programs. */
#ifndef KO_REPORT_CANDIDATE_H
#define KO_REPORT_CANDIDATE_H

#include "base/buf.h"
#include "store/candidate.h"

#include <jansson.h>

/* Appends the evidence in words, several lines. */
KO_NODISCARD ko_status ko_candidate_words(ko_buf *out, const ko_candidate *candidate);

/* A new object, or NULL when there is no memory. */
json_t *ko_candidate_json(const ko_candidate *candidate);

#endif
