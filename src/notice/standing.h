/* notice/standing.h - the complainant's own rates, and what filing more would risk.
 *
 * Platforms treat those well whose notices succeed, and drop others. The rates are counted the
 * way ko_standing_rule says, over what is known here; the platform may count otherwise. */
#ifndef KO_NOTICE_STANDING_H
#define KO_NOTICE_STANDING_H

#include "notice/rules.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum ko_outcome {
    KO_OUTCOME_REMOVED,   /* the listing was taken down */
    KO_OUTCOME_REFUSED,   /* the platform did not accept the complaint */
    KO_OUTCOME_COUNTERED, /* the seller's counter-notice succeeded */
    KO_OUTCOME_UNABLE     /* "unable to process": mostly gone before; whether platforms count it
                             is not known, so it is shown and not counted */
} ko_outcome;

/* One listing of a notice whose case is closed. Texts are borrowed. */
typedef struct ko_closed {
    const char *channel, *platform, *reason; /* ids */
    ko_day on;
    ko_outcome outcome;
} ko_closed;

/* Which to count; NULL: all. */
typedef struct ko_standing_filter {
    const char *channel, *platform, *reason;
} ko_standing_filter;

typedef struct ko_standing {
    size_t decided; /* removed, refused or countered */
    size_t removed, countered, unable;
} ko_standing;

/* Counts what was closed in the months that the rule looks at, up to a day and with it. */
ko_standing ko_standing_on(const ko_standing_rule *rule, const ko_closed *closed, size_t n,
                           const ko_standing_filter *filter, ko_day day);

/* Of those decided; 100 and 0 when none is. */
double ko_standing_success_percent(const ko_standing *standing);
double ko_standing_counter_percent(const ko_standing *standing);

/* Are both rates as the rule wants them? True when nothing is decided. */
bool ko_standing_holds(const ko_standing_rule *rule, const ko_standing *standing);

/* What n more listings would mean, if all are decided inside the same months. */
typedef struct ko_standing_risk {
    ko_standing if_all_succeed, if_all_refused, if_all_countered;
    bool can_hold;          /* false: not even with n successes */
    size_t bears_refused;   /* of n, so many may be refused and the rates hold */
    size_t bears_countered; /* or so many lost to counter-notices, when none is refused */
} ko_standing_risk;

ko_standing_risk ko_standing_risk_of(const ko_standing_rule *rule, const ko_standing *now,
                                     size_t n);

#endif
