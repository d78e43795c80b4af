#include "notice/standing.h"

#include <assert.h>
#include <string.h>

static bool fits(const char *wanted, const char *has)
{
    return !wanted || strcmp(wanted, has) == 0;
}

ko_standing ko_standing_on(const ko_standing_rule *rule, const ko_closed *closed, size_t n,
                           const ko_standing_filter *filter, ko_day day)
{
    assert(rule->months > 0);
    const ko_day from = ko_day_months_later(day, -rule->months);
    ko_standing standing = {0};
    for (size_t i = 0; i < n; i++) {
        const ko_closed *one = &closed[i];
        if (one->on <= from || one->on > day || !fits(filter->channel, one->channel) ||
            !fits(filter->platform, one->platform) || !fits(filter->reason, one->reason))
            continue;
        standing.decided += one->outcome != KO_OUTCOME_UNABLE;
        standing.removed += one->outcome == KO_OUTCOME_REMOVED;
        standing.countered += one->outcome == KO_OUTCOME_COUNTERED;
        standing.unable += one->outcome == KO_OUTCOME_UNABLE;
    }
    return standing;
}

double ko_standing_success_percent(const ko_standing *standing)
{
    if (standing->decided == 0)
        return 100;
    return 100.0 * (double)standing->removed / (double)standing->decided;
}

double ko_standing_counter_percent(const ko_standing *standing)
{
    if (standing->decided == 0)
        return 0;
    return 100.0 * (double)standing->countered / (double)standing->decided;
}

/* In whole numbers: 90 of 100 are 90 %, whatever binary fractions make of it. */
bool ko_standing_holds(const ko_standing_rule *rule, const ko_standing *standing)
{
    return standing->removed * 100 >= (size_t)rule->success_least_percent * standing->decided &&
           standing->countered * 100 <= (size_t)rule->counter_most_percent * standing->decided;
}

/* With so many more, of which some are refused or countered and the rest removed. */
static ko_standing later(const ko_standing *now, size_t n, size_t refused, size_t countered)
{
    assert(refused + countered <= n);
    ko_standing standing = *now;
    standing.decided += n;
    standing.removed += n - refused - countered;
    standing.countered += countered;
    return standing;
}

/* The largest k up to n for which the rates hold; they hold less and less. 0 when for none. */
static size_t bears(const ko_standing_rule *rule, const ko_standing *now, size_t n, bool countered)
{
    size_t held = 0;
    for (size_t beyond = n + 1; beyond - held > 1;) {
        const size_t k = held + (beyond - held) / 2;
        const ko_standing then = later(now, n, countered ? 0 : k, countered ? k : 0);
        if (ko_standing_holds(rule, &then))
            held = k;
        else
            beyond = k;
    }
    return held;
}

ko_standing_risk ko_standing_risk_of(const ko_standing_rule *rule, const ko_standing *now, size_t n)
{
    ko_standing_risk risk = {.if_all_succeed = later(now, n, 0, 0),
                             .if_all_refused = later(now, n, n, 0),
                             .if_all_countered = later(now, n, 0, n)};
    risk.can_hold = ko_standing_holds(rule, &risk.if_all_succeed);
    risk.bears_refused = bears(rule, now, n, false);
    risk.bears_countered = bears(rule, now, n, true);
    return risk;
}
