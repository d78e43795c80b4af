/* case/due_json.h - what is due, for programs. */
#ifndef KO_CASE_DUE_JSON_H
#define KO_CASE_DUE_JSON_H

#include "case/due.h"

#include <jansson.h>

/* {"due": last day or null, "not_before", "sure", "overdue", "step": id or null, "who":
 * "you"|"platform"|"seller", "words", "notice", "channel", "work": serial, "ref", "state", "since",
 * "listings", "of": those of the notice, "url", "source": {"text", "checked_on"} or null}, new;
 * NULL when there is no memory. */
json_t *ko_duty_json(const ko_duty *duty, const ko_kit *kit);

/* All of some duties in their order. */
json_t *ko_duties_json(const ko_duties *duties, const ko_kit *kit);

#endif
