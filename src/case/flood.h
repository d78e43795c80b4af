/* case/flood.h - a work, picture or source that suddenly yields far more candidates than it should
 * is held back, instead of burying the queue.
 *
 * What is to be expected of a subject in a day is the mean m of the days before, up to 28, to which
 * KO_FLOOD_PRIOR candidates in one more day are added: nothing yet is not nothing ever. How much
 * more a single day may bring follows from the geometric distribution with that mean, which of all
 * distributions of a number that is known by its mean alone has the largest entropy (Cover and
 * Thomas, Elements of Information Theory, chapter 12), so that it assumes least: so many as come
 * with a chance under KO_FLOOD_CHANCE,
 *
 *     n = ln(KO_FLOOD_CHANCE) / ln(m / (1 + m)),  about 14 (m + 1/2).
 *
 * A source that is read once a week brings seven times its mean at once, and passes. No subject is
 * held for less than a person can look through (KO_FLOOD_LEAST), or for twice what was released
 * once. What comes from a work or a source that is two days old or younger tells nothing of a
 * flood: a first import passes up to KO_FLOOD_FIRST.
 *
 * Pictures are judged first, then works, then sources, each by what the others left. What goes on
 * with an earlier case is never held. */
#ifndef KO_CASE_FLOOD_H
#define KO_CASE_FLOOD_H

#include "store/hold.h"

/* How many a subject may yield in a day of which mean were to be expected. */
size_t ko_flood_limit(double mean);

typedef struct ko_flood {
    size_t held;      /* candidates that were set aside */
    size_t new_holds; /* subjects that are held from now on */
} ko_flood;

/* Looks at the candidates that were sorted since it did last, when all are sorted. Transactions of
 * its own, each short; what a kill left is done the next time. KO_E_STOPPED. */
KO_NODISCARD ko_status ko_flood_look(ko_store *store, ko_flood *out_flood, ko_error *err);

#endif
