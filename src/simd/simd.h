/* simd/simd.h - the hot loops of the program, one table, filled for the machine at hand.
 *
 * Each kernel's contract stands here, on its type, once; simd.c fills the table with the
 * scalar reference first and then with what the machine has. KO_SIMD=scalar, avx2, avx512
 * or neon in the environment asks for a lower level than the best. */
#ifndef KO_SIMD_SIMD_H
#define KO_SIMD_SIMD_H

#include "simd/features.h"
#include "simd/hamming.h"
#include "simd/parts.h"

#include <stddef.h>
#include <stdint.h>

/* Finds the pairs of a row and a query at distance <= radius_bits.
 * Compares rows from *cursor on with 1..KO_HAMMING_QUERIES queries of 4 words each (8-byte
 * aligned) and writes hits so that those of one query stand in the order of rows. Stops
 * when fewer than KO_HAMMING_ROOM of the capacity slots are left (so capacity must be at
 * least that), else after the last row. *cursor, {0, 0} at first, is moved to where the
 * next call must go on; the search is over when cursor->row reaches rows->n.
 * Returns the number of hits written. */
typedef size_t ko_hamming_scan_fn(const ko_hamming_rows *rows, ko_hamming_cursor *cursor,
                                  const uint64_t *queries, size_t n_queries, unsigned radius_bits,
                                  ko_hamming_hit *out, size_t capacity);

/* Compares one query with chosen rows: writes to out, in the order of ids, those of the n
 * rows ids[0..n) (4 words each from rows, 8-byte aligned) at distance <= radius_bits, as
 * hits of query 0, and returns how many. out has room for n; nothing past that is
 * touched. Made for rows all over memory: it asks for them well ahead. */
typedef size_t ko_hamming_pick_fn(const uint64_t *rows, const uint32_t *ids, size_t n,
                                  const uint64_t *query, unsigned radius_bits, ko_hamming_hit *out);

#define KO_WEIGHTED_ROWS_MAX 8

/* Writes to out[0..n) the sums over r of weights[r] * rows[r][x]. There are 1 to
 * KO_WEIGHTED_ROWS_MAX rows of n pixels, of any alignment; weights are 0..127 and add up
 * to at most 128. n may be 0; nothing past out[n-1] is touched. */
typedef void ko_weighted_rows_fn(const uint8_t *const *rows, const int16_t *weights, size_t n_rows,
                                 size_t n, int16_t *out);

#define KO_WINDOW 8

/* Writes to out[0..n) the sums over k < KO_WINDOW of weights[i][k] * px[first[i] + k], all
 * of which are read and whose sums must fit 31 bits. n is a multiple of 8, or 0. */
typedef void ko_weighted_windows_fn(const int16_t *px, const uint16_t *first,
                                    const int16_t (*weights)[KO_WINDOW], size_t n, int32_t *out);

typedef enum ko_simd_level {
    KO_SIMD_SCALAR = 0,
    KO_SIMD_NEON,
    KO_SIMD_AVX2,
    KO_SIMD_AVX512, /* F, BW, DQ, VL and VPOPCNTDQ */
    KO_SIMD_LEVELS
} ko_simd_level;

typedef struct ko_simd {
    const char *name; /* "scalar", "neon", "avx2", "avx512" */
    ko_hamming_scan_fn *hamming_scan;
    ko_hamming_pick_fn *hamming_pick;
    ko_weighted_rows_fn *weighted_rows;
    ko_weighted_windows_fn *weighted_windows;
    ko_features_kernels features;
    ko_parts_kernels parts;
} ko_simd;

/* The table of this machine, chosen once; any thread may call. */
const ko_simd *ko_simd_get(void);

/* The table of one level, or NULL when this machine or this build has not got it: for
 * tests and benchmarks, which hold every level against the scalar one. */
const ko_simd *ko_simd_at(ko_simd_level level);

#endif
