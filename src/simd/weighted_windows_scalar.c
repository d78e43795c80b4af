#include "simd/kernels.h"

void ko_weighted_windows_scalar(const int16_t *px, const uint16_t *first,
                                const int16_t (*weights)[KO_WINDOW], size_t n, int32_t *out)
{
    for (size_t i = 0; i < n; i++) {
        int32_t sum = 0;
        for (size_t k = 0; k < KO_WINDOW; k++)
            sum += weights[i][k] * px[first[i] + k];
        out[i] = sum;
    }
}
