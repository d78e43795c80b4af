#include "simd/corner_ring.h"
#include "simd/kernels.h"

#include <stdbool.h>

#define ARC 9

static int least_of_arc(const int difference[KO_RING], size_t start)
{
    int least = difference[start];
    for (size_t i = start + 1; i < start + ARC; i++)
        least = difference[i % KO_RING] < least ? difference[i % KO_RING] : least;
    return least;
}

/* An arc of 9 holds at least one of each two opposite points, so most pixels are done. */
static bool may_be_corner(const int difference[KO_RING], int threshold)
{
    return (difference[0] > threshold || difference[8] > threshold) &&
           (difference[4] > threshold || difference[12] > threshold);
}

static int best_arc(const int difference[KO_RING], int threshold)
{
    int best = 0;
    for (size_t i = 0; i < KO_RING && may_be_corner(difference, threshold); i++) {
        const int least = least_of_arc(difference, i);
        best = least > best ? least : best;
    }
    return best;
}

void ko_corner_row_scalar(const uint8_t *px, ptrdiff_t stride, size_t n, uint8_t threshold,
                          uint8_t *out)
{
    ptrdiff_t ring[KO_RING];
    ko_ring_offsets(stride, ring);
    for (size_t x = 0; x < n; x++) {
        int lighter[KO_RING], darker[KO_RING];
        for (size_t i = 0; i < KO_RING; i++) {
            lighter[i] = px[(ptrdiff_t)x + ring[i]] - px[x];
            darker[i] = -lighter[i];
        }
        const int light = best_arc(lighter, threshold), dark = best_arc(darker, threshold);
        const int best = light > dark ? light : dark;
        out[x] = (uint8_t)(best > threshold ? best : 0);
    }
}
