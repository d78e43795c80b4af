/* simd/hamming_row.h - one row against one query: the last word on every pair. */
#ifndef KO_SIMD_HAMMING_ROW_H
#define KO_SIMD_HAMMING_ROW_H

#include "simd/hamming.h"

/* Compiled anew for each level, so that it uses that level's count instruction. */
static inline unsigned ko_hamming_distance(const uint64_t *a, const uint64_t *b)
{
    unsigned distance = 0;
    for (int i = 0; i < KO_HAMMING_WORDS; i++)
        distance += (unsigned)__builtin_popcountll(a[i] ^ b[i]);
    return distance;
}

/* Row fetches in flight: more than a core can keep, so that it is never idle. */
#define KO_HAMMING_AHEAD 24

/* The whole of a ko_hamming_pick_fn. */
static inline size_t ko_hamming_pick(const uint64_t *rows, const uint32_t *ids, size_t n,
                                     const uint64_t *query, unsigned radius_bits,
                                     ko_hamming_hit *out)
{
    size_t hits = 0;
    for (size_t k = 0; k < n; k++) {
        if (k + KO_HAMMING_AHEAD < n)
            __builtin_prefetch(rows + KO_HAMMING_WORDS * (size_t)ids[k + KO_HAMMING_AHEAD]);
        const unsigned distance =
            ko_hamming_distance(rows + KO_HAMMING_WORDS * (size_t)ids[k], query);
        if (distance <= radius_bits)
            out[hits++] = (ko_hamming_hit){.row = ids[k], .distance = (uint16_t)distance};
    }
    return hits;
}

#endif
