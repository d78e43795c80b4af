#include "simd/kernels.h"

#include <arm_neon.h>

void ko_weighted_windows_neon(const int16_t *px, const uint16_t *first,
                              const int16_t (*weights)[KO_WINDOW], size_t n, int32_t *out)
{
    for (size_t i = 0; i < n; i++) {
        const int16x8_t window = vld1q_s16(px + first[i]);
        const int16x8_t weight = vld1q_s16(weights[i]);
        const int32x4_t low = vmull_s16(vget_low_s16(window), vget_low_s16(weight));
        out[i] = vaddvq_s32(vmlal_high_s16(low, window, weight));
    }
}
