#include "simd/kernels.h"

void ko_resample_row_scalar(const uint8_t *in, const ko_resample_four *fours, size_t n,
                            uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        const ko_resample_four *four = &fours[i / 4];
        int sum = 64;
        for (size_t k = i % 4 * KO_RESAMPLE_TAPS; k < (i % 4 + 1) * KO_RESAMPLE_TAPS; k++)
            sum += four->weight[k] * in[four->first + four->index[k]];
        out[i] = (uint8_t)(sum / 128);
    }
}
