/* case/rule.h - the rules by which the user lets candidates be set aside.
 *
 * Setting aside is all that a rule can do: it accepts, rejects and files nothing. Each time is kept
 * with the reason (store/aside.h), and can be taken back. Rules look at candidates when these are
 * new, and a new rule at all that wait; later at those alone that they set aside, which come back
 * when the rule means them no more, as their price or score changed. So what waits in the queue
 * never goes away by itself. What was put back by hand is left alone by that rule for good. */
#ifndef KO_CASE_RULE_H
#define KO_CASE_RULE_H

#include "base/buf.h"
#include "store/candidate.h"
#include "store/rule.h"

/* Writes an amount as a rule keeps it, "0.50". */
void ko_rule_amount(int64_t minor, const char *currency, char out[KO_PRICE_DECIMAL_SIZE]);
/* "price below 0.50 USD, on a site for CN". */
#define KO_RULE_WORDS_SIZE 1024
void ko_rule_words(const ko_rule *rule, char out_words[KO_RULE_WORDS_SIZE]);
typedef ko_status ko_rule_meant_fn(void *context, const ko_candidate *candidate, const char *why);
/* Hands out the candidates that a rule would set aside now, whether it is kept or not. */
KO_NODISCARD ko_status ko_rule_try(ko_store *store, const ko_rule *rule, ko_rule_meant_fn *fn,
                                   void *context, ko_error *err);

/* Keeps a rule (case/rule_said.h) and sets aside what it means of all that nobody decided about,
 * some in a transaction. A rule that is there already is applied once more. */
typedef struct ko_rule_made {
    int64_t id;
    bool is_new;
    size_t aside; /* candidates */
} ko_rule_made;
KO_NODISCARD ko_status ko_rule_make(ko_store *store, const ko_rule *rule, ko_rule_made *out_made,
                                    ko_error *err);
/* Takes a rule out of force, and puts back what it set aside. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_rule_drop(ko_store *store, int64_t id, size_t *out_back, ko_error *err);
/* Puts a candidate back that rules set aside; *out_back is by how many. */
KO_NODISCARD ko_status ko_rule_undo(ko_store *store, int64_t candidate_id, const char *who,
                                    size_t *out_back, ko_error *err);

/* Applies all rules to candidates, which were just sorted, in the caller's transaction or one of
 * its own; *out_ruled is how many of them were set aside. */
KO_NODISCARD ko_status ko_rules_apply(ko_store *store, const int64_t *candidates, size_t n,
                                      size_t *out_ruled, ko_error *err);
/* Puts back the candidates that no longer are what their rule means, some in a transaction of its
 * own; *out_back is how many times. Call it after a scan. */
KO_NODISCARD ko_status ko_rules_review(ko_store *store, size_t *out_back, ko_error *err);

#endif
