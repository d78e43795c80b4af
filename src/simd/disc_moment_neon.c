/* Columns are summed first: of what two rows as far above and below the middle have
 * together, and of what the lower has more, times how far that is. Both fit 16 bits. */
#include "simd/disc.h"
#include "simd/kernels.h"

#include <arm_neon.h>

#define EIGHTS 4 /* registers of columns: the disc's 31 and one more */

static inline int16x8_t widen(const uint8_t *px)
{
    return vreinterpretq_s16_u16(vmovl_u8(vld1_u8(px)));
}

static inline int32_t total(int16x8_t v, int16x8_t times)
{
    return vaddvq_s32(vmlal_high_s16(vmull_s16(vget_low_s16(v), vget_low_s16(times)), v, times));
}

void ko_disc_moment_neon(const uint8_t *centre, ptrdiff_t stride, ko_moment *out)
{
    static const int16_t steps[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    const int16x8_t one = vdupq_n_s16(1);
    *out = (ko_moment){0};
    for (int16_t k = 0; k < EIGHTS; k++) {
        const int16x8_t place =
            vaddq_s16(vld1q_s16(steps), vdupq_n_s16((int16_t)(8 * k - KO_DISC_RADIUS)));
        const int16x8_t distance = vabsq_s16(place);
        const uint8_t *px = centre + 8 * k - KO_DISC_RADIUS;
        const uint16x8_t middle = vcleq_s16(distance, vdupq_n_s16(ko_disc_reach[0]));
        int16x8_t sum = vandq_s16(widen(px), vreinterpretq_s16_u16(middle));
        int16x8_t more = vdupq_n_s16(0);
        for (int16_t y = 1; y <= KO_DISC_RADIUS; y++) {
            const int16x8_t inside =
                vreinterpretq_s16_u16(vcleq_s16(distance, vdupq_n_s16(ko_disc_reach[y])));
            const int16x8_t above = vandq_s16(widen(px - y * stride), inside);
            const int16x8_t below = vandq_s16(widen(px + y * stride), inside);
            sum = vaddq_s16(sum, vaddq_s16(above, below));
            more = vmlaq_n_s16(more, vsubq_s16(below, above), y);
        }
        out->x += total(sum, place);
        out->y += total(more, one);
    }
}
