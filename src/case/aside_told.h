/* case/aside_told.h - what sets candidates aside, as JSON for programs and in words: rules, holds,
 * and each time that they did. */
#ifndef KO_CASE_ASIDE_TOLD_H
#define KO_CASE_ASIDE_TOLD_H

#include "base/buf.h"
#include "store/aside.h"
#include "store/hold.h"
#include "store/rule.h"

#include <jansson.h>

/* Each is a new object, or NULL when there is no memory. n_aside is how many candidates it
 * keeps set aside now. */

/* {"rule": number, "words", "work": serial or null, "score_below": null when not stated, as all
 * that follows, "country", "seller": as ko_allow_json but for who and when, "price_below",
 * "price_above": decimals, "currency", "added", "who", "removed", "aside"}. */
json_t *ko_rule_json(const ko_rule *rule, size_t n_aside);
/* {"hold": number, "subject": "work", "picture" or "source", "id": of the work, or of the candidate
 * that shows the picture, else null, "name", "state", "expected": a day, "found", "note", "at",
 * "decided": moment or null, "decided_by", "aside"}. */
json_t *ko_hold_json(const ko_hold *hold, size_t n_aside);
/* {"candidate", "rule": number or null, "hold": number or null, "why", "at", "ended": moment or
 * null, "ended_why"}. */
json_t *ko_aside_json(const ko_aside *aside);
/* All about one candidate, as an array. */
KO_NODISCARD ko_status ko_asides_json(ko_store *store, int64_t candidate_id, json_t **out_asides,
                                      ko_error *err);
/* The same as fields of its evidence in words (report/candidate.h); nothing when nothing ever set
 * it aside. */
KO_NODISCARD ko_status ko_asides_field(ko_buf *out, ko_store *store, int64_t candidate_id,
                                       ko_error *err);

#endif
