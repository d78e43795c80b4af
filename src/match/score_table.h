/* match/score_table.h - how likely unrelated pictures lie near each other.
 *
 * p(d) is the chance that two unrelated fingerprints differ in d bits or fewer. Distances
 * of 31 million unrelated pairs (listing photos against works in all their variants, and
 * works against works) have mean 128 and deviation 8.23. The body, from 92 bits up, is
 * that measurement. Below, the tail is exponential, with slopes of 0.148 to 0.198 in
 * log10 p per bit by maximum likelihood, depending on the pictures; the model takes 1/8,
 * less steep than all of them, and so promises more false candidates than were seen. The
 * promise was checked on data down to scores of 3 and is the line's continuation above.
 * Bits are balanced, so distances are even; odd ones count as the even one below. */
#ifndef KO_MATCH_SCORE_TABLE_H
#define KO_MATCH_SCORE_TABLE_H

#define KO_SCORE_TAIL_BITS 92 /* at or below: the exponential tail */
#define KO_SCORE_TAIL_LOG10 (-4.45)
#define KO_SCORE_TAIL_SLOPE 0.125 /* in log10 per bit */

/* log10 p(94), p(96), ... p(136); above that 0. */
static const double ko_score_body_log10[] = {
    -4.15, -3.80, -3.45, -3.10, -2.77, -2.46, -2.17, -1.90, -1.64, -1.40, -1.18,
    -0.98, -0.81, -0.65, -0.52, -0.40, -0.30, -0.21, -0.14, -0.09, -0.05, -0.02,
};

#endif
