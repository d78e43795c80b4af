/* simd/parts.h - the kernels that find works inside photos.
 *
 * All levels give the same bits: everything is integers, or floats whose every operation
 * and order is part of the contract. */
#ifndef KO_SIMD_PARTS_H
#define KO_SIMD_PARTS_H

#include <stddef.h>
#include <stdint.h>

#define KO_CODES_BLOCK 8
#define KO_CODES_WORDS 4
#define KO_CODES_BITS 256

/* Codes lie in blocks of 8, word by word, so that one wide register holds the same word of
 * 8 codes. */
typedef struct ko_codes_block {
    uint64_t word[KO_CODES_WORDS][KO_CODES_BLOCK];
} ko_codes_block;

typedef struct ko_codes_hit {
    uint32_t slot; /* number of the code among all the lists */
    uint32_t distance;
} ko_codes_hit;

/* Writes to hits, in order, those of n codes (in blocks aligned to 64 bytes, the last one part
 * full) that are at most radius bits from the query (4 words), numbered from first_slot on;
 * hits have room for n, rounded up to whole blocks. Returns how many. next is where the
 * caller will go on, or NULL: memory may be asked for there, some blocks far, but is not
 * read. */
typedef size_t ko_codes_scan_fn(const ko_codes_block *blocks, size_t n, const uint64_t *query,
                                uint32_t radius, uint32_t first_slot, const ko_codes_block *next,
                                ko_codes_hit *hits);

#define KO_INNER_LENGTH 128
#define KO_INNER_GROUP ((size_t)16)

/* Writes to out[0..n) the inner products of v with n vectors, all of KO_INNER_LENGTH bytes
 * from 0 to 127. Vectors lie in groups of 16, aligned to 64 bytes, four bytes at a time:
 * bytes 0..3 of each of the 16, then bytes 4..7 of each, and so on. n is a multiple of 16.
 * Returns the largest, 0 when n is 0. */
typedef int32_t ko_inner_products_fn(const uint8_t *v, const int8_t *vectors, size_t n,
                                     int32_t *out);

/* Writes to out, in order, those of n values that are above floor, by less than 2^16: how
 * far, times 2^16, and in the lower half their places, numbered from first on and all below
 * 2^16. out has room for n, rounded up to a multiple of 16. Returns how many. */
typedef size_t ko_above_fn(const int32_t *values, size_t n, int32_t floor, uint32_t first,
                           uint32_t *out);

/* A picture and the homography that leads into it: (x, y, 1) goes to h (row by row) times
 * it, pixel centres at whole numbers. right and below are at most width - 2 and
 * height - 2; the four bytes from any pixel left of right and above below + 1 on must be
 * readable. */
typedef struct ko_rectify {
    const uint8_t *px;
    size_t stride;
    float right, below;
    float h[9];
} ko_rectify;

/* Line y of the rectified picture: writes to out[0..n) what the picture has where (x, y)
 * leads, bilinear, and to out_inside[0..n) 1 where that is right of 0, below 0, left of
 * right and above below; else both are 0. */
typedef void ko_rectify_row_fn(const ko_rectify *r, uint32_t y, size_t n, uint8_t *out,
                               uint8_t *out_inside);

typedef struct ko_slope {
    int16_t x, y; /* -1020..1020, as Sobel's masks give them */
} ko_slope;

/* Sums over the pixels of a block: of a . a everywhere, and of a . a, a . b and b . b where
 * they are seen. */
typedef struct ko_gradient_sums {
    int32_t all, aa, ab, bb;
} ko_gradient_sums;

#define KO_GRADIENT_BLOCK 8

/* Compares two gradient pictures in n blocks side by side, KO_GRADIENT_BLOCK pixels wide and
 * n_rows (at most as many) high; seen is 0 or -1 a pixel. Rows are stride pixels apart. */
typedef void ko_gradient_sums_fn(const ko_slope *a, const ko_slope *b, const int32_t *seen,
                                 size_t stride, size_t n_rows, size_t n, ko_gradient_sums *out);

typedef struct ko_parts_kernels {
    ko_codes_scan_fn *codes_scan;
    ko_inner_products_fn *inner_products;
    ko_above_fn *above;
    ko_rectify_row_fn *rectify_row;
    ko_gradient_sums_fn *gradient_sums;
} ko_parts_kernels;

#endif
