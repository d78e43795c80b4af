#include "simd/kernels.h"

#include <immintrin.h>

#define LANES ((size_t)32)
typedef __m512i vec;

static inline vec vec_load(const int16_t *v)
{
    return _mm512_loadu_si512(v);
}

static inline void vec_store(int16_t *to, vec v)
{
    _mm512_storeu_si512(to, v);
}

static inline vec vec_widen(const uint8_t *px)
{
    return _mm512_cvtepu8_epi16(_mm256_loadu_si256((const void *)px));
}

static inline vec vec_add(vec a, vec b)
{
    return _mm512_add_epi16(a, b);
}

static inline vec vec_sub(vec a, vec b)
{
    return _mm512_sub_epi16(a, b);
}

/* Interleaving works within 16-byte quarters, of which low has the even ones. */
static inline void vec_store_gradients(ko_gradient *out, vec x, vec y)
{
    const vec low = _mm512_unpacklo_epi16(x, y), high = _mm512_unpackhi_epi16(x, y);
    const vec first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const vec second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    _mm512_storeu_si512(out, _mm512_permutex2var_epi64(low, first, high));
    _mm512_storeu_si512(out + LANES / 2, _mm512_permutex2var_epi64(low, second, high));
}

#include "simd/gradient_lanes.h"

void ko_gradient_row_avx512(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    const size_t done = gradient_row(px, stride, n, out);
    ko_gradient_row_avx2(px + done, stride, n - done, out + done);
}
