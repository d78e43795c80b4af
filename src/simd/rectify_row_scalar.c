#include "simd/kernels.h"
#include "simd/rectify_row.h"

void ko_rectify_row_scalar(const ko_rectify *r, uint32_t y, size_t n, uint8_t *out,
                           uint8_t *out_inside)
{
    for (size_t x = 0; x < n; x++)
        out[x] = ko_rectify_pixel(r, (float)x, (float)y, &out_inside[x]);
}
