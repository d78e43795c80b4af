/* simd/hamming_sliced.h - the scan for machines with vectors, over sliced rows.
 *
 * To be included by one file a level, which first defines vec and its operations. Every
 * bit of a vec belongs to a row, VEC_WORDS * 64 of them at once. Signs that a row differs
 * from the query are counted for all of them together in binary, one vec a digit, by full
 * adders (two operations each with AVX-512). When so many are found that the distance
 * must be above the radius, the row is out; the few that stay are compared in full, so
 * the answer is exact whatever the filter lets through.
 *
 * Many queries: the sign is that two or more of four bits differ, worth two bits of
 * distance. There are but 16 answers, one for each way the query's four bits can be; they
 * are computed once and serve all queries, which then only load and add. Four bits are
 * the measured optimum: tables for five leave the first cache, for three say less.
 * Few queries: the sign is one differing bit; that needs fewer slices, and reading them
 * is then what takes the time.
 * Looked at and slower: counting bits row by row (one count a row at best, here less than
 * half an operation), prefixes, and folding halves of a row with exclusive or. */
#ifndef KO_SIMD_HAMMING_SLICED_H
#define KO_SIMD_HAMMING_SLICED_H

#include "simd/hamming_row.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

#define VEC_ROWS ((size_t)VEC_WORDS * 64)
#define GROUPS KO_HAMMING_POSITIONS
#define PATTERNS 16
#define SLICE_WORDS (KO_HAMMING_BLOCK / 64)
/* Queries up to which the tables do not pay. Measured with AVX-512. */
#define FEW 6
/* Radii from here on rule out too little to be worth counting. */
#define RADIUS_HOPELESS 128u
#define HIGH_DIGITS_MAX 4 /* 8 << 4 reaches the largest limit, that of radius 127 */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Rows with at least limit of the signs are out. The count starts at such a bias that its
 * limit is 8 << high_digits, so that reaching it is one carry. */
typedef struct sieve {
    size_t eights; /* how many times eight signs are counted */
    unsigned high_digits;
    unsigned bias;
} sieve;

/* What is counted: signs lie stride words apart, and a query says how to read each. */
typedef struct signs {
    const uint64_t *data;
    const void *query;
} signs;

/* Sign number k from where s stands. */
typedef vec sign_fn(const signs *s, size_t k);
typedef void advance_fn(signs *s);

/* Adds eight signs to the three low digits; returns the carries, worth eight each. */
ALWAYS_INLINE vec add_eight(vec digit[3], sign_fn *sign, const signs *at)
{
    vec twos[4], fours[2];
    for (size_t k = 0; k < 4; k++)
        twos[k] = vec_add(&digit[0], sign(at, 2 * k), sign(at, 2 * k + 1));
    for (size_t k = 0; k < 2; k++)
        fours[k] = vec_add(&digit[1], twos[2 * k], twos[2 * k + 1]);
    return vec_add(&digit[2], fours[0], fours[1]);
}

/* The rows that are out. high_digits is s->high_digits as a constant. */
ALWAYS_INLINE vec count_signs(const sieve *s, const unsigned high_digits, sign_fn *sign,
                              advance_fn *advance, signs at)
{
    vec low[3], high[HIGH_DIGITS_MAX];
    for (unsigned d = 0; d < 3; d++)
        low[d] = vec_fill(s->bias >> d & 1 ? UINT64_MAX : 0);
    for (unsigned d = 0; d < high_digits; d++)
        high[d] = vec_fill(s->bias >> (3 + d) & 1 ? UINT64_MAX : 0);
    vec out = vec_fill(0);
    for (size_t i = s->eights; i; i--, advance(&at)) {
        vec carry = add_eight(low, sign, &at);
        for (unsigned d = 0; d < high_digits; d++) {
            const vec next = vec_and(high[d], carry);
            high[d] = vec_xor(high[d], carry);
            carry = next;
        }
        out = vec_or(out, carry);
    }
    return out;
}

ALWAYS_INLINE vec rule_out(const sieve *s, sign_fn *sign, advance_fn *advance, signs at)
{
    switch (s->high_digits) {
    case 0:
        return count_signs(s, 0, sign, advance, at);
    case 1:
        return count_signs(s, 1, sign, advance, at);
    case 2:
        return count_signs(s, 2, sign, advance, at);
    case 3:
        return count_signs(s, 3, sign, advance, at);
    default:
        return count_signs(s, HIGH_DIGITS_MAX, sign, advance, at);
    }
}

