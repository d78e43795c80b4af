#include "simd/kernels.h"

/* Output o of a four, whose inputs begin at in. */
static inline uint8_t output(const uint8_t *in, const ko_resample_four *four, size_t o)
{
    const uint8_t *index = four->index + o * KO_RESAMPLE_TAPS;
    const int8_t *weight = four->weight + o * KO_RESAMPLE_TAPS;
    unsigned sum = 64;
    for (size_t k = 0; k < KO_RESAMPLE_TAPS; k++)
        sum += (unsigned)weight[k] * in[index[k]];
    return (uint8_t)(sum / 128);
}

void ko_resample_row_scalar(const uint8_t *in, const ko_resample_four *fours, size_t n,
                            uint8_t *restrict out)
{
    for (; n >= 4; n -= 4, out += 4, fours++)
        for (size_t o = 0; o < 4; o++)
            out[o] = output(in + fours->first, fours, o);
    for (size_t o = 0; o < n; o++)
        out[o] = output(in + fours->first, fours, o);
}
