#include "simd/kernels.h"

void ko_weighted_rows_scalar(const uint8_t *const *rows, const int16_t *weights, size_t n_rows,
                             size_t n, int16_t *out)
{
    for (size_t x = 0; x < n; x++) {
        int sum = 0;
        for (size_t r = 0; r < n_rows; r++)
            sum += weights[r] * rows[r][x];
        out[x] = (int16_t)sum;
    }
}
