/* simd/hamming.h - 256-bit rows laid out for the Hamming kernels, and what those give.
 *
 * Rows lie twice in memory. Row after row, to be compared in full; and sliced, to be
 * ruled out by the block: slice s of a block holds one bit of each of its rows, so that
 * one vector operation treats that bit of hundreds of rows at once. */
#ifndef KO_SIMD_HAMMING_H
#define KO_SIMD_HAMMING_H

#include <stddef.h>
#include <stdint.h>

#define KO_HAMMING_WORDS 4      /* words of a row */
#define KO_HAMMING_POSITIONS 64 /* bits of a word */
#define KO_HAMMING_SLICES 256   /* bits of a row, and so slices of a block */
#define KO_HAMMING_BLOCK 512    /* rows of a block; one slice is a cache line */
#define KO_HAMMING_ROOM 4096    /* free slots that a kernel wants before it goes on */
#define KO_HAMMING_QUERIES 256  /* most queries that one kernel call takes */

typedef struct ko_hamming_slices {
    uint64_t bits[KO_HAMMING_SLICES][KO_HAMMING_BLOCK / 64];
} ko_hamming_slices;

/* n rows of 4 words, and their ceil(n / 512) sliced blocks aligned to 64 bytes. */
typedef struct ko_hamming_rows {
    const uint64_t *rows;
    const ko_hamming_slices *blocks;
    size_t n;
} ko_hamming_rows;

/* Where a scan goes on: rows before row are done, and in the rows that the kernel treats
 * together with it, queries before query. */
typedef struct ko_hamming_cursor {
    size_t row, query;
} ko_hamming_cursor;

typedef struct ko_hamming_hit {
    uint32_t row;
    uint16_t query;
    uint16_t distance;
} ko_hamming_hit;

/* Number of blocks for n rows. */
size_t ko_hamming_blocks(size_t n);

/* Slices one block: n (1..512) rows of 4 words. Slice 4 g + i holds bit g of word i, so that
 * four slices in turn come from all over the row; bits of missing rows are 0. */
void ko_hamming_slice(const uint64_t *rows, size_t n, ko_hamming_slices *out);

#endif
