#include "simd/kernels.h"

#include <immintrin.h>

#define VEC_WORDS 8
typedef __m512i vec;

static inline vec vec_load(const uint64_t *words)
{
    return _mm512_load_si512(words);
}

static inline void vec_store(uint64_t *words, vec v)
{
    _mm512_store_si512(words, v);
}

static inline vec vec_fill(uint64_t word)
{
    return _mm512_set1_epi64((long long)word);
}

static inline vec vec_xor(vec a, vec b)
{
    return _mm512_xor_si512(a, b);
}

static inline vec vec_or(vec a, vec b)
{
    return _mm512_or_si512(a, b);
}

static inline vec vec_and(vec a, vec b)
{
    return _mm512_and_si512(a, b);
}

/* The constants are the truth tables, read with a as the highest input. */
static inline vec vec_or_and(vec a, vec b, vec c)
{
    return _mm512_ternarylogic_epi64(a, b, c, 0xF8);
}

static inline vec vec_or3(vec a, vec b, vec c)
{
    return _mm512_ternarylogic_epi64(a, b, c, 0xFE);
}

/* A full adder: adds a and b to *digit and returns the carry. That is a where a and b agree,
 * else what the sum is not; made from the sum, it needs no copy of the old digit. */
static inline vec vec_add(vec *digit, vec a, vec b)
{
    *digit = _mm512_ternarylogic_epi64(*digit, a, b, 0x96);
    return _mm512_ternarylogic_epi64(a, b, *digit, 0xD4);
}

static inline vec vec_majority(vec a, vec b, vec c)
{
    return _mm512_ternarylogic_epi64(a, b, c, 0xE8);
}

static inline int vec_all_set(vec v)
{
    return _mm512_cmpneq_epi64_mask(v, _mm512_set1_epi64(-1)) == 0;
}

#include "simd/hamming_sliced.h"

size_t ko_hamming_scan_avx512(const ko_hamming_rows *rows, ko_hamming_cursor *cursor,
                              const uint64_t *queries, size_t n_queries, unsigned radius_bits,
                              ko_hamming_hit *out, size_t capacity)
{
    return sliced_scan(rows, cursor, queries, n_queries, radius_bits, out, capacity);
}

size_t ko_hamming_pick_avx512(const uint64_t *rows, const uint32_t *ids, size_t n,
                              const uint64_t *query, unsigned radius_bits, ko_hamming_hit *out)
{
    return ko_hamming_pick(rows, ids, n, query, radius_bits, out);
}