static sieve sieve_make(size_t n, unsigned limit)
{
    sieve s = {.eights = n / 8};
    while (8u << s.high_digits < limit)
        s.high_digits++;
    assert(s.high_digits <= HIGH_DIGITS_MAX);
    s.bias = (8u << s.high_digits) - limit;
    return s;
}

/* --- few queries: differing bits --- */

ALWAYS_INLINE vec bit_differs(const signs *s, size_t k)
{
    const uint64_t *masks = s->query;
    return vec_xor(vec_load(s->data + SLICE_WORDS * k), vec_fill(masks[k]));
}

ALWAYS_INLINE void bit_advance(signs *s)
{
    s->data += 8 * SLICE_WORDS;
    s->query = (const uint64_t *)s->query + 8;
}

static void fill_masks(const uint64_t *query, uint64_t masks[KO_HAMMING_SLICES])
{
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t i = 0; i < KO_HAMMING_WORDS; i++)
            masks[KO_HAMMING_WORDS * g + i] = 0 - (query[i] >> g & 1);
}

/* As few bits as leave chance less than one row in 30,000: of n bits, unrelated rows
 * differ in n/2 with deviation sqrt(n)/2, and four deviations must lie above the limit. */
static sieve sieve_bits(unsigned radius)
{
    const unsigned limit = radius + 1;
    unsigned n = 8;
    while (n < KO_HAMMING_SLICES && (n < 2 * limit || (n - 2 * limit) * (n - 2 * limit) < 15 * n))
        n += 8;
    return sieve_make(n, limit);
}

/* --- many queries: differing groups of four bits --- */

ALWAYS_INLINE vec group_differs(const signs *s, size_t k)
{
    const uint8_t *code = s->query;
    return vec_load(s->data + PATTERNS * VEC_WORDS * k + code[k]);
}

ALWAYS_INLINE void group_advance(signs *s)
{
    s->data += 8 * PATTERNS * VEC_WORDS;
    s->query = (const uint8_t *)s->query + 8;
}

static void fill_codes(const uint64_t *query, uint8_t code[GROUPS])
{
    for (size_t g = 0; g < GROUPS; g++) {
        uint64_t pattern = 0;
        for (size_t i = 0; i < KO_HAMMING_WORDS; i++)
            pattern |= (query[i] >> g & 1) << i;
        code[g] = (uint8_t)(pattern * VEC_WORDS);
    }
}

/* For each of the 16 patterns, whether two or more of the group's bits differ. */
static void fill_group(const uint64_t *slices, uint64_t *out)
{
    const vec ones = vec_fill(UINT64_MAX);
    vec differs[KO_HAMMING_WORDS][2];
    for (size_t i = 0; i < KO_HAMMING_WORDS; i++) {
        differs[i][0] = vec_load(slices + SLICE_WORDS * i);
        differs[i][1] = vec_xor(differs[i][0], ones);
    }
    for (size_t p = 0; p < PATTERNS / 2; p++) {
        const vec a = differs[0][p & 1], b = differs[1][p >> 1 & 1], c = differs[2][p >> 2];
        const vec two = vec_majority(a, b, c), one = vec_or3(a, b, c);
        vec_store(out + VEC_WORDS * p, vec_or_and(two, one, differs[3][0]));
        vec_store(out + VEC_WORDS * (p + PATTERNS / 2), vec_or_and(two, one, differs[3][1]));
    }
}

/* Unrelated groups differ so with chance 11/16. */
static sieve sieve_groups(unsigned radius)
{
    const unsigned limit = radius / 2 + 1;
    unsigned n = 8;
    while (n < GROUPS &&
           (11 * n < 16 * limit || (11 * n - 16 * limit) * (11 * n - 16 * limit) < 15 * 55 * n))
        n += 8;
    return sieve_make(n, limit);
}

/* --- the scan --- */

typedef struct scan {
    alignas(64) uint64_t table[GROUPS * PATTERNS * VEC_WORDS];
    uint8_t codes[KO_HAMMING_QUERIES][GROUPS];
    uint64_t masks[FEW][KO_HAMMING_SLICES];
    sieve sieve;
    size_t lines;   /* slices of a block that are read, each a cache line */
    size_t fetches; /* lines of the next block that each query asks for; even */
    bool few;
} scan;

static void scan_start(scan *s, const uint64_t *queries, size_t n_queries, unsigned radius)
{
    s->few = n_queries <= FEW;
    if (radius >= RADIUS_HOPELESS)
        s->sieve = (sieve){0};
    else
        s->sieve = s->few ? sieve_bits(radius) : sieve_groups(radius);
    s->lines = 8 * s->sieve.eights * (s->few ? 1 : KO_HAMMING_WORDS);
    s->fetches = 2 * (s->lines / (2 * n_queries) + 1);
    for (size_t q = 0; q < n_queries; q++) {
        if (s->few)
            fill_masks(queries + KO_HAMMING_WORDS * q, s->masks[q]);
        else
            fill_codes(queries + KO_HAMMING_WORDS * q, s->codes[q]);
    }
}

