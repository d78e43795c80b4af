#include "match/part_claim.h"

#include <math.h>

/* Works of the collection that the score was calibrated on. */
#define CALIBRATED_WORKS 416.

/* Logarithm of the odds that a candidate is true. A logistic regression on the candidates
 * of 976 photos of a development set, half of it; the logarithms' offsets keep a feature of
 * 0 from deciding alone. On the other half it ranks true above false as well. */
static double log_odds(const ko_part_claim *c)
{
    const double support = (double)c->support / KO_PART_WEIGHT;
    const double likeness = log(c->fine + .05) + log(c->coarse + .05);
    const double found = (c->guided + 1.) / (c->visible + 10.);
    const double above_chance = (c->guided + 2.) / (c->decoys + 2.);
    return 3.242 + 2.245 * log(support + .1) + 1.321 * likeness +
           2.959 * log(fmin(c->cover, 1) + .05) + .893 * log(found) + .306 * log(above_chance);
}

/* Odds to the power of 1/4 have an exponential tail on photos without any work: among 618
 * distractors the mean excess over the k-th highest is flat from k = 8 to 60. That makes the
 * number of false claims at or above a score predictable (a-contrario; Desolneux, Moisan and
 * Morel, "From Gestalt Theory to Image Analysis", 2008), here from 416 works.
 * More works bring as many times more false claims. Fewer would bring fewer, but their
 * matches have fewer rivals to be weighed against: of 1 to 208 works, 628 distractors kept
 * the promise as it is, so nothing is granted for a small collection. */
double ko_part_score(const ko_part_claim *claim, size_t n_collection)
{
    const double works = fmax((double)n_collection, CALIBRATED_WORKS);
    return -.422 + 2.114 * exp(.25 * log_odds(claim)) - log10(works / CALIBRATED_WORKS);
}
