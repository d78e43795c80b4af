#include "simd/kernels.h"

#include <arm_neon.h>
#include <stdbool.h>

#define LANES 16
typedef uint8x16_t vec;

static inline vec vec_load(const uint8_t *px)
{
    return vld1q_u8(px);
}

static inline void vec_store(uint8_t *px, vec v)
{
    vst1q_u8(px, v);
}

static inline vec vec_fill(uint8_t value)
{
    return vdupq_n_u8(value);
}

static inline vec vec_min(vec a, vec b)
{
    return vminq_u8(a, b);
}

static inline vec vec_max(vec a, vec b)
{
    return vmaxq_u8(a, b);
}

static inline vec vec_less(vec a, vec b)
{
    return vqsubq_u8(a, b);
}

static inline bool vec_any(vec v)
{
    return vmaxvq_u8(v) != 0;
}

static inline vec vec_where(vec a, vec b)
{
    return vandq_u8(a, vtstq_u8(b, b));
}

static inline uint64_t vec_bits(vec v)
{
    static const uint8_t bit[LANES] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const vec set = vandq_u8(vtstq_u8(v, v), vld1q_u8(bit));
    return vaddv_u8(vget_low_u8(set)) | (uint64_t)vaddv_u8(vget_high_u8(set)) << 8;
}

#include "simd/corner_lanes.h"

void ko_corner_row_neon(const uint8_t *px, ptrdiff_t stride, size_t n, uint8_t threshold,
                        uint8_t *out)
{
    if (n < LANES)
        ko_corner_row_scalar(px, stride, n, threshold, out);
    else
        corner_row(px, stride, n, threshold, out);
}

size_t ko_peaks_row_neon(const uint8_t *above, const uint8_t *row, const uint8_t *below, size_t n,
                         uint16_t *out)
{
    return n < LANES ? ko_peaks_row_scalar(above, row, below, n, out)
                     : peaks_row(above, row, below, n, out);
}
