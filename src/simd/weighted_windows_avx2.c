#include "simd/kernels.h"

#include <assert.h>
#include <immintrin.h>

static inline __m256i two(const int16_t *low, const int16_t *high)
{
    return _mm256_loadu2_m128i((const void *)high, (const void *)low);
}

/* Eight windows at a time: windows i and i + 4 share a register, so that adding
 * neighbours three times leaves the eight sums in order. */
void ko_weighted_windows_avx2(const int16_t *px, const uint16_t *first,
                              const int16_t (*weights)[KO_WINDOW], size_t n, int32_t *out)
{
    assert(n % 8 == 0);
    for (size_t i = 0; i < n; i += 8) {
        __m256i sums[4];
        for (size_t k = 0; k < 4; k++)
            sums[k] = _mm256_madd_epi16(two(px + first[i + k], px + first[i + k + 4]),
                                        two(weights[i + k], weights[i + k + 4]));
        const __m256i halves = _mm256_hadd_epi32(sums[0], sums[1]);
        const __m256i others = _mm256_hadd_epi32(sums[2], sums[3]);
        _mm256_storeu_si256((void *)(out + i), _mm256_hadd_epi32(halves, others));
    }
}
