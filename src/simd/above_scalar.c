#include "simd/kernels.h"

size_t ko_above_scalar(const int32_t *values, size_t n, int32_t floor, uint32_t first,
                       uint32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        /* every one is written and only some are kept: no branch */
        out[kept] = (uint32_t)(values[i] - floor) << 16 | (first + (uint32_t)i);
        kept += values[i] > floor;
    }
    return kept;
}
