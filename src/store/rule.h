/* store/rule.h - what the user wants to be set aside without being asked.
 *
 * A rule states conditions, and means the candidates that meet all of them. Whether one does,
 * case/rule.h tells. Rules are never removed, only taken out of force. */
#ifndef KO_STORE_RULE_H
#define KO_STORE_RULE_H

#include "store/allow.h"

/* What is not stated is 0 or "". */
typedef struct ko_rule {
    int64_t id;
    int64_t work_id;     /* only candidates for this work */
    double score_below;  /* with a lower score than that */
    const char *country; /* on sites made for that country, ISO 3166-1 alpha-2 */
    ko_allow seller;     /* listings of that seller or shop, as the allow list states them */
    /* with a price all below, or all above, in minor units of the currency, ISO 4217 */
    const char *currency;
    int64_t price_below, price_above;
    const char *who;              /* added it */
    int64_t added_at, removed_at; /* seconds since 1970; removed_at 0: in force */
} ko_rule;

static inline bool ko_rule_states_seller(const ko_rule *rule)
{
    return rule->seller.platform[0] || rule->seller.host[0];
}

/* Keeps a new rule of now. *out_id is that of the rule in force that states the same, if there is
 * one: then *out_new is false. */
KO_NODISCARD ko_status ko_rule_add(ko_store *store, const ko_rule *rule, int64_t *out_id,
                                   bool *out_new, ko_error *err);
/* Takes it out of force; what it set aside stays so. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_rule_remove(ko_store *store, int64_t id, ko_error *err);

typedef ko_status ko_rule_fn(void *context, const ko_rule *rule);
/* One, in force or not, or with 0 all in force; in order of id. */
KO_NODISCARD ko_status ko_rule_each(ko_store *store, int64_t id, ko_rule_fn *fn, void *context,
                                    ko_error *err);

#endif
