#include "simd/codes_harvest.h"
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

static void take_hits(__m512i distance, unsigned hits, uint32_t slot, ko_codes_harvest *harvest)
{
    uint64_t d[KO_CODES_BLOCK];
    _mm512_storeu_si512(d, distance);
    for (; hits; hits &= hits - 1) {
        const unsigned k = (unsigned)__builtin_ctz(hits);
        ko_codes_take(harvest, slot + k, (uint32_t)d[k]);
    }
}

void ko_codes_scan_avx512(const ko_codes_block *blocks, size_t n, const uint64_t *query,
                          uint32_t first_slot, const ko_codes_block *next,
                          ko_codes_harvest *harvest)
{
    const size_t n_blocks = (n + KO_CODES_BLOCK - 1) / KO_CODES_BLOCK;
    __m512i q[KO_CODES_WORDS];
    for (size_t w = 0; w < KO_CODES_WORDS; w++)
        q[w] = _mm512_set1_epi64((long long)query[w]);
    __m512i radius = _mm512_set1_epi64(harvest->radius);
    for (size_t i = 0; i < n_blocks; i++) {
        if (i + AHEAD < n_blocks)
            ask_for(blocks + i + AHEAD);
        else if (next)
            ask_for(next + (i + AHEAD - n_blocks));
        const __m512i d = distances(blocks + i, q);
        unsigned hits = _mm512_cmple_epi64_mask(d, radius);
        if (__builtin_expect(hits == 0, 1))
            continue;
        if (i + 1 == n_blocks && n % KO_CODES_BLOCK)
            hits &= (1u << n % KO_CODES_BLOCK) - 1;
        take_hits(d, hits, first_slot + (uint32_t)(i * KO_CODES_BLOCK), harvest);
        radius = _mm512_set1_epi64(harvest->radius);
    }
}
