#include "simd/kernels.h"

#include <immintrin.h>

#define LANES 16

/* Values above the floor are moved together and written with whatever follows. */
size_t ko_above_avx512(const int32_t *values, size_t n, int32_t floor, uint32_t first,
                       uint32_t *out)
{
    const __m512i least = _mm512_set1_epi32(floor);
    __m512i places =
        _mm512_add_epi32(_mm512_set1_epi32((int)first),
                         _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    size_t kept = 0;
    for (size_t i = 0; i < n; i += LANES) {
        const unsigned in = n - i < LANES ? (1u << (n - i)) - 1 : UINT16_MAX;
        const __m512i v = _mm512_maskz_loadu_epi32((__mmask16)in, values + i);
        const __mmask16 above = _mm512_mask_cmpgt_epi32_mask((__mmask16)in, v, least);
        const __m512i by = _mm512_slli_epi32(_mm512_sub_epi32(v, least), 16);
        const __m512i found = _mm512_or_si512(by, places);
        _mm512_storeu_si512(out + kept, _mm512_maskz_compress_epi32(above, found));
        kept += (size_t)_mm_popcnt_u32(above);
        places = _mm512_add_epi32(places, _mm512_set1_epi32(LANES));
    }
    return kept;
}
