#include "simd/kernels.h"

#include <arm_neon.h>

#define LANES 16

void ko_blend_rows_neon(const uint8_t *const rows[KO_RESAMPLE_TAPS],
                        const int16_t weights[KO_RESAMPLE_TAPS], size_t n, uint8_t *out)
{
    if (n < LANES) {
        ko_blend_rows_scalar(rows, weights, n, out);
        return;
    }
    for (size_t at = 0; at < n; at += LANES) {
        const size_t x = at + LANES <= n ? at : n - LANES; /* the last ones again */
        uint16x8_t low = vdupq_n_u16(0), high = low;
        for (size_t k = 0; k < KO_RESAMPLE_TAPS; k++) {
            const uint8x16_t px = vld1q_u8(rows[k] + x), weight = vdupq_n_u8((uint8_t)weights[k]);
            low = vmlal_u8(low, vget_low_u8(px), vget_low_u8(weight));
            high = vmlal_high_u8(high, px, weight);
        }
        vst1q_u8(out + x, vrshrn_high_n_u16(vrshrn_n_u16(low, 7), high, 7));
    }
}
