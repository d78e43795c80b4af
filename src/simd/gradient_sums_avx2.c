/* One register holds a block's row, and one instruction multiplies its pixels' gradients. */
#include "simd/kernels.h"

#include <immintrin.h>

static inline __m256i load(const void *at)
{
    return _mm256_loadu_si256(at);
}

static inline int32_t total(__m256i v)
{
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, _MM_SHUFFLE(1, 0, 3, 2)));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(s);
}

void ko_gradient_sums_avx2(const ko_slope *a, const ko_slope *b, const int32_t *seen, size_t stride,
                           size_t n_rows, size_t n, ko_gradient_sums *out)
{
    for (size_t i = 0; i < n; i++) {
        __m256i all = _mm256_setzero_si256();
        __m256i aa = all, ab = all, bb = all;
        for (size_t y = 0; y < n_rows; y++) {
            const size_t at = y * stride + i * KO_GRADIENT_BLOCK;
            const __m256i mask = load(seen + at), va = load(a + at);
            const __m256i vb = _mm256_and_si256(load(b + at), mask);
            const __m256i a_a = _mm256_madd_epi16(va, va);
            all = _mm256_add_epi32(all, a_a);
            aa = _mm256_add_epi32(aa, _mm256_and_si256(a_a, mask));
            ab = _mm256_add_epi32(ab, _mm256_madd_epi16(va, vb));
            bb = _mm256_add_epi32(bb, _mm256_madd_epi16(vb, vb));
        }
        out[i] = (ko_gradient_sums){total(all), total(aa), total(ab), total(bb)};
    }
}
