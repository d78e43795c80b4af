#include "match/part_claim.h"

#include <math.h>

/* --- evidence --- */

/* How much the blocks in the middle are more than chance: the logarithm, base e, of how
 * unlikely so many are (a large deviation, as for the number of false alarms of Desolneux,
 * Moisan and Morel, "From Gestalt Theory to Image Analysis", 2008, chapter 4). Chance is what
 * the fields around have of them: on average, or in the fullest one, for a periodic work is
 * as alike one period beside. */
static double surprise(const ko_part_claim *c)
{
    if (c->blocks == 0)
        return 0;
    const double n = c->blocks, k = c->central;
    const double chance = fmin(fmax(fmax((n - k) / n / 8, c->beside / n), 1. / 9), .5);
    const double share = fmin((k + .5) / (n + 1), .999);
    if (share <= chance)
        return 0;
    return n * (share * log(share / chance) + (1 - share) * log((1 - share) / (1 - chance)));
}

/* Logarithms, since evidence of one kind without the others says little. What is added
 * inside keeps a missing kind from deciding alone. */
void ko_part_evidence(const ko_part_claim *c, double out[KO_PART_EVIDENCE])
{
    out[0] = log((double)c->support / KO_PART_WEIGHT + .1);
    out[1] = log(c->inliers + 1.);
    out[2] = log(c->fine + .05) + log(c->coarse + .05);
    out[3] = log(fmin(c->cover, 1) + .05);
    out[4] = log(surprise(c) + 1);
}

/* --- what it is worth --- */

/* As bench/fit_part_score.c fits them, here to 4,200 askings of photos about works that they
 * do not show and to 860 claims that are true: a logistic regression, and the exponential tail that
 * odds to the power of POWER have on photos without the works they are asked about. That
 * makes the number of false claims at or above a score predictable: one photo in a hundred
 * has one with odds of KNOT or more, a tenth of that every 1 / SLOPE further on; below, where
 * the bulk of all candidates lies, they fall faster. */
#define POWER .25
#define KNOT 0.3894
#define SCORE_AT_KNOT 2.
#define SLOPE 2.9960
#define STEEP 5.6378
#define CONSTANT (-5.658)
static const double weights[KO_PART_EVIDENCE] = {2.236, 1.677, 1.776, 2.508, 1.329};

/* Works of the collections that the score was calibrated on. More works bring as many times
 * more false claims. Fewer would bring fewer, but their matches have fewer rivals to be
 * weighed against, so nothing is granted for a small collection. */
#define CALIBRATED_WORKS 416.

/* Far beyond what could be counted, a line promises too much: from SURE on, scores approach
 * SURE + ROOM, still in order. */
#define SURE 6.
#define ROOM 12.

static double temper(double score)
{
    const double beyond = score - SURE;
    return beyond > 0 ? SURE + beyond / (1 + beyond / ROOM) : score;
}

double ko_part_score(const ko_part_claim *claim, size_t n_collection)
{
    double evidence[KO_PART_EVIDENCE], odds = CONSTANT;
    ko_part_evidence(claim, evidence);
    for (size_t i = 0; i < KO_PART_EVIDENCE; i++)
        odds += weights[i] * evidence[i];
    const double works = fmax((double)n_collection, CALIBRATED_WORKS);
    const double above = exp(POWER * odds) - KNOT;
    const double score = SCORE_AT_KNOT + above * (above > 0 ? SLOPE : STEEP);
    return temper(score) - log10(works / CALIBRATED_WORKS);
}

/* All in the middle: so many are rare among false claims. True ones have more, and hope enough
 * with these. */
#define BLOCKS_HOPED 16

double ko_part_hope(const ko_part_claim *claim, size_t n_collection)
{
    ko_part_claim hoped = *claim;
    hoped.fine = claim->coarse;
    hoped.blocks = hoped.central = BLOCKS_HOPED;
    hoped.beside = 0;
    return ko_part_score(&hoped, n_collection);
}
