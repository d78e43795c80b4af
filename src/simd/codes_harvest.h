/* simd/parts.harvest.h - how a hit is taken, the same at every level; for the kernels. */
#ifndef KO_SIMD_CODES_HARVEST_H
#define KO_SIMD_CODES_HARVEST_H

#include "simd/parts.h"

static inline void ko_codes_take(ko_codes_harvest *h, uint32_t slot, uint32_t distance)
{
    if (distance > h->radius || h->n == h->capacity)
        return;
    h->hits[h->n++] = (ko_codes_hit){.slot = slot, .distance = distance};
    h->at[distance]++;
    if (++h->within <= h->keep)
        return;
    while (h->radius > 0 && h->within - h->at[h->radius] >= h->keep)
        h->within -= h->at[h->radius--];
}

/* Code by code, for machines that count the bits of a word at a time. */
static inline void ko_codes_scan_words(const ko_codes_block *blocks, size_t n,
                                       const uint64_t *query, uint32_t first_slot,
                                       ko_codes_harvest *harvest)
{
    for (size_t i = 0; i < n; i++) {
        const ko_codes_block *b = &blocks[i / KO_CODES_BLOCK];
        int distance = 0;
        for (size_t w = 0; w < KO_CODES_WORDS; w++)
            distance += __builtin_popcountll(b->word[w][i % KO_CODES_BLOCK] ^ query[w]);
        ko_codes_take(harvest, first_slot + (uint32_t)i, (uint32_t)distance);
    }
}

#endif
