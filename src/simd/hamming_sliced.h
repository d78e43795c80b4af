/* simd/hamming_sliced.h - the scan for machines with vectors, over sliced rows.
 *
 * To be included by one file a level, which first defines vec and its operations. Every
 * bit of a vec belongs to a row, VEC_WORDS * 64 of them at once. Signs that a row differs
 * from the query are counted for all of them together in binary, one vec a digit, by full
 * adders (two operations each with AVX-512). When so many are found that the distance
 * must be above the radius, the row is out; the few that stay are compared in full, so
 * the answer is exact whatever passes.
 *
 * What is a sign depends on how many queries there are (the kinds below). For many it is
 * that two or more of four bits differ, worth two bits of distance. There are but 16
 * answers, one for each way a query's four bits can be; they are computed once and serve
 * all queries, which then only load and add. For some queries that is too much to prepare,
 * and pairs of bits do with four answers. For few it is the single bit: that needs the
 * fewest slices, and reading them is then what takes the time.
 * Rejected: population counts row by row, of halves folded or joined to be ruled out
 * early. With AVX-512 they reach two thirds of this speed for 256 queries and are level
 * for 16 at radius 31, but from 34 on what is joined no longer rules rows out. Tables for
 * five bits would leave the first cache, and three bits say less. */
#ifndef KO_SIMD_HAMMING_SLICED_H
#define KO_SIMD_HAMMING_SLICED_H

#include "simd/hamming_row.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

#define VEC_ROWS ((size_t)VEC_WORDS * 64)
#define SLICE_WORDS ((size_t)KO_HAMMING_BLOCK / 64)
/* Queries up to which single bits are quickest, and pairs. Measured with AVX-512. */
#define FEW 5
#define SOME 48
/* Rows that few queries treat together. Reading several blocks in turn, and not one after
 * the other, brings memory to half as much speed again: each page has its own prefetching. */
#define ROWS_TOGETHER KO_HAMMING_ROOM
#define VECS_TOGETHER (ROWS_TOGETHER / VEC_ROWS)
/* Rows noted before they are compared in full. */
#define NOTED_MAX 256
/* Radii from here on rule out too little to be worth counting. */
#define RADIUS_HOPELESS 128u
#define HIGH_DIGITS_MAX 4 /* 8 << 4 reaches the largest limit, that of radius 127 */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* --- signs and counting --- */

/* A sign tells of so many bits that they differ from the query's. */
typedef struct kind {
    size_t bits;
    unsigned worth;         /* least distance that it stands for */
    unsigned chance_16ths;  /* of unrelated rows */
    unsigned sigma_squared; /* deviations, squared, that chance must stay from the limit */
} kind;

/* Confirming a row costs more than reading some bits more, but not where reading is all. */
static const kind single = {.bits = 1, .worth = 1, .chance_16ths = 8, .sigma_squared = 10};
static const kind pair = {.bits = 2, .worth = 1, .chance_16ths = 12, .sigma_squared = 15};
static const kind quad = {.bits = 4, .worth = 2, .chance_16ths = 11, .sigma_squared = 15};

/* Rows with at least limit of the signs are out. The count starts at such a bias that its
 * limit is 8 << high_digits, so that reaching it is one carry. */
typedef struct sieve {
    size_t eights; /* how many times eight signs are counted */
    unsigned high_digits;
    unsigned bias;
} sieve;

/* As few signs as chance allows. Of 13 million unrelated pairs of real pictures, one in
 * 1,600 passes by single bits at radius 31, one in 15,000 by pairs and one in 6,000 by
 * quads; about as many up to 52, and with all quads, one in 1,700 at 60. */
static sieve sieve_make(const kind *k, unsigned radius)
{
    const size_t limit = radius / k->worth + 1, c = k->chance_16ths;
    const size_t variance = c * (16 - c) * k->sigma_squared;
    size_t n = 8;
    while (n < KO_HAMMING_SLICES / k->bits &&
           (c * n < 16 * limit || (c * n - 16 * limit) * (c * n - 16 * limit) < variance * n))
        n += 8;
    sieve s = {.eights = n / 8};
    while ((size_t)8 << s.high_digits < limit)
        s.high_digits++;
    assert(s.high_digits <= HIGH_DIGITS_MAX);
    s.bias = (unsigned)(((size_t)8 << s.high_digits) - limit);
    return s;
}

typedef struct count {
    vec low[3], high[HIGH_DIGITS_MAX]; /* binary digits, one number a row */
    vec out;                           /* rows that have reached the limit */
} count;

