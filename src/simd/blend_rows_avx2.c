/* The bytes of two rows are interleaved, so that one instruction multiplies a pixel of each
 * by its weight and adds the two products. */
#include "simd/kernels.h"

#include <immintrin.h>

#define LANES 32

static inline __m256i load(const uint8_t *px)
{
    return _mm256_loadu_si256((const void *)px);
}

/* Weights of two rows, for bytes that alternate between them. */
static inline __m256i both(const int16_t *weights)
{
    return _mm256_set1_epi16((short)(weights[0] | weights[1] << 8));
}

/* Sums of 16 pixels of 4 rows, interleaved two by two, to 16-bit means. */
static inline __m256i mean(__m256i ab, __m256i cd, __m256i weights_ab, __m256i weights_cd)
{
    const __m256i sum = _mm256_add_epi16(_mm256_maddubs_epi16(ab, weights_ab),
                                         _mm256_maddubs_epi16(cd, weights_cd));
    return _mm256_srli_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(64)), 7);
}

void ko_blend_rows_avx2(const uint8_t *const rows[KO_RESAMPLE_TAPS],
                        const int16_t weights[KO_RESAMPLE_TAPS], size_t n, uint8_t *out)
{
    if (n < LANES) {
        ko_blend_rows_scalar(rows, weights, n, out);
        return;
    }
    const __m256i ab = both(weights), cd = both(weights + 2);
    for (size_t at = 0; at < n; at += LANES) {
        const size_t x = at + LANES <= n ? at : n - LANES; /* the last ones again */
        const __m256i a = load(rows[0] + x), b = load(rows[1] + x);
        const __m256i c = load(rows[2] + x), d = load(rows[3] + x);
        const __m256i low = mean(_mm256_unpacklo_epi8(a, b), _mm256_unpacklo_epi8(c, d), ab, cd);
        const __m256i high = mean(_mm256_unpackhi_epi8(a, b), _mm256_unpackhi_epi8(c, d), ab, cd);
        _mm256_storeu_si256((void *)(out + x), _mm256_packus_epi16(low, high));
    }
}