static void scan_fill_table(scan *s, const uint64_t *slices)
{
    if (s->few)
        return;
    for (size_t g = 0; g < 8 * s->sieve.eights; g++)
        fill_group(slices + KO_HAMMING_WORDS * SLICE_WORDS * g,
                   s->table + PATTERNS * VEC_WORDS * g);
}

static inline vec scan_rule_out(const scan *s, const uint64_t *slices, size_t q)
{
    if (s->few)
        return rule_out(&s->sieve, bit_differs, bit_advance,
                        (signs){.data = slices, .query = s->masks[q]});
    return rule_out(&s->sieve, group_differs, group_advance,
                    (signs){.data = s->table, .query = s->codes[q]});
}

/* Asks for the share of query q in the next block's slices, so that memory works while
 * queries are counted. One line brings its neighbour along. */
static inline void fetch_ahead(const scan *s, const uint64_t *next, size_t q)
{
    const size_t first = q * s->fetches;
    const size_t end = first + s->fetches < s->lines ? first + s->fetches : s->lines;
    for (size_t line = first; line < end; line += 2)
        __builtin_prefetch(next + SLICE_WORDS * line);
}

/* Notes the rows that are not out, to be compared when they have come from memory. */
static inline size_t note(const ko_hamming_rows *rows, size_t first, vec out, size_t q,
                          ko_hamming_hit *hits)
{
    alignas(64) uint64_t ruled_out[VEC_WORDS];
    vec_store(ruled_out, out);
    size_t n = 0;
    for (size_t i = 0; i < VEC_WORDS; i++) {
        for (uint64_t left = ~ruled_out[i]; left; left &= left - 1) {
            const size_t row = first + 64 * i + (size_t)__builtin_ctzll(left);
            if (row >= rows->n)
                return n;
            __builtin_prefetch(rows->rows + KO_HAMMING_WORDS * row);
            hits[n++] = (ko_hamming_hit){.row = (uint32_t)row, .query = (uint16_t)q};
        }
    }
    return n;
}

/* Keeps, of n noted pairs, those within the radius. */
static size_t confirm(const ko_hamming_rows *rows, const uint64_t *queries, unsigned radius,
                      ko_hamming_hit *hits, size_t n)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        ko_hamming_hit hit = hits[k];
        const unsigned distance =
            ko_hamming_distance(rows->rows + KO_HAMMING_WORDS * (size_t)hit.row,
                                queries + KO_HAMMING_WORDS * (size_t)hit.query);
        hit.distance = (uint16_t)distance;
        if (distance <= radius)
            hits[kept++] = hit;
    }
    return kept;
}

/* The whole of a ko_hamming_scan_fn. */
static size_t sliced_scan(const ko_hamming_rows *rows, ko_hamming_cursor *cursor,
                          const uint64_t *queries, size_t n_queries, unsigned radius,
                          ko_hamming_hit *hits, size_t capacity)
{
    assert(capacity >= KO_HAMMING_BLOCK && n_queries >= 1 && n_queries <= KO_HAMMING_QUERIES);
    assert(cursor->row % VEC_ROWS == 0 || cursor->row >= rows->n);
    scan s;
    scan_start(&s, queries, n_queries, radius);
    size_t n = 0;
    for (; cursor->row < rows->n; cursor->row += VEC_ROWS, cursor->query = 0) {
        const size_t block = cursor->row / KO_HAMMING_BLOCK;
        const size_t word = cursor->row % KO_HAMMING_BLOCK / 64;
        const uint64_t *slices = &rows->blocks[block].bits[0][word];
        const bool last = block + 1 == ko_hamming_blocks(rows->n);
        const size_t confirmed = n;
        scan_fill_table(&s, slices);
        for (; cursor->query < n_queries && capacity - n >= KO_HAMMING_BLOCK; cursor->query++) {
            if (!last)
                fetch_ahead(&s, slices + KO_HAMMING_SLICES * SLICE_WORDS, cursor->query);
            const vec out = scan_rule_out(&s, slices, cursor->query);
            if (!vec_all_set(out))
                n += note(rows, cursor->row, out, cursor->query, hits + n);
        }
        n = confirmed + confirm(rows, queries, radius, hits + confirmed, n - confirmed);
        if (cursor->query < n_queries)
            return n;
    }
    cursor->row = rows->n;
    return n;
}

#endif