ALWAYS_INLINE void count_start(count *c, const sieve *s, unsigned high_digits)
{
    for (unsigned d = 0; d < 3; d++)
        c->low[d] = vec_fill(0 - (uint64_t)(s->bias >> d & 1));
    for (unsigned d = 0; d < high_digits; d++)
        c->high[d] = vec_fill(0 - (uint64_t)(s->bias >> (3 + d) & 1));
    c->out = vec_fill(0);
}

ALWAYS_INLINE void count_eight(count *c, unsigned high_digits, const vec sign[8])
{
    vec twos[4], fours[2];
    for (size_t k = 0; k < 4; k++)
        twos[k] = vec_add(&c->low[0], sign[2 * k], sign[2 * k + 1]);
    for (size_t k = 0; k < 2; k++)
        fours[k] = vec_add(&c->low[1], twos[2 * k], twos[2 * k + 1]);
    vec carry = vec_add(&c->low[2], fours[0], fours[1]);
    for (unsigned d = 0; d < high_digits; d++) {
        const vec next = vec_and(c->high[d], carry);
        c->high[d] = vec_xor(c->high[d], carry);
        carry = next;
    }
    c->out = vec_or(c->out, carry);
}

/* The query's bit for a slice. */
static inline uint64_t query_bit(const uint64_t *query, size_t slice)
{
    return query[slice % KO_HAMMING_WORDS] >> slice / KO_HAMMING_WORDS & 1;
}

/* --- few queries: bit by bit --- */

/* For each slice, the query's bit in every bit. */
static void fill_masks(const uint64_t *query, uint64_t masks[KO_HAMMING_SLICES])
{
    for (size_t i = 0; i < KO_HAMMING_SLICES; i++)
        masks[i] = 0 - query_bit(query, i);
}

/* Counts for the n vecs of rows whose slices start at slices[0..n). */
static void count_bits(const sieve *s, const uint64_t *const *slices, size_t n,
                       const uint64_t *masks, count *counts)
{
    for (size_t v = 0; v < n; v++)
        count_start(&counts[v], s, s->high_digits);
    for (size_t i = 0; i < 8 * s->eights; i += 8) {
        for (size_t v = 0; v < n; v++) {
            vec sign[8];
            for (size_t k = 0; k < 8; k++)
                sign[k] =
                    vec_xor(vec_load(slices[v] + SLICE_WORDS * (i + k)), vec_fill(masks[i + k]));
            count_eight(&counts[v], s->high_digits, sign);
        }
    }
}

/* --- more queries: tables of answers --- */

/* For each group of bits (a constant), VEC_WORDS times their pattern: where the table has
 * its answer. */
ALWAYS_INLINE void fill_codes(const size_t bits, const uint64_t *query, uint8_t *codes)
{
    for (size_t g = 0; g < KO_HAMMING_SLICES / bits; g++) {
        uint64_t pattern = 0;
        for (size_t i = 0; i < bits; i++)
            pattern |= query_bit(query, bits * g + i) << i;
        codes[g] = (uint8_t)(pattern * VEC_WORDS);
    }
}

/* A slice and its complement: where rows differ from a query's bit 0, and from a bit 1. */
typedef struct differing {
    vec from[2];
} differing;

ALWAYS_INLINE differing differing_load(const uint64_t *slice)
{
    const vec v = vec_load(slice);
    return (differing){{v, vec_xor(v, vec_fill(UINT64_MAX))}};
}

/* For each of the 4 patterns, whether one or two bits differ. */
static inline void fill_pair(const uint64_t *slices, uint64_t *out)
{
    const differing a = differing_load(slices), b = differing_load(slices + SLICE_WORDS);
    for (size_t p = 0; p < 4; p++)
        vec_store(out + VEC_WORDS * p, vec_or(a.from[p & 1], b.from[p >> 1]));
}

/* For each of the 16 patterns, whether two or more bits differ. */
static inline void fill_quad(const uint64_t *slices, uint64_t *out)
{
    const differing a = differing_load(slices), b = differing_load(slices + SLICE_WORDS),
                    c = differing_load(slices + 2 * SLICE_WORDS),
                    d = differing_load(slices + 3 * SLICE_WORDS);
    for (size_t p = 0; p < 8; p++) {
        const vec x = a.from[p & 1], y = b.from[p >> 1 & 1], z = c.from[p >> 2];
        const vec two = vec_majority(x, y, z), one = vec_or3(x, y, z);
        vec_store(out + VEC_WORDS * p, vec_or_and(two, one, d.from[0]));
        vec_store(out + VEC_WORDS * (p + 8), vec_or_and(two, one, d.from[1]));
    }
}

