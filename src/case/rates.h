/* case/rates.h - the user's own rates of success, and what filing more would risk.
 *
 * They are counted over what is known here, by the rule of each channel (notice/standing.h); the
 * platform may count otherwise. A listing that was taken down counts as removed, also when it came
 * back later; one that came back by a counter-notice as lost. */
#ifndef KO_CASE_RATES_H
#define KO_CASE_RATES_H

#include "base/texts.h"
#include "case/kit.h"
#include "notice/standing.h"
#include "store/store.h"

/* Over so many months where a channel has no rule. */
#define KO_RATES_MONTHS 12
/* A warning comes so many percent before a rate is missed: at 92 % and 4 % of 90 and 5. */
#define KO_RATES_NEAR_SUCCESS 2
#define KO_RATES_NEAR_COUNTER 1

typedef enum ko_rate_level {
    KO_RATE_FREE, /* no rule looks at it */
    KO_RATE_FINE,
    KO_RATE_NEAR,  /* close to being missed */
    KO_RATE_MISSED /* the platform may drop the user */
} ko_rate_level;

/* "free", "fine", "near", "missed". */
const char *ko_rate_level_name(ko_rate_level level);

/* Of one channel: all of it, then each of its platforms, then each reason. */
typedef struct ko_rate {
    const char *channel_id, *platform, *reason; /* NULL: any */
    const ko_channel *channel;                  /* NULL: the rules have it no more */
    int months;                                 /* that were looked at */
    ko_standing standing;
    ko_rate_level level;
    size_t n_open;  /* listings that are filed and not decided */
    size_t n_built; /* listings in notices that are built and not filed */
} ko_rate;

typedef struct ko_rates {
    ko_rate *rates; /* by channel as the notices came */
    size_t n;
    ko_texts texts;
} ko_rates;

/* As of a day. The kit must outlive the rates. KO_E_NOMEM, and what the store says. Free with
 * ko_rates_free, also after an error. */
KO_NODISCARD ko_status ko_rates_read(ko_store *store, const ko_kit *kit, ko_day day,
                                     ko_rates *out_rates, ko_error *err);
void ko_rates_free(ko_rates *rates); /* zeroed ones are fine */

/* The rate of a channel, or of one reason there (NULL: of all of it); NULL when nothing is known.
 */
const ko_rate *ko_rates_find(const ko_rates *rates, const char *channel_id, const char *reason);

/* What n listings more for a reason would risk with a channel that has a rule: of all of it and of
 * the reason, where single reasons count, what bears less. */
ko_standing_risk ko_rates_risk(const ko_rates *rates, const ko_channel *channel, const char *reason,
                               size_t n);

#endif
