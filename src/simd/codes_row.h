/* simd/codes_row.h - codes one after the other, for the kernels of machines that count the
 * bits of a word at a time. */
#ifndef KO_SIMD_CODES_ROW_H
#define KO_SIMD_CODES_ROW_H

#include "simd/parts.h"

/* Every code is written and only some are kept: where hits are many and at random, a branch
 * would cost more. */
static inline size_t ko_codes_scan_row(const ko_codes_block *blocks, size_t n,
                                       const uint64_t *query, uint32_t radius, uint32_t first_slot,
                                       ko_codes_hit *hits)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const ko_codes_block *b = &blocks[i / KO_CODES_BLOCK];
        uint32_t distance = 0;
        for (size_t w = 0; w < KO_CODES_WORDS; w++)
            distance += (uint32_t)__builtin_popcountll(b->word[w][i % KO_CODES_BLOCK] ^ query[w]);
        hits[kept] = (ko_codes_hit){.slot = first_slot + (uint32_t)i, .distance = distance};
        kept += distance <= radius;
    }
    return kept;
}

#endif
