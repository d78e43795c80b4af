/* case/rule_said.h - a rule as a person states it, in texts. */
#ifndef KO_CASE_RULE_SAID_H
#define KO_CASE_RULE_SAID_H

#include "store/rule.h"

/* What is not stated is NULL or "", or 0. */
typedef struct ko_rule_said {
    const char *work;                      /* its serial */
    const char *price_below, *price_above; /* with their currency: "0.50 USD" */
    const char *country;                   /* "CN" */
    const char *seller, *on; /* as ko_allow_word takes them; on alone is the host of a whole shop */
    double score_below;
    char currency[4]; /* for the rule, which borrows from here */
} ko_rule_said;

/* Reads what is stated into a rule, whose texts are borrowed. KO_E_USAGE: no condition besides a
 * work, an amount without currency or of two, a country that is none, a range without prices.
 * KO_E_NOT_FOUND: no such work. */
KO_NODISCARD ko_status ko_rule_read(ko_store *store, ko_rule_said *said, ko_rule *out_rule,
                                    ko_error *err);

#endif
