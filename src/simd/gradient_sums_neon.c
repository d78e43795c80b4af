#include "simd/kernels.h"

#include <arm_neon.h>

#define HALF (KO_GRADIENT_BLOCK / 2)

/* Products of four pixels' gradients. */
static inline int32x4_t products(int16x8_t a, int16x8_t b)
{
    return vpaddq_s32(vmull_s16(vget_low_s16(a), vget_low_s16(b)), vmull_high_s16(a, b));
}

static inline ko_gradient_sums block(const ko_slope *a, const ko_slope *b, const int32_t *seen,
                                     size_t stride, size_t n_rows)
{
    int32x4_t all = vdupq_n_s32(0), aa = all, ab = all, bb = all;
    for (size_t y = 0; y < n_rows; y++)
        for (size_t x = 0; x < KO_GRADIENT_BLOCK; x += HALF) {
            const size_t at = y * stride + x;
            const int32x4_t mask = vld1q_s32(seen + at);
            const int16x8_t va = vld1q_s16(&a[at].x);
            const int16x8_t vb = vandq_s16(vld1q_s16(&b[at].x), vreinterpretq_s16_s32(mask));
            const int32x4_t a_a = products(va, va);
            all = vaddq_s32(all, a_a);
            aa = vaddq_s32(aa, vandq_s32(a_a, mask));
            ab = vaddq_s32(ab, products(va, vb));
            bb = vaddq_s32(bb, products(vb, vb));
        }
    return (ko_gradient_sums){vaddvq_s32(all), vaddvq_s32(aa), vaddvq_s32(ab), vaddvq_s32(bb)};
}

void ko_gradient_sums_neon(const ko_slope *a, const ko_slope *b, const int32_t *seen, size_t stride,
                           size_t n_rows, size_t n, ko_gradient_sums *out)
{
    for (size_t i = 0; i < n; i++) {
        const size_t at = i * KO_GRADIENT_BLOCK;
        out[i] = block(a + at, b + at, seen + at, stride, n_rows);
    }
}
