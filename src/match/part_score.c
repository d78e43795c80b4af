#include "match/part_claim.h"

#include <math.h>

/* --- evidence --- */

/* Logarithms, since evidence of one kind without the others says little; what is added inside
 * keeps a missing kind from deciding alone. Simple shapes are alike in many places: in small
 * ones, where the same work's matches lie all over the photo, and where it has straight edges
 * only. So a claim is worth more the larger it is, the more of the work's matches agree with
 * it, and the more corners there are to be found and were. */
void ko_part_evidence(const ko_part_claim *c, double out[KO_PART_EVIDENCE])
{
    out[0] = log(c->inliers + 1.);
    out[1] = c->support / (c->votes + KO_PART_WEIGHT / 2.);
    out[2] = log(fmax((double)c->side_px, 1));
    out[3] = log((double)c->corners + .5);
    out[4] = log((double)c->central + .5);
    out[5] = log((double)c->fine + .05);
    out[6] = log((double)c->share + .05);
}

/* --- what it is worth --- */

/* As bench/fit_part_score.c fits them (bench/README.md says to what), here to 4,877 askings of
 * photos about works that they do not show and to 860 claims that are true: a logistic
 * regression, and the exponential tail that odds to the power of POWER have on photos without
 * the works they are asked about. That makes the number of false claims at or above a score
 * predictable: one photo in a hundred has one with odds of KNOT or more, a tenth of that every
 * 1 / SLOPE further on; below, where the bulk of all candidates lies, they fall faster. */
#define POWER 0.50
#define KNOT 0.2410
#define SCORE_AT_KNOT 2.
#define SLOPE 2.6891
#define STEEP 5.2722
#define CONSTANT (-15.1394)
static const double weights[KO_PART_EVIDENCE] = {1.9165, 3.8177, 1.1560, 0.7387,
                                                 1.5724, 3.7294, 2.5273};

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
#define CORNERS_HOPED 16

double ko_part_hope(const ko_part_claim *claim, size_t n_collection)
{
    ko_part_claim hoped = *claim;
    hoped.fine = claim->coarse;
    hoped.corners = hoped.central = CORNERS_HOPED;
    return ko_part_score(&hoped, n_collection);
}
