#include "case/rates_json.h"

#include "report/json.h"

#include <assert.h>

static json_t *json_rule(const ko_rate *rate, const ko_kit *kit)
{
    const ko_standing_rule *rule = rate->channel ? &rate->channel->standing : NULL;
    const ko_rule_source *source =
        rule && rule->source ? ko_rules_source(kit->rules, rule->source) : NULL;
    if (!source)
        return json_null();
    return json_pack("{s:i, s:i, s:i, s:b, s:o, s:o}", "success_least_percent",
                     rule->success_least_percent, "counter_most_percent",
                     rule->counter_most_percent, "out_months", rule->out_months, "per_reason",
                     rule->per_reason, "source", ko_json_string(source->text), "checked_on",
                     ko_json_day(source->checked_on));
}

static json_t *json_name(const char *name)
{
    return name ? ko_json_string(name) : json_null();
}

/* Null where no rule looks at the rate. */
static json_t *json_risk(const ko_rates *rates, const ko_rate *rate)
{
    if (rate->level == KO_RATE_FREE)
        return json_null();
    const ko_standing_risk risk = ko_rates_risk(rates, rate->channel, rate->reason, rate->n_built);
    return json_pack("{s:b, s:I, s:I}", "can_hold", risk.can_hold, "bears_refused",
                     (json_int_t)risk.bears_refused, "bears_lost",
                     (json_int_t)risk.bears_countered);
}

json_t *ko_rate_json(const ko_rates *rates, size_t place, const ko_kit *kit)
{
    assert(place < rates->n);
    const ko_rate *rate = &rates->rates[place];
    const ko_standing *s = &rate->standing;
    return json_pack(
        "{s:o, s:o, s:o, s:i, s:I, s:I, s:I, s:I, s:f, s:f, s:s, s:I, s:I, s:o, s:o}", "channel",
        ko_json_string(rate->channel_id), "platform", json_name(rate->platform), "reason",
        json_name(rate->reason), "months", rate->months, "decided", (json_int_t)s->decided,
        "removed", (json_int_t)s->removed, "lost", (json_int_t)s->countered, "unable",
        (json_int_t)s->unable, "success_percent", ko_standing_success_percent(s), "lost_percent",
        ko_standing_counter_percent(s), "level", ko_rate_level_name(rate->level), "open",
        (json_int_t)rate->n_open, "built", (json_int_t)rate->n_built, "risk",
        json_risk(rates, rate), "rule", json_rule(rate, kit));
}
