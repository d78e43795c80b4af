/* store/aside.h - candidates that a machine set aside: by a rule of the user's (store/rule.h), or
 * with what is held back (store/hold.h).
 *
 * Rows are added and end; none is ever removed while its candidate is there, so that what was done
 * and why can be told. A rule or hold sets a candidate aside once: what was put back stays back. A
 * candidate that a person decided about is never set aside. */
#ifndef KO_STORE_ASIDE_H
#define KO_STORE_ASIDE_H

#include "store/store.h"

typedef struct ko_aside {
    int64_t id, candidate_id;
    int64_t rule_id, hold_id; /* by what; one of them, the other is 0 */
    const char *why;          /* in words */
    int64_t at;               /* seconds since 1970 */
    int64_t ended_at;         /* 0: in force */
    const char *ended_why;    /* "" while it is in force */
} ko_aside;

/* Sets a candidate aside by the rule, or the hold, that *aside names, with its why. *out_new is
 * false, and nothing is done, when that was done before, a person has decided, or the candidate is
 * gone. */
KO_NODISCARD ko_status ko_aside_add(ko_store *store, const ko_aside *aside, bool *out_new,
                                    ko_error *err);
/* Puts a candidate back that the rule or hold set aside. */
KO_NODISCARD ko_status ko_aside_end(ko_store *store, int64_t id, const char *why, ko_error *err);

/* Of what; 0: of any. At most one is set. */
typedef struct ko_aside_filter {
    int64_t candidate_id, rule_id, hold_id;
    int64_t after; /* only with higher numbers */
    size_t limit;  /* at most so many; 0: all */
    bool in_force; /* only those */
} ko_aside_filter;

typedef ko_status ko_aside_fn(void *context, const ko_aside *aside);
/* In the order in which they were added. */
KO_NODISCARD ko_status ko_aside_each(ko_store *store, const ko_aside_filter *filter,
                                     ko_aside_fn *fn, void *context, ko_error *err);

/* The same of those in force that a rule set aside and perhaps means no more: their listing was
 * seen, or a match found in it, at a moment or later, or the rule is out of force. */
KO_NODISCARD ko_status ko_aside_doubtful_each(ko_store *store, int64_t since, ko_aside_fn *fn,
                                              void *context, ko_error *err);

/* How many a rule, or a hold, keeps set aside now. */
KO_NODISCARD ko_status ko_aside_count(ko_store *store, const ko_aside *by, size_t *out_n,
                                      ko_error *err);

/* Puts back up to limit of those that a rule, or a hold, set aside; *out_n is how many. */
KO_NODISCARD ko_status ko_aside_end_some(ko_store *store, const ko_aside *by, const char *why,
                                         size_t limit, size_t *out_n, ko_error *err);

#endif
