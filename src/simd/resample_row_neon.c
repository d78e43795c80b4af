/* A register holds the inputs of four outputs, looked up in 16 bytes of the row. */
#include "simd/kernels.h"

#include <arm_neon.h>

#define LANES 8

/* The sums of pairs of products. */
static inline uint16x8_t pairs(const uint8_t *in, const ko_resample_four *f)
{
    const uint8x16_t inputs = vqtbl1q_u8(vld1q_u8(in + f->first), vld1q_u8(f->index));
    const uint8x16_t weights = vreinterpretq_u8_s8(vld1q_s8(f->weight));
    return vpaddq_u16(vmull_u8(vget_low_u8(inputs), vget_low_u8(weights)),
                      vmull_high_u8(inputs, weights));
}

void ko_resample_row_neon(const uint8_t *in, const ko_resample_four *fours, size_t n, uint8_t *out)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        const ko_resample_four *f = fours + i / 4;
        vst1_u8(out + i, vrshrn_n_u16(vpaddq_u16(pairs(in, f), pairs(in, f + 1)), 7));
    }
    ko_resample_row_scalar(in, fours + i / 4, n - i, out + i);
}