/* The rows that are out. patterns (of a group) and high_digits are constants. */
ALWAYS_INLINE vec count_groups(const sieve *s, const size_t patterns, const unsigned high_digits,
                               const uint64_t *table, const uint8_t *codes)
{
    const size_t group_words = patterns * VEC_WORDS;
    count c;
    count_start(&c, s, high_digits);
    for (size_t i = s->eights; i; i--) {
        vec sign[8];
        for (size_t k = 0; k < 8; k++)
            sign[k] = vec_load(table + group_words * k + codes[k]);
        count_eight(&c, high_digits, sign);
        table += 8 * group_words;
        codes += 8;
    }
    return c.out;
}

ALWAYS_INLINE vec rule_out(const sieve *s, const size_t patterns, const uint64_t *table,
                           const uint8_t *codes)
{
    switch (s->high_digits) {
    case 0:
        return count_groups(s, patterns, 0, table, codes);
    case 1:
        return count_groups(s, patterns, 1, table, codes);
    case 2:
        return count_groups(s, patterns, 2, table, codes);
    case 3:
        return count_groups(s, patterns, 3, table, codes);
    default:
        return count_groups(s, patterns, HIGH_DIGITS_MAX, table, codes);
    }
}

/* --- the scan --- */

typedef struct scan {
    const ko_hamming_rows *rows;
    const uint64_t *queries;
    size_t n_queries;
    unsigned radius;
    const kind *kind;
    sieve sieve;
    size_t groups; /* codes of a query */
    size_t share;  /* of a block's slices, for each query to fetch */
    uint64_t masks[FEW][KO_HAMMING_SLICES];
    uint8_t codes[KO_HAMMING_QUERIES * 64]; /* one query's after the other's */
    alignas(64) uint64_t table[64 * 16 * VEC_WORDS];
} scan;

static inline uint8_t *codes_of(scan *s, size_t query)
{
    return s->codes + s->groups * query;
}

static void scan_start(scan *s, const ko_hamming_rows *rows, const uint64_t *queries,
                       size_t n_queries, unsigned radius)
{
    s->rows = rows;
    s->queries = queries;
    s->n_queries = n_queries;
    s->radius = radius;
    s->kind = n_queries <= FEW ? &single : n_queries <= SOME ? &pair : &quad;
    s->sieve = radius < RADIUS_HOPELESS ? sieve_make(s->kind, radius) : (sieve){0};
    s->groups = KO_HAMMING_SLICES / s->kind->bits;
    s->share = 8 * s->sieve.eights * s->kind->bits / n_queries + 1;
    for (size_t q = 0; q < n_queries; q++) {
        const uint64_t *query = queries + KO_HAMMING_WORDS * q;
        if (s->kind == &single)
            fill_masks(query, s->masks[q]);
        else if (s->kind == &pair)
            fill_codes(2, query, codes_of(s, q));
        else
            fill_codes(4, query, codes_of(s, q));
    }
}

static inline const uint64_t *slices_of(const scan *s, size_t row)
{
    return &s->rows->blocks[row / KO_HAMMING_BLOCK].bits[0][row % KO_HAMMING_BLOCK / 64];
}

/* Notes the rows that are not out as hits, to be compared later. */
static inline size_t note(const scan *s, size_t first, vec out, size_t q, ko_hamming_hit *hits)
{
    if (vec_all_set(out))
        return 0;
    alignas(64) uint64_t ruled_out[VEC_WORDS];
    vec_store(ruled_out, out);
    size_t n = 0;
    for (size_t i = 0; i < VEC_WORDS; i++) {
        for (uint64_t left = ~ruled_out[i]; left; left &= left - 1) {
            const size_t row = first + 64 * i + (size_t)__builtin_ctzll(left);
            if (row >= s->rows->n)
                return n;
            hits[n++] = (ko_hamming_hit){.row = (uint32_t)row, .query = (uint16_t)q};
        }
    }
    return n;
}

