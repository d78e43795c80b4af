/* simd/corner_lanes.h - corners and their peaks, many pixels at a time, for any machine
 * whose file defines LANES, vec and these on unsigned bytes: vec_load, vec_store, vec_fill,
 * vec_min, vec_max, vec_less (a - b, or 0 when that is negative), vec_any (whether any is
 * not 0), vec_where (a where b is not 0, else 0) and vec_bits (bit i: lane i is not 0). */
#ifndef KO_SIMD_CORNER_LANES_H
#define KO_SIMD_CORNER_LANES_H

#include "simd/corner_ring.h"

typedef vec vec_of_two(vec, vec);

/* The best that all points of an arc of 9 reach, of all arcs: with vec_min as worse and
 * vec_max as better the largest value that none of them is below. Two arcs that start at
 * neighbours have 8 points in common, and the better of the two ends beyond these counts. */
static inline vec best_arc(const vec ring[KO_RING], vec_of_two *worse, vec_of_two *better)
{
    vec two[KO_RING / 2], four[KO_RING / 2], best;
    for (size_t i = 0; i < KO_RING / 2; i++)
        two[i] = worse(ring[2 * i + 1], ring[(2 * i + 2) % KO_RING]);
    for (size_t i = 0; i < KO_RING / 2; i++)
        four[i] = worse(two[i], two[(i + 1) % (KO_RING / 2)]);
    for (size_t i = 0; i < KO_RING / 2; i++) {
        const vec common = worse(four[i], four[(i + 2) % (KO_RING / 2)]);
        const vec end = better(ring[2 * i], ring[(2 * i + 9) % KO_RING]);
        const vec arcs = worse(common, end);
        best = i ? better(best, arcs) : arcs;
    }
    return best;
}

/* Whether any of the pixels may be a corner: an arc of 9 holds at least one of each two
 * opposite points. */
static inline bool may_be_corner(const uint8_t *px, const ptrdiff_t ring[KO_RING], vec threshold)
{
    const vec it = vec_load(px);
    const vec n = vec_load(px + ring[0]), e = vec_load(px + ring[4]);
    const vec s = vec_load(px + ring[8]), w = vec_load(px + ring[12]);
    const vec lighter = vec_less(vec_min(vec_max(n, s), vec_max(e, w)), it);
    const vec darker = vec_less(it, vec_max(vec_min(n, s), vec_min(e, w)));
    return vec_any(vec_less(vec_max(lighter, darker), threshold));
}

static inline void corner_scores(const uint8_t *px, const ptrdiff_t ring[KO_RING], vec threshold,
                                 uint8_t *out)
{
    if (!may_be_corner(px, ring, threshold)) {
        vec_store(out, vec_fill(0));
        return;
    }
    const vec it = vec_load(px);
    vec point[KO_RING];
    for (size_t i = 0; i < KO_RING; i++)
        point[i] = vec_load(px + ring[i]);
    const vec lighter = vec_less(best_arc(point, vec_min, vec_max), it);
    const vec darker = vec_less(it, best_arc(point, vec_max, vec_min));
    const vec score = vec_max(lighter, darker);
    vec_store(out, vec_where(score, vec_less(score, threshold)));
}

/* The whole of a ko_corner_row_fn for n >= LANES; the last ones again with the few that
 * are left. */
static inline void corner_row(const uint8_t *px, ptrdiff_t stride, size_t n, uint8_t threshold,
                              uint8_t *out)
{
    ptrdiff_t ring[KO_RING];
    ko_ring_offsets(stride, ring);
    for (size_t at = 0; at < n; at += LANES) {
        const size_t x = at + LANES <= n ? at : n - LANES;
        corner_scores(px + x, ring, vec_fill(threshold), out + x);
    }
}

static inline uint64_t peak_bits(const uint8_t *above, const uint8_t *row, const uint8_t *below)
{
    const vec it = vec_load(row);
    if (!vec_any(it))
        return 0;
    const vec before = vec_max(vec_max(vec_load(above - 1), vec_load(above)),
                               vec_max(vec_load(above + 1), vec_load(row - 1)));
    const vec after = vec_max(vec_max(vec_load(below - 1), vec_load(below)),
                              vec_max(vec_load(below + 1), vec_load(row + 1)));
    return vec_bits(vec_less(it, after)) & ~vec_bits(vec_less(before, it));
}

/* The whole of a ko_peaks_row_fn for n >= LANES; the last ones again with the few that are
 * left, without noting them twice. */
static inline size_t peaks_row(const uint8_t *above, const uint8_t *row, const uint8_t *below,
                               size_t n, uint16_t *out)
{
    size_t found = 0;
    for (size_t at = 0; at < n; at += LANES) {
        const size_t x = at + LANES <= n ? at : n - LANES;
        uint64_t bits = peak_bits(above + x, row + x, below + x) >> (at - x) << (at - x);
        for (; bits; bits &= bits - 1)
            out[found++] = (uint16_t)(x + (size_t)__builtin_ctzll(bits));
    }
    return found;
}

#endif
