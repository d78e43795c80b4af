#include "simd/kernels.h"

#include <immintrin.h>

#define LANES ((size_t)16)
typedef __m256i vec;

static inline vec vec_load(const int16_t *v)
{
    return _mm256_loadu_si256((const void *)v);
}

static inline void vec_store(int16_t *to, vec v)
{
    _mm256_storeu_si256((void *)to, v);
}

static inline vec vec_widen(const uint8_t *px)
{
    return _mm256_cvtepu8_epi16(_mm_loadu_si128((const void *)px));
}

static inline vec vec_add(vec a, vec b)
{
    return _mm256_add_epi16(a, b);
}

static inline vec vec_sub(vec a, vec b)
{
    return _mm256_sub_epi16(a, b);
}

/* Interleaving works within 16-byte halves. */
static inline void vec_store_gradients(ko_gradient *out, vec x, vec y)
{
    const vec low = _mm256_unpacklo_epi16(x, y), high = _mm256_unpackhi_epi16(x, y);
    _mm256_storeu_si256((void *)out, _mm256_permute2x128_si256(low, high, 0x20));
    _mm256_storeu_si256((void *)(out + LANES / 2), _mm256_permute2x128_si256(low, high, 0x31));
}

#include "simd/gradient_lanes.h"

void ko_gradient_row_avx2(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    const size_t done = gradient_row(px, stride, n, out);
    ko_gradient_row_scalar(px + done, stride, n - done, out + done);
}
