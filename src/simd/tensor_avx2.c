/* A gradient is a pair of 16 bits; multiplying pairs and adding the two products gives one
 * product when the other half of a pair is nothing. Seven squares of at most 12,240 fit 31
 * bits, so columns are summed in those. */
#include "simd/kernels.h"

#include <immintrin.h>

static int64_t sum(__m256i columns)
{
    const __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(columns));
    const __m256i high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256(columns, 1));
    const __m256i four = _mm256_add_epi64(low, high);
    const __m128i two =
        _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    return _mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1);
}

void ko_tensor_avx2(const ko_gradient *centre, ptrdiff_t stride, ko_tensor *out)
{
    const int reach = KO_TENSOR_SIDE / 2;
    const __m256i seven = _mm256_setr_epi32(-1, -1, -1, -1, -1, -1, -1, 0);
    const __m256i low_half = _mm256_set1_epi32(UINT16_MAX);
    __m256i xx = _mm256_setzero_si256(), xy = xx, yy = xx;
    for (int y = -reach; y <= reach; y++) {
        const __m256i g = _mm256_maskload_epi32((const void *)(centre + y * stride - reach), seven);
        const __m256i only_x = _mm256_and_si256(g, low_half);
        const __m256i only_y = _mm256_srli_epi32(g, 16);
        xx = _mm256_add_epi32(xx, _mm256_madd_epi16(only_x, only_x));
        xy = _mm256_add_epi32(xy, _mm256_madd_epi16(only_x, only_y));
        yy = _mm256_add_epi32(yy, _mm256_madd_epi16(only_y, only_y));
    }
    *out = (ko_tensor){sum(xx), sum(xy), sum(yy)};
}
