/* case/sort.h - candidates that are new, looked through before anybody sees them.
 *
 * Which of them show one picture, and are one decision; which go on with an earlier case; which the
 * user's own rules set aside; and whether some work, picture or source yields so many that they are
 * held back. Each candidate is sorted once, in order of number, a batch a transaction; what a kill
 * left is sorted the next time. */
#ifndef KO_CASE_SORT_H
#define KO_CASE_SORT_H

#include "store/store.h"

typedef struct ko_sorted {
    size_t n;         /* candidates that were sorted */
    size_t alike;     /* of them, those that show the picture of an earlier one */
    size_t returned;  /* that go on with an earlier case */
    size_t ruled;     /* that a rule set aside */
    size_t held;      /* that are held back */
    size_t new_holds; /* works, pictures and sources that are held from now on */
} ko_sorted;

/* To be called after each scan. KO_E_STOPPED, errors of the database. */
KO_NODISCARD ko_status ko_sort_candidates(ko_store *store, ko_sorted *out_sorted, ko_error *err);

#endif
