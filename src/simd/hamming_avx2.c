#include "simd/kernels.h"

#include <immintrin.h>

#define VEC_WORDS 4
typedef __m256i vec;

static inline vec vec_load(const uint64_t *words)
{
    return _mm256_load_si256((const vec *)(const void *)words);
}

static inline void vec_store(uint64_t *words, vec v)
{
    _mm256_store_si256((vec *)(void *)words, v);
}

static inline vec vec_fill(uint64_t word)
{
    return _mm256_set1_epi64x((long long)word);
}

static inline vec vec_xor(vec a, vec b)
{
    return _mm256_xor_si256(a, b);
}

static inline vec vec_or(vec a, vec b)
{
    return _mm256_or_si256(a, b);
}

static inline vec vec_and(vec a, vec b)
{
    return _mm256_and_si256(a, b);
}

static inline vec vec_or_and(vec a, vec b, vec c)
{
    return _mm256_or_si256(a, _mm256_and_si256(b, c));
}

static inline vec vec_or3(vec a, vec b, vec c)
{
    return _mm256_or_si256(_mm256_or_si256(a, b), c);
}

/* A full adder: adds a and b to *digit and returns the carry. */
static inline vec vec_add(vec *digit, vec a, vec b)
{
    const vec differ = _mm256_xor_si256(a, b), old = *digit;
    *digit = _mm256_xor_si256(differ, old);
    return _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(differ, old));
}

static inline vec vec_majority(vec a, vec b, vec c)
{
    return _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(_mm256_xor_si256(a, b), c));
}

static inline int vec_all_set(vec v)
{
    return _mm256_testc_si256(v, _mm256_set1_epi64x(-1));
}

#include "simd/hamming_sliced.h"

size_t ko_hamming_scan_avx2(const ko_hamming_rows *rows, ko_hamming_cursor *cursor,
                            const uint64_t *queries, size_t n_queries, unsigned radius_bits,
                            ko_hamming_hit *out, size_t capacity)
{
    return sliced_scan(rows, cursor, queries, n_queries, radius_bits, out, capacity);
}

size_t ko_hamming_pick_avx2(const uint64_t *rows, const uint32_t *ids, size_t n,
                            const uint64_t *query, unsigned radius_bits, ko_hamming_hit *out)
{
    return ko_hamming_pick(rows, ids, n, query, radius_bits, out);
}
