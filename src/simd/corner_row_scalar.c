#include "simd/corner_ring.h"
#include "simd/kernels.h"

/* Without branches, so that the compiler may score many pixels at a time. */

static inline uint8_t lesser(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

static inline uint8_t greater(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

/* The largest value that all 9 points of an arc reach. Arcs that start at neighbours have 8
 * points in common. */
static inline uint8_t lightest_arc(const uint8_t ring[KO_RING])
{
    uint8_t best = 0;
    for (size_t i = 0; i < KO_RING; i += 2) {
        uint8_t common = ring[i + 1];
        for (size_t k = i + 2; k < i + 9; k++)
            common = lesser(common, ring[k % KO_RING]);
        best = greater(best, lesser(common, greater(ring[i], ring[(i + 9) % KO_RING])));
    }
    return best;
}

static inline uint8_t score_of(const uint8_t *px, const ptrdiff_t offsets[KO_RING])
{
    uint8_t ring[KO_RING], inverse[KO_RING];
    for (size_t i = 0; i < KO_RING; i++) {
        ring[i] = px[offsets[i]];
        inverse[i] = (uint8_t)~ring[i];
    }
    const uint8_t light = lightest_arc(ring), dark = (uint8_t)~lightest_arc(inverse);
    const uint8_t lighter = (uint8_t)(greater(light, *px) - *px);
    const uint8_t darker = (uint8_t)(*px - lesser(dark, *px));
    return greater(lighter, darker);
}

void ko_corner_row_scalar(const uint8_t *px, ptrdiff_t stride, size_t n, uint8_t threshold,
                          uint8_t *restrict out)
{
    ptrdiff_t offsets[KO_RING];
    ko_ring_offsets(stride, offsets);
    for (size_t x = 0; x < n; x++) {
        const uint8_t score = score_of(px + x, offsets);
        out[x] = score > threshold ? score : 0;
    }
}
