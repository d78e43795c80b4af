#include "simd/kernels.h"

#include <immintrin.h>

/* Blocks that are asked for ahead of use. Lists lie all over memory: hardware follows one,
 * but neither over a page's end nor into the next list. */
#define AHEAD 8

static inline void ask_for(const ko_codes_block *b)
{
    for (size_t w = 0; w < KO_CODES_WORDS; w++)
        _mm_prefetch((const char *)b->word[w], _MM_HINT_T0);
}

static inline __m512i distances(const ko_codes_block *b, const __m512i query[KO_CODES_WORDS])
{
    __m512i bits[KO_CODES_WORDS];
    for (size_t w = 0; w < KO_CODES_WORDS; w++)
        bits[w] = _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_load_si512(b->word[w]), query[w]));
    return _mm512_add_epi64(_mm512_add_epi64(bits[0], bits[1]), _mm512_add_epi64(bits[2], bits[3]));
}

/* A hit fills a lane, its slot the lower half: those kept are moved together and written
 * with whatever follows. */
size_t ko_codes_scan_avx512(const ko_codes_block *blocks, size_t n, const uint64_t *query,
                            uint32_t radius, uint32_t first_slot, const ko_codes_block *next,
                            ko_codes_hit *hits)
{
    const size_t n_blocks = (n + KO_CODES_BLOCK - 1) / KO_CODES_BLOCK;
    const __m512i within = _mm512_set1_epi64(radius);
    const __m512i eight = _mm512_set1_epi64(KO_CODES_BLOCK);
    __m512i slots =
        _mm512_add_epi64(_mm512_set1_epi64(first_slot), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    __m512i q[KO_CODES_WORDS];
    for (size_t w = 0; w < KO_CODES_WORDS; w++)
        q[w] = _mm512_set1_epi64((long long)query[w]);
    size_t kept = 0;
    for (size_t i = 0; i < n_blocks; i++) {
        if (i + AHEAD < n_blocks)
            ask_for(blocks + i + AHEAD);
        else if (next)
            ask_for(next + (i + AHEAD - n_blocks));
        const __m512i d = distances(blocks + i, q);
        unsigned near = _mm512_cmple_epi64_mask(d, within);
        if (i + 1 == n_blocks && n % KO_CODES_BLOCK)
            near &= (1u << n % KO_CODES_BLOCK) - 1;
        const __m512i found = _mm512_or_si512(_mm512_slli_epi64(d, 32), slots);
        _mm512_storeu_si512(hits + kept, _mm512_maskz_compress_epi64((__mmask8)near, found));
        kept += (size_t)_mm_popcnt_u32(near);
        slots = _mm512_add_epi64(slots, eight);
    }
    return kept;
}
