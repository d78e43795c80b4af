/* case/left.h - what a plan leaves out (case/plan.h), put together for people: by kind, and by what
 * exactly is wrong. */
#ifndef KO_CASE_LEFT_H
#define KO_CASE_LEFT_H

#include "case/plan.h"

/* What is wrong with some candidates. */
typedef struct ko_left_cause {
    const char *words; /* "in notice 3, filed 2026-11-20"; of a fact what it is called */
    const char *fact;  /* that is missing (notice/facts.h); NULL when nothing is */
    const ko_plan_left *const *left; /* by candidate; of a fact by serial */
    size_t n, n_works;
} ko_left_cause;

/* A candidate that lacks several facts is below each of them. */
typedef struct ko_left_kind {
    ko_plan_why why;
    size_t n; /* candidates */
    const ko_left_cause *causes;
    size_t n_causes;
} ko_left_kind;

typedef struct ko_left {
    ko_left_kind kinds[KO_PLAN_WHYS]; /* in the order of ko_plan_why */
    size_t n_kinds;
    ko_left_cause *causes;
    const ko_plan_left **sorted;
    size_t n_causes, n_sorted;
} ko_left;

/* The plan must outlive *out_left. KO_E_NOMEM. Free with ko_left_free, also after an error. */
KO_NODISCARD ko_status ko_left_make(const ko_plan *plan, ko_left *out_left, ko_error *err);
void ko_left_free(ko_left *left);

#endif
