/* case/rates_json.h - the user's own rates for programs. */
#ifndef KO_CASE_RATES_JSON_H
#define KO_CASE_RATES_JSON_H

#include "case/rates.h"

#include <jansson.h>

/* One of the rates: {"channel", "platform": or null for any, "reason": or null, "months",
 * "decided", "removed", "lost", "unable", "success_percent", "lost_percent", "level", "open",
 * "built", "risk": of filing what is built, {"can_hold", "bears_refused", "bears_lost"}, and
 * "rule":
 * {"success_least_percent", "counter_most_percent", "out_months", "per_reason", "source",
 * "checked_on"}, both null where there is no rule}, new; NULL when there is no memory. */
json_t *ko_rate_json(const ko_rates *rates, size_t place, const ko_kit *kit);

#endif
