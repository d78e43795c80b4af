#include "simd/kernels.h"

#include <arm_neon.h>

#define VEC_WORDS 2
typedef uint64x2_t vec;

static inline vec vec_load(const uint64_t *words)
{
    return vld1q_u64(words);
}

static inline void vec_store(uint64_t *words, vec v)
{
    vst1q_u64(words, v);
}

static inline vec vec_fill(uint64_t word)
{
    return vdupq_n_u64(word);
}

static inline vec vec_xor(vec a, vec b)
{
    return veorq_u64(a, b);
}

static inline vec vec_or(vec a, vec b)
{
    return vorrq_u64(a, b);
}

static inline vec vec_and(vec a, vec b)
{
    return vandq_u64(a, b);
}

static inline vec vec_or_and(vec a, vec b, vec c)
{
    return vorrq_u64(a, vandq_u64(b, c));
}

static inline vec vec_or3(vec a, vec b, vec c)
{
    return vorrq_u64(vorrq_u64(a, b), c);
}

/* A full adder: adds a and b to *digit and returns the carry. */
static inline vec vec_add(vec *digit, vec a, vec b)
{
    const vec differ = veorq_u64(a, b), old = *digit;
    *digit = veorq_u64(differ, old);
    return vbslq_u64(differ, old, a);
}

static inline vec vec_majority(vec a, vec b, vec c)
{
    return vbslq_u64(veorq_u64(a, b), c, a); /* where a and b agree, a has it */
}

static inline int vec_all_set(vec v)
{
    return (vgetq_lane_u64(v, 0) & vgetq_lane_u64(v, 1)) == UINT64_MAX;
}

#include "simd/hamming_sliced.h"

size_t ko_hamming_scan_neon(const ko_hamming_rows *rows, ko_hamming_cursor *cursor,
                            const uint64_t *queries, size_t n_queries, unsigned radius_bits,
                            ko_hamming_hit *out, size_t capacity)
{
    return sliced_scan(rows, cursor, queries, n_queries, radius_bits, out, capacity);
}

size_t ko_hamming_pick_neon(const uint64_t *rows, const uint32_t *ids, size_t n,
                            const uint64_t *query, unsigned radius_bits, ko_hamming_hit *out)
{
    return ko_hamming_pick(rows, ids, n, query, radius_bits, out);
}
