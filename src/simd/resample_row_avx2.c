/* A half register holds the inputs of four outputs, shuffled from 16 bytes of the row. */
#include "simd/kernels.h"

#include <immintrin.h>

#define LANES 16

static inline __m256i two(const void *low, const void *high)
{
    return _mm256_loadu2_m128i(high, low);
}

/* The sums of pairs of products for the outputs of f[0] and f[2], 16 bits each. */
static inline __m256i pairs(const uint8_t *in, const ko_resample_four *f)
{
    const __m256i px = two(in + f[0].first, in + f[2].first);
    const __m256i inputs = _mm256_shuffle_epi8(px, two(f[0].index, f[2].index));
    return _mm256_maddubs_epi16(inputs, two(f[0].weight, f[2].weight));
}

static inline __m128i sixteen(const uint8_t *in, const ko_resample_four *f)
{
    const __m256i sums = _mm256_hadd_epi16(pairs(in, f), pairs(in, f + 1));
    const __m256i px = _mm256_srli_epi16(_mm256_add_epi16(sums, _mm256_set1_epi16(64)), 7);
    return _mm_packus_epi16(_mm256_castsi256_si128(px), _mm256_extracti128_si256(px, 1));
}

/* The last whole fours are made again with the few that are left. */
void ko_resample_row_avx2(const uint8_t *in, const ko_resample_four *fours, size_t n, uint8_t *out)
{
    const size_t whole = n / 4 * 4;
    const size_t done = n < LANES ? 0 : whole;
    for (size_t at = 0; at < done; at += LANES) {
        const size_t i = at + LANES <= whole ? at : whole - LANES;
        _mm_storeu_si128((void *)(out + i), sixteen(in, fours + i / 4));
    }
    ko_resample_row_scalar(in, fours + done / 4, n - done, out + done);
}
