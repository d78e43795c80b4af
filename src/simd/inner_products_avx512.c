#include "simd/kernels.h"

#include <assert.h>
#include <immintrin.h>
#include <string.h>

#define GROUP_BYTES (KO_INNER_GROUP * KO_INNER_LENGTH)
#define AT_ONCE 8 /* groups: what is read of v is used as often */

/* The products with n_groups groups, a constant where this is inlined; two sums each, so that
 * additions need not wait for each other. Returns the largest of each lane. */
static inline __m512i multiply(const uint8_t *v, const int8_t *vectors, size_t n_groups,
                               int32_t *out)
{
    __m512i even[AT_ONCE], odd[AT_ONCE], most = _mm512_setzero_si512();
    for (size_t g = 0; g < n_groups; g++)
        even[g] = odd[g] = _mm512_setzero_si512();
    for (size_t j = 0; j < KO_INNER_LENGTH; j += 8, vectors += KO_INNER_GROUP * 8) {
        int32_t quad[2];
        memcpy(quad, v + j, sizeof quad);
        const __m512i first = _mm512_set1_epi32(quad[0]), second = _mm512_set1_epi32(quad[1]);
        for (size_t g = 0; g < n_groups; g++) {
            const int8_t *at = vectors + g * GROUP_BYTES;
            even[g] = _mm512_dpbusd_epi32(even[g], first, _mm512_load_si512(at));
            odd[g] =
                _mm512_dpbusd_epi32(odd[g], second, _mm512_load_si512(at + KO_INNER_GROUP * 4));
        }
    }
    for (size_t g = 0; g < n_groups; g++) {
        const __m512i sum = _mm512_add_epi32(even[g], odd[g]);
        _mm512_storeu_si512(out + g * KO_INNER_GROUP, sum);
        most = _mm512_max_epi32(most, sum);
    }
    return most;
}

/* A case each, so that all sums stay in registers. */
static inline __m512i multiply_some(const uint8_t *v, const int8_t *vectors, size_t n_groups,
                                    int32_t *out)
{
    switch (n_groups) {
    case 1:
        return multiply(v, vectors, 1, out);
    case 2:
        return multiply(v, vectors, 2, out);
    case 3:
        return multiply(v, vectors, 3, out);
    case 4:
        return multiply(v, vectors, 4, out);
    case 5:
        return multiply(v, vectors, 5, out);
    case 6:
        return multiply(v, vectors, 6, out);
    case 7:
        return multiply(v, vectors, 7, out);
    default:
        return multiply(v, vectors, AT_ONCE, out);
    }
}

int32_t ko_inner_products_avx512(const uint8_t *v, const int8_t *vectors, size_t n, int32_t *out)
{
    assert(n % KO_INNER_GROUP == 0);
    __m512i most = _mm512_setzero_si512();
    for (size_t left = n / KO_INNER_GROUP, now; left > 0; left -= now) {
        now = left < AT_ONCE ? left : AT_ONCE;
        most = _mm512_max_epi32(most, multiply_some(v, vectors, now, out));
        vectors += now * GROUP_BYTES;
        out += now * KO_INNER_GROUP;
    }
    return _mm512_reduce_max_epi32(most);
}
