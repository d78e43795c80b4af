/* simd/corner_ring.h - the ring of 16 points around a pixel, clockwise from the top. */
#ifndef KO_SIMD_CORNER_RING_H
#define KO_SIMD_CORNER_RING_H

#include <stddef.h>
#include <stdint.h>

#define KO_RING 16

/* Fills out with where the points of the ring lie from the pixel. */
static inline void ko_ring_offsets(ptrdiff_t stride, ptrdiff_t out[KO_RING])
{
    static const int8_t x[KO_RING] = {0, 1, 2, 3, 3, 3, 2, 1, 0, -1, -2, -3, -3, -3, -2, -1};
    for (size_t i = 0; i < KO_RING; i++)
        out[i] = x[i] - x[(i + KO_RING / 4) % KO_RING] * stride;
}

#endif
