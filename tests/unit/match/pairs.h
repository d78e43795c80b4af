/* Fingerprints made by chance, and the plain answer to which of them lie near. */
#ifndef PAIRS_H
#define PAIRS_H

#include <knockoff/match.h>

#include <assert.h>
#include <stdlib.h>

static uint64_t pairs_state = 1;

static inline uint64_t random_word(void) /* splitmix64 */
{
    uint64_t z = pairs_state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static inline ko_fp random_fp(void)
{
    return (ko_fp){{random_word(), random_word(), random_word(), random_word()}};
}

/* A fingerprint at exactly that many bits (0..256) from another. */
static inline ko_fp fp_at(ko_fp fp, unsigned distance)
{
    unsigned bit = (unsigned)(random_word() % KO_FP_BITS);
    const unsigned step = (unsigned)(random_word() % (KO_FP_BITS / 2)) * 2 + 1;
    for (unsigned k = 0; k < distance; k++, bit += step)
        fp.w[bit / 64 % KO_FP_WORDS] ^= UINT64_C(1) << bit % 64;
    return fp;
}

static inline unsigned plain_distance(const ko_fp *a, const ko_fp *b)
{
    unsigned distance = 0;
    for (int i = 0; i < KO_FP_WORDS; i++)
        for (uint64_t x = a->w[i] ^ b->w[i]; x; x &= x - 1)
            distance++;
    return distance;
}

static inline ko_fp *random_fps(size_t n)
{
    ko_fp *fps = malloc((n + !n) * sizeof *fps);
    assert(fps);
    for (size_t i = 0; i < n; i++)
        fps[i] = random_fp();
    return fps;
}

#endif
