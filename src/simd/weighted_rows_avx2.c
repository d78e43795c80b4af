/* Two rows at a time: their bytes are interleaved, so that one instruction multiplies a
 * pixel of each by its weight and adds the two products. */
#include "simd/kernels.h"

#include <assert.h>
#include <immintrin.h>

#define LANES 32
#define PAIRS (KO_WEIGHTED_ROWS_MAX / 2)

/* Rows in pairs; an odd last one is paired with itself at no weight. */
typedef struct pairs {
    const uint8_t *first[PAIRS];
    const uint8_t *second[PAIRS];
    __m256i weights[PAIRS];
} pairs;

static void sum_at(const pairs *p, size_t n_pairs, size_t x, int16_t *out)
{
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (size_t i = 0; i < n_pairs; i++) {
        const __m256i a = _mm256_loadu_si256((const void *)(p->first[i] + x));
        const __m256i b = _mm256_loadu_si256((const void *)(p->second[i] + x));
        const __m256i w = p->weights[i];
        low = _mm256_add_epi16(low, _mm256_maddubs_epi16(_mm256_unpacklo_epi8(a, b), w));
        high = _mm256_add_epi16(high, _mm256_maddubs_epi16(_mm256_unpackhi_epi8(a, b), w));
    }
    /* Interleaving works within 16-byte halves: low has pixels 0-7 and 16-23. */
    _mm256_storeu_si256((void *)(out + x), _mm256_permute2x128_si256(low, high, 0x20));
    _mm256_storeu_si256((void *)(out + x + LANES / 2), _mm256_permute2x128_si256(low, high, 0x31));
}

void ko_weighted_rows_avx2(const uint8_t *const *rows, const int16_t *weights, size_t n_rows,
                           size_t n, int16_t *out)
{
    assert(n_rows >= 1 && n_rows <= KO_WEIGHTED_ROWS_MAX);
    if (n < LANES) {
        ko_weighted_rows_scalar(rows, weights, n_rows, n, out);
        return;
    }
    pairs p;
    const size_t n_pairs = (n_rows + 1) / 2;
    for (size_t i = 0; i < n_pairs; i++) {
        const size_t second = 2 * i + 1 < n_rows ? 2 * i + 1 : 2 * i;
        const int weight = second > 2 * i ? weights[second] : 0;
        p.first[i] = rows[2 * i];
        p.second[i] = rows[second];
        p.weights[i] = _mm256_set1_epi16((short)(weights[2 * i] | weight << 8));
    }
    for (size_t x = 0; x + LANES <= n; x += LANES)
        sum_at(&p, n_pairs, x, out);
    if (n % LANES) /* the last ones again, with the few that were left */
        sum_at(&p, n_pairs, n - LANES, out);
}
