/* case/ledger_json.h - sellers for programs. */
#ifndef KO_CASE_LEDGER_JSON_H
#define KO_CASE_LEDGER_JSON_H

#include "case/ledger.h"

#include <jansson.h>

/* {"on": place, "names": [{"kind", "text"}], "listings", "last_seen": moment or null,
 * "with_candidates", "accepted", "works",
 * "notices", "filed", "removed", "countered", "open", "reappeared", "points": {"estimate": true,
 * "points", "closes_at", "days", "days_to_go", "closes", "ends_on": day or null, "source",
 * "checked_on"} or null where no rule is known}, new; NULL when there is no memory. */
json_t *ko_seller_json(const ko_ledger_seller *seller, const ko_rules *rules);

#endif
