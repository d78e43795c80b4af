/* Bytes are at most 127, so two products fit the 16 bits that an instruction adds them in. */
#include "simd/kernels.h"

#include <assert.h>
#include <immintrin.h>
#include <string.h>

static inline __m256i add_products(__m256i sum, __m256i quad, const int8_t *vectors)
{
    const __m256i pairs = _mm256_maddubs_epi16(quad, _mm256_load_si256((const void *)vectors));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

static int32_t largest(__m256i v)
{
    __m128i m = _mm_max_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    m = _mm_max_epi32(m, _mm_shuffle_epi32(m, _MM_SHUFFLE(1, 0, 3, 2)));
    m = _mm_max_epi32(m, _mm_shuffle_epi32(m, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(m);
}

int32_t ko_inner_products_avx2(const uint8_t *v, const int8_t *vectors, size_t n, int32_t *out)
{
    assert(n % KO_INNER_GROUP == 0);
    __m256i most = _mm256_setzero_si256();
    for (size_t i = 0; i < n; i += KO_INNER_GROUP) {
        __m256i low = _mm256_setzero_si256();
        __m256i high = low;
        for (size_t j = 0; j < KO_INNER_LENGTH; j += 4, vectors += KO_INNER_GROUP * 4) {
            int32_t quad;
            memcpy(&quad, v + j, sizeof quad);
            const __m256i q = _mm256_set1_epi32(quad);
            low = add_products(low, q, vectors);
            high = add_products(high, q, vectors + KO_INNER_GROUP * 2);
        }
        _mm256_storeu_si256((void *)(out + i), low);
        _mm256_storeu_si256((void *)(out + i + KO_INNER_GROUP / 2), high);
        most = _mm256_max_epi32(most, _mm256_max_epi32(low, high));
    }
    return largest(most);
}