/* Compares n noted pairs in full and keeps those within the radius. */
static size_t confirm(const scan *s, ko_hamming_hit *hits, size_t n)
{
    const uint64_t *rows = s->rows->rows;
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        if (k + KO_HAMMING_AHEAD < n)
            __builtin_prefetch(rows + KO_HAMMING_WORDS * (size_t)hits[k + KO_HAMMING_AHEAD].row);
        ko_hamming_hit hit = hits[k];
        const unsigned distance =
            ko_hamming_distance(rows + KO_HAMMING_WORDS * (size_t)hit.row,
                                s->queries + KO_HAMMING_WORDS * (size_t)hit.query);
        hit.distance = (uint16_t)distance;
        if (distance <= s->radius)
            hits[kept++] = hit;
    }
    return kept;
}

/* Notes what one of few queries may hit in ROWS_TOGETHER rows, or as many as are left. */
static size_t note_few(const scan *s, size_t row, size_t q, ko_hamming_hit *hits)
{
    const uint64_t *slices[VECS_TOGETHER];
    count counts[VECS_TOGETHER];
    size_t vecs = 0, n = 0;
    for (; vecs < VECS_TOGETHER && row + vecs * VEC_ROWS < s->rows->n; vecs++)
        slices[vecs] = slices_of(s, row + vecs * VEC_ROWS);
    count_bits(&s->sieve, slices, vecs, s->masks[q], counts);
    for (size_t v = 0; v < vecs; v++)
        n += note(s, row + v * VEC_ROWS, counts[v].out, q, hits + n);
    return n;
}

static void fill_table(scan *s, size_t row)
{
    const uint64_t *slices = slices_of(s, row);
    const size_t groups = 8 * s->sieve.eights;
    if (s->kind == &pair)
        for (size_t g = 0; g < groups; g++)
            fill_pair(slices + 2 * SLICE_WORDS * g, s->table + (size_t)4 * VEC_WORDS * g);
    else
        for (size_t g = 0; g < groups; g++)
            fill_quad(slices + 4 * SLICE_WORDS * g, s->table + (size_t)16 * VEC_WORDS * g);
}

/* Asks for query q's share of the next block's slices, so that memory works while queries
 * are counted. Inlined by force: gcc drops calls of functions that only prefetch. */
ALWAYS_INLINE void fetch_ahead(const scan *s, size_t row, size_t q)
{
    const size_t next = row + KO_HAMMING_BLOCK;
    if (next >= s->rows->n)
        return;
    const uint64_t *slices = slices_of(s, next);
    const size_t n = 8 * s->sieve.eights * s->kind->bits;
    for (size_t i = s->share * q; i < s->share * (q + 1) && i < n; i++)
        __builtin_prefetch(slices + SLICE_WORDS * i);
}

/* Notes what one of more queries may hit in VEC_ROWS rows, whose table is filled. */
static inline size_t note_more(scan *s, size_t row, size_t q, ko_hamming_hit *hits)
{
    fetch_ahead(s, row, q);
    const vec out = s->kind == &pair ? rule_out(&s->sieve, 4, s->table, codes_of(s, q))
                                     : rule_out(&s->sieve, 16, s->table, codes_of(s, q));
    return note(s, row, out, q, hits);
}

/* The whole of a ko_hamming_scan_fn. */
static size_t sliced_scan(const ko_hamming_rows *rows, ko_hamming_cursor *cursor,
                          const uint64_t *queries, size_t n_queries, unsigned radius,
                          ko_hamming_hit *hits, size_t capacity)
{
    assert(capacity >= KO_HAMMING_ROOM && n_queries >= 1 && n_queries <= KO_HAMMING_QUERIES);
    assert(cursor->row % VEC_ROWS == 0 || cursor->row >= rows->n);
    scan s;
    scan_start(&s, rows, queries, n_queries, radius);
    const bool few = s.kind == &single;
    size_t n = 0, confirmed = 0; /* hits noted, and how many of them are sure */
    while (cursor->row < rows->n && capacity - n >= KO_HAMMING_ROOM) {
        if (!few)
            fill_table(&s, cursor->row);
        for (; cursor->query < n_queries && capacity - n >= KO_HAMMING_ROOM; cursor->query++)
            n += few ? note_few(&s, cursor->row, cursor->query, hits + n)
                     : note_more(&s, cursor->row, cursor->query, hits + n);
        if (cursor->query == n_queries) {
            cursor->row += few ? ROWS_TOGETHER : VEC_ROWS;
            cursor->query = 0;
        }
        if (n - confirmed >= NOTED_MAX)
            n = confirmed += confirm(&s, hits + confirmed, n - confirmed);
    }
    n = confirmed + confirm(&s, hits + confirmed, n - confirmed);
    if (cursor->row > rows->n)
        cursor->row = rows->n;
    return n;
}

#endif
