#include "simd/kernels.h"
#include "simd/rectify_row.h"

#include <arm_neon.h>

#define LANES 4

/* A row of the homography at 4 places of one line: from * x + to. */
static inline float32x4_t along(float32x4_t x, float from, float to)
{
    return vaddq_f32(vmulq_n_f32(x, from), vdupq_n_f32(to));
}

/* Places are found four at a time; each pixel is fetched by itself anyway. */
void ko_rectify_row_neon(const ko_rectify *r, uint32_t y, size_t n, uint8_t *out,
                         uint8_t *out_inside)
{
    static const float steps[LANES] = {0, 1, 2, 3};
    const float *h = r->h, fy = (float)y;
    for (size_t x0 = 0; x0 < n; x0 += LANES) {
        const float32x4_t x = vaddq_f32(vld1q_f32(steps), vdupq_n_f32((float)x0));
        const float32x4_t d = vdivq_f32(vdupq_n_f32(1), along(x, h[6], h[7] * fy + h[8]));
        float u[LANES], v[LANES];
        vst1q_f32(u, vmulq_f32(d, along(x, h[0], h[1] * fy + h[2])));
        vst1q_f32(v, vmulq_f32(d, along(x, h[3], h[4] * fy + h[5])));
        for (size_t i = 0; i < LANES && x0 + i < n; i++)
            out[x0 + i] = ko_rectify_sample(r, u[i], v[i], &out_inside[x0 + i]);
    }
}
