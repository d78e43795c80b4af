#include "cli/standing_words.h"

void ko_risk_print(const ko_rates *rates, const ko_channel *channel, const char *reason, size_t n)
{
    const ko_standing_rule *rule = &channel->standing;
    if (!rule->source || n == 0)
        return;
    const ko_standing_risk risk = ko_rates_risk(rates, channel, reason, n);
    if (risk.can_hold)
        ko_print("  %s, %zu listing%s to file for \"%s\": %zu may be refused, or %zu be lost to "
                 "counter-notices\n",
                 channel->name, n, ko_plural(n), reason, risk.bears_refused, risk.bears_countered);
    else
        ko_print("  %s, %zu listing%s to file for \"%s\": even if all are removed, the rates stay "
                 "short of %d %% and %d %%\n",
                 channel->name, n, ko_plural(n), reason, rule->success_least_percent,
                 rule->counter_most_percent);
}
