#include "simd/kernels.h"

#include <immintrin.h>
#include <stdbool.h>

#define LANES 64
typedef __m512i vec;

static inline vec vec_load(const uint8_t *px)
{
    return _mm512_loadu_si512(px);
}

static inline void vec_store(uint8_t *px, vec v)
{
    _mm512_storeu_si512(px, v);
}

static inline vec vec_fill(uint8_t value)
{
    return _mm512_set1_epi8((char)value);
}

static inline vec vec_min(vec a, vec b)
{
    return _mm512_min_epu8(a, b);
}

static inline vec vec_max(vec a, vec b)
{
    return _mm512_max_epu8(a, b);
}

static inline vec vec_less(vec a, vec b)
{
    return _mm512_subs_epu8(a, b);
}

static inline uint64_t vec_bits(vec v)
{
    return _mm512_test_epi8_mask(v, v);
}

static inline bool vec_any(vec v)
{
    return vec_bits(v) != 0;
}

static inline vec vec_where(vec a, vec b)
{
    return _mm512_maskz_mov_epi8(vec_bits(b), a);
}

#include "simd/corner_lanes.h"

void ko_corner_row_avx512(const uint8_t *px, ptrdiff_t stride, size_t n, uint8_t threshold,
                          uint8_t *out)
{
    if (n < LANES)
        ko_corner_row_avx2(px, stride, n, threshold, out);
    else
        corner_row(px, stride, n, threshold, out);
}

size_t ko_peaks_row_avx512(const uint8_t *above, const uint8_t *row, const uint8_t *below, size_t n,
                           uint16_t *out)
{
    return n < LANES ? ko_peaks_row_avx2(above, row, below, n, out)
                     : peaks_row(above, row, below, n, out);
}
