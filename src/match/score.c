#include "match/score_table.h"

#include <knockoff/match.h>

#include <assert.h>
#include <math.h>

static double log10_chance(unsigned distance_bits)
{
    const unsigned even = distance_bits & ~1u;
    if (even <= KO_SCORE_TAIL_BITS)
        return KO_SCORE_TAIL_LOG10 - KO_SCORE_TAIL_SLOPE * (KO_SCORE_TAIL_BITS - even);
    const unsigned i = (even - KO_SCORE_TAIL_BITS) / 2 - 1;
    return i < sizeof ko_score_body_log10 / sizeof *ko_score_body_log10 ? ko_score_body_log10[i]
                                                                        : 0;
}

double ko_score_whole(unsigned distance_bits, size_t n_fingerprints)
{
    assert(distance_bits <= KO_FP_BITS);
    const double log10_n = n_fingerprints > 1 ? log10((double)n_fingerprints) : 0;
    /* Three decimals, rounded down: a score that was printed and is given back as a
     * threshold is met by the same match, and no promise is rounded up. */
    return floor(-1000 * (log10_n + log10_chance(distance_bits))) / 1000;
}

int ko_score_whole_radius(double threshold, size_t n_fingerprints)
{
    int radius = KO_FP_BITS;
    while (radius >= 0 && ko_score_whole((unsigned)radius, n_fingerprints) < threshold)
        radius--;
    return radius;
}
