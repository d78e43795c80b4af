#include "cli/standing_words.h"

void ko_risk_print(const ko_rates *rates, const ko_channel *channel, const char *reason, size_t n)
{
    if (!channel->standing.source || n == 0)
        return;
    const ko_standing_risk risk = ko_rates_risk(rates, channel, reason, n);
    const ko_rate *rate = ko_rates_find(rates, channel->id, NULL);
    const ko_standing now = rate ? rate->standing : (ko_standing){0};
    ko_print("%s: %.1f %% removed, %.1f %% lost of %zu decided; ", channel->name,
             ko_standing_success_percent(&now), ko_standing_counter_percent(&now), now.decided);
    if (!risk.can_hold)
        ko_print("%zu more listing%s cannot bring that to the %d %% and %d %% that are asked for\n",
                 n, ko_plural(n), channel->standing.success_least_percent,
                 channel->standing.counter_most_percent);
    else
        ko_print("of %zu more listing%s %zu may be refused or %zu be lost to counter-notices\n", n,
                 ko_plural(n), risk.bears_refused, risk.bears_countered);
}
