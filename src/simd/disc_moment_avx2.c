#include "simd/disc.h"
#include "simd/kernels.h"

#include <immintrin.h>
#include <stdlib.h>

static int32_t sum32(__m256i v)
{
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
}

void ko_disc_moment_avx2(const uint8_t *centre, ptrdiff_t stride, ko_moment *out)
{
    const __m256i place =
        _mm256_setr_epi8(-15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2,
                         3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    const __m256i distance = _mm256_abs_epi8(place);
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i moment_x = _mm256_setzero_si256(), moment_y = moment_x;
    for (int y = -KO_DISC_RADIUS; y <= KO_DISC_RADIUS; y++) {
        const __m256i row =
            _mm256_loadu_si256((const void *)(centre + y * stride - KO_DISC_RADIUS));
        const __m256i reach = _mm256_set1_epi8((char)ko_disc_reach[abs(y)]);
        const __m256i px = _mm256_andnot_si256(_mm256_cmpgt_epi8(distance, reach), row);
        const __m256i pairs = _mm256_maddubs_epi16(px, place);
        moment_x = _mm256_add_epi32(moment_x, _mm256_madd_epi16(pairs, ones));
        const __m256i greys = _mm256_sad_epu8(px, _mm256_setzero_si256()); /* four sums */
        moment_y = _mm256_add_epi32(moment_y, _mm256_mullo_epi32(greys, _mm256_set1_epi32(y)));
    }
    *out = (ko_moment){sum32(moment_x), sum32(moment_y)};
}
