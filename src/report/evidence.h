/* report/evidence.h - why a photo is held to show a work, as words and as JSON. */
#ifndef KO_REPORT_EVIDENCE_H
#define KO_REPORT_EVIDENCE_H

#include "base/buf.h"
#include "match/evidence.h"

#include <jansson.h>

/* "whole", "whole mirror", "part", "part mirrored inverted". */
#define KO_EVIDENCE_HOW_SIZE 32
void ko_evidence_how(const ko_evidence *evidence, char out_how[KO_EVIDENCE_HOW_SIZE]);

/* The same and the figure that says most: "whole, 4 bits", "part, 93 % of the work". */
#define KO_EVIDENCE_BRIEF_SIZE 64
void ko_evidence_brief(const ko_evidence *evidence, char out_brief[KO_EVIDENCE_BRIEF_SIZE]);

/* "one photo in 40 thousand": what a score promises, in numbers that people read; no more than a
 * million, which is far beyond what was measured. */
#define KO_EVIDENCE_ODDS_SIZE 64
void ko_evidence_odds(double score, char out_odds[KO_EVIDENCE_ODDS_SIZE]);

/* Appends lines of "  name  words", each ended. */
KO_NODISCARD ko_status ko_evidence_words(ko_buf *out, const ko_evidence *evidence,
                                         int64_t n_fingerprints, int64_t n_works);

/* Adds score, method and what each method found to an object; NULL is passed over.
 * Returns the object. */
json_t *ko_evidence_json(json_t *object, const ko_evidence *evidence);

#endif
