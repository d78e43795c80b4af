#include "simd/kernels.h"

void ko_blend_rows_scalar(const uint8_t *const rows[KO_RESAMPLE_TAPS],
                          const int16_t weights[KO_RESAMPLE_TAPS], size_t n, uint8_t *out)
{
    for (size_t x = 0; x < n; x++) {
        unsigned sum = 64;
        for (size_t k = 0; k < KO_RESAMPLE_TAPS; k++)
            sum += (unsigned)weights[k] * rows[k][x];
        out[x] = (uint8_t)(sum / 128);
    }
}
