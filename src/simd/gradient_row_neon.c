#include "simd/kernels.h"

#include <arm_neon.h>

#define LANES ((size_t)8)
typedef int16x8_t vec;

static inline vec vec_load(const int16_t *v)
{
    return vld1q_s16(v);
}

static inline void vec_store(int16_t *to, vec v)
{
    vst1q_s16(to, v);
}

static inline vec vec_widen(const uint8_t *px)
{
    return vreinterpretq_s16_u16(vmovl_u8(vld1_u8(px)));
}

static inline vec vec_add(vec a, vec b)
{
    return vaddq_s16(a, b);
}

static inline vec vec_sub(vec a, vec b)
{
    return vsubq_s16(a, b);
}

static inline void vec_store_gradients(ko_gradient *out, vec x, vec y)
{
    const int16x8x2_t both = {{x, y}};
    vst2q_s16(&out->x, both);
}

#include "simd/gradient_lanes.h"

void ko_gradient_row_neon(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    const size_t done = gradient_row(px, stride, n, out);
    ko_gradient_row_scalar(px + done, stride, n - done, out + done);
}
