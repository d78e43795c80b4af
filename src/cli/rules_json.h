/* cli/rules_json.h - rules of platforms as JSON; each rule holds its source. */
#ifndef KO_CLI_RULES_JSON_H
#define KO_CLI_RULES_JSON_H

#include "case/kit.h"

#include <jansson.h>

/* New objects; NULL when there is no memory. */
json_t *ko_channel_json(const ko_kit *kit, const ko_channel *channel);
json_t *ko_penalty_json(const ko_kit *kit, const ko_penalty *penalty);
json_t *ko_rule_source_json(const ko_kit *kit, const ko_rule_source *source, ko_day today);
json_t *ko_holiday_year_json(const ko_holiday_year *year, ko_day today);

#endif
