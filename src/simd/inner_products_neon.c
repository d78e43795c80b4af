/* Bytes are at most 127, so signed ones do for both sides. */
#include "simd/kernels.h"

#include <arm_neon.h>
#include <assert.h>
#include <string.h>

#define QUADS 4 /* vectors whose four bytes fill a register */

/* Adds to each of four sums the four products of its vector. */
static inline int32x4_t add_products(int32x4_t sum, int8x16_t quad, const int8_t *vectors)
{
    const int8x16_t v = vld1q_s8(vectors);
    const int16x8_t low = vmull_s8(vget_low_s8(v), vget_low_s8(quad));
    const int16x8_t high = vmull_high_s8(v, quad);
    return vaddq_s32(sum, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)));
}

int32_t ko_inner_products_neon(const uint8_t *v, const int8_t *vectors, size_t n, int32_t *out)
{
    assert(n % KO_INNER_GROUP == 0);
    int32x4_t most = vdupq_n_s32(0);
    for (size_t i = 0; i < n; i += KO_INNER_GROUP) {
        int32x4_t sum[KO_INNER_GROUP / QUADS] = {vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0),
                                                 vdupq_n_s32(0)};
        for (size_t j = 0; j < KO_INNER_LENGTH; j += 4) {
            int32_t quad;
            memcpy(&quad, v + j, sizeof quad);
            const int8x16_t q = vreinterpretq_s8_s32(vdupq_n_s32(quad));
            for (size_t k = 0; k < KO_INNER_GROUP / QUADS; k++, vectors += 4 * QUADS)
                sum[k] = add_products(sum[k], q, vectors);
        }
        for (size_t k = 0; k < KO_INNER_GROUP / QUADS; k++) {
            vst1q_s32(out + i + QUADS * k, sum[k]);
            most = vmaxq_s32(most, sum[k]);
        }
    }
    return vmaxvq_s32(most);
}
