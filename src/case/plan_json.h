/* case/plan_json.h - what would be built, and what is left out, for programs. */
#ifndef KO_CASE_PLAN_JSON_H
#define KO_CASE_PLAN_JSON_H

#include "case/plan.h"

#include <jansson.h>

/* {"planned": channel, "work": serial, "title", "host", "part", "parts", "listings"}, new; NULL
 * when there is no memory. */
json_t *ko_planned_json(const ko_plan_notice *planned);

/* The same of one that is kept, with "notice": its number and "folder" of its packet instead of
 * "planned"; "listings" are those that it names. */
json_t *ko_built_json(const ko_notice *notice);

/* {"left_out": candidate, "work", "url", "seller", "why", "words"}. */
json_t *ko_plan_left_json(const ko_plan_left *left);

#endif
