#include "simd/kernels.h"

#include <immintrin.h>
#include <stdbool.h>

#define LANES 32
typedef __m256i vec;

static inline vec vec_load(const uint8_t *px)
{
    return _mm256_loadu_si256((const void *)px);
}

static inline void vec_store(uint8_t *px, vec v)
{
    _mm256_storeu_si256((void *)px, v);
}

static inline vec vec_fill(uint8_t value)
{
    return _mm256_set1_epi8((char)value);
}

static inline vec vec_min(vec a, vec b)
{
    return _mm256_min_epu8(a, b);
}

static inline vec vec_max(vec a, vec b)
{
    return _mm256_max_epu8(a, b);
}

static inline vec vec_less(vec a, vec b)
{
    return _mm256_subs_epu8(a, b);
}

static inline bool vec_any(vec v)
{
    return !_mm256_testz_si256(v, v);
}

static inline vec vec_where(vec a, vec b)
{
    return _mm256_andnot_si256(_mm256_cmpeq_epi8(b, _mm256_setzero_si256()), a);
}

static inline uint64_t vec_bits(vec v)
{
    const vec none = _mm256_cmpeq_epi8(v, _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(none);
}

#include "simd/corner_lanes.h"

void ko_corner_row_avx2(const uint8_t *px, ptrdiff_t stride, size_t n, uint8_t threshold,
                        uint8_t *out)
{
    if (n < LANES)
        ko_corner_row_scalar(px, stride, n, threshold, out);
    else
        corner_row(px, stride, n, threshold, out);
}

size_t ko_peaks_row_avx2(const uint8_t *above, const uint8_t *row, const uint8_t *below, size_t n,
                         uint16_t *out)
{
    return n < LANES ? ko_peaks_row_scalar(above, row, below, n, out)
                     : peaks_row(above, row, below, n, out);
}
