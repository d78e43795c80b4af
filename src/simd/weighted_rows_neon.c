#include "simd/kernels.h"

#include <arm_neon.h>

#define LANES 16

static inline void sum_at(const uint8_t *const *rows, const int16_t *weights, size_t n_rows,
                          size_t x, int16_t *out)
{
    uint16x8_t low = vdupq_n_u16(0);
    uint16x8_t high = vdupq_n_u16(0);
    for (size_t r = 0; r < n_rows; r++) {
        const uint8x16_t px = vld1q_u8(rows[r] + x);
        const uint8x8_t weight = vdup_n_u8((uint8_t)weights[r]);
        low = vmlal_u8(low, vget_low_u8(px), weight);
        high = vmlal_u8(high, vget_high_u8(px), weight);
    }
    vst1q_s16(out + x, vreinterpretq_s16_u16(low));
    vst1q_s16(out + x + LANES / 2, vreinterpretq_s16_u16(high));
}

void ko_weighted_rows_neon(const uint8_t *const *rows, const int16_t *weights, size_t n_rows,
                           size_t n, int16_t *out)
{
    if (n < LANES) {
        ko_weighted_rows_scalar(rows, weights, n_rows, n, out);
        return;
    }
    for (size_t x = 0; x + LANES <= n; x += LANES)
        sum_at(rows, weights, n_rows, x, out);
    if (n % LANES) /* the last ones again, with the few that were left */
        sum_at(rows, weights, n_rows, n - LANES, out);
}
