#include "simd/kernels.h"

/* 1 4 6 4 1 over five pixels, step apart, of which px is the middle one. */
static int smoothed(const uint8_t *px, ptrdiff_t step)
{
    return px[-2 * step] + 4 * (px[-step] + px[step]) + 6 * px[0] + px[2 * step];
}

/* 1 2 0 -2 -1 along one axis of what is smoothed along the other. */
static int16_t difference(const uint8_t *px, ptrdiff_t along, ptrdiff_t across)
{
    return (int16_t)(smoothed(px + 2 * along, across) - smoothed(px - 2 * along, across) +
                     2 * (smoothed(px + along, across) - smoothed(px - along, across)));
}

void ko_gradient_row_scalar(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    for (size_t x = 0; x < n; x++)
        out[x] = (ko_gradient){difference(px + x, 1, stride), difference(px + x, stride, 1)};
}
