#include "simd/kernels.h"

#include <assert.h>
#include <immintrin.h>
#include <string.h>

static inline __m512i add_products(__m512i sum, const uint8_t *v, const int8_t *vectors)
{
    int32_t quad;
    memcpy(&quad, v, sizeof quad);
    return _mm512_dpbusd_epi32(sum, _mm512_set1_epi32(quad), _mm512_load_si512(vectors));
}

int32_t ko_inner_products_avx512(const uint8_t *v, const int8_t *vectors, size_t n, int32_t *out)
{
    assert(n % KO_INNER_GROUP == 0);
    __m512i most = _mm512_setzero_si512();
    for (size_t i = 0; i < n; i += KO_INNER_GROUP) {
        __m512i even = _mm512_setzero_si512();
        __m512i odd = even; /* two sums, so that additions need not wait for each other */
        for (size_t j = 0; j < KO_INNER_LENGTH; j += 8, vectors += KO_INNER_GROUP * 8) {
            even = add_products(even, v + j, vectors);
            odd = add_products(odd, v + j + 4, vectors + KO_INNER_GROUP * 4);
        }
        const __m512i sum = _mm512_add_epi32(even, odd);
        _mm512_storeu_si512(out + i, sum);
        most = _mm512_max_epi32(most, sum);
    }
    return _mm512_reduce_max_epi32(most);
}
