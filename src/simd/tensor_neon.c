/* A register holds eight columns, of which seven count. Fourteen squares of at most 12,240
 * fit 31 bits, so columns are summed in those. */
#include "simd/kernels.h"

#include <arm_neon.h>

#define SIDE KO_TENSOR_SIDE
#define ROWS (2 * KO_TENSOR_REACH + 1)

typedef struct line {
    int16x8_t smooth, differ;
} line;

static inline int16x8_t add(int16x8_t a, int16x8_t b)
{
    return vaddq_s16(a, b);
}

/* A row, smoothed by 1 4 6 4 1 and its differences 1 2 0 -2 -1. */
static inline line line_of(const uint8_t *px)
{
    const uint8x16_t v = vld1q_u8(px);
    const int16x8_t a = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(v)));
    const int16x8_t end = vreinterpretq_s16_u16(vmovl_high_u8(v));
    const int16x8_t b = vextq_s16(a, end, 1), c = vextq_s16(a, end, 2);
    const int16x8_t d = vextq_s16(a, end, 3), e = vextq_s16(a, end, 4);
    return (line){add(vmlaq_n_s16(add(a, e), add(b, d), 4), vmulq_n_s16(c, 6)),
                  vmlaq_n_s16(vsubq_s16(e, a), vsubq_s16(d, b), 2)};
}

static inline int32x4_t add_products(int32x4_t sum, int16x8_t a, int16x8_t b)
{
    return vmlal_high_s16(vmlal_s16(sum, vget_low_s16(a), vget_low_s16(b)), a, b);
}

void ko_tensor_neon(const uint8_t *centre, ptrdiff_t stride, ko_tensor *out)
{
    static const int16_t seven[8] = {-1, -1, -1, -1, -1, -1, -1, 0};
    const int16x8_t mask = vld1q_s16(seven);
    line lines[ROWS];
    for (ptrdiff_t y = 0; y < ROWS; y++)
        lines[y] = line_of(centre + (y - KO_TENSOR_REACH) * stride - KO_TENSOR_REACH);
    int32x4_t xx = vdupq_n_s32(0), xy = xx, yy = xx;
    for (const line *l = lines; l < lines + SIDE; l++) {
        const int16x8_t next = vmulq_n_s16(add(l[1].differ, l[3].differ), 4);
        const int16x8_t gx = vmlaq_n_s16(add(add(l[0].differ, l[4].differ), next), l[2].differ, 6);
        const int16x8_t gy = vmlaq_n_s16(vsubq_s16(l[4].smooth, l[0].smooth),
                                         vsubq_s16(l[3].smooth, l[1].smooth), 2);
        const int16x8_t x = vandq_s16(gx, mask), y = vandq_s16(gy, mask);
        xx = add_products(xx, x, x);
        xy = add_products(xy, x, y);
        yy = add_products(yy, y, y);
    }
    *out = (ko_tensor){vaddlvq_s32(xx), vaddlvq_s32(xy), vaddlvq_s32(yy)};
}
