/* 256 bits of a descriptor. The first 128 say which bins are above the root of the mean
 * square; the others compare two cells, direction by direction, for 16 pairs: neighbours
 * outside with those inside, and opposite ones inside. A cell is eight bytes, so eight bits
 * are made at a time. */
#include "features/code.h"

#include <assert.h>

#define CELL_BINS 8
#define CELLS (KO_DESCRIPTOR_BINS / CELL_BINS)
#define EACH 0x0101010101010101u /* times a byte: that byte eight times */

static const uint8_t pair[CELLS][2] = {{0, 5},  {1, 6},  {2, 5},  {3, 6},   {4, 9},  {7, 10},
                                       {8, 5},  {11, 6}, {12, 9}, {13, 10}, {14, 9}, {15, 10},
                                       {5, 10}, {6, 9},  {5, 6},  {9, 10}};

/* The bins of a cell, the first lowest. */
static uint64_t cell(const ko_descriptor *descriptor, size_t i)
{
    uint64_t bins = 0;
    for (size_t k = 0; k < CELL_BINS; k++)
        bins |= (uint64_t)descriptor->bin[i * CELL_BINS + k] << 8 * k;
    return bins;
}

/* Bit k: byte k of a is above that of b. All are at most 127, so that the top bit of a byte
 * of a, set before subtracting, holds only when b is not above. */
static uint64_t above(uint64_t a, uint64_t b)
{
    const uint64_t top = 0x80 * EACH;
    const uint64_t is_above = ((a | top) - b - EACH) & top;
    return (is_above >> 7) * 0x0102040810204080u >> 56;
}

/* The whole part of the root of the mean square of all bins. */
static unsigned typical(const ko_descriptor *descriptor)
{
    unsigned sum = 0;
    for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++)
        sum += (unsigned)descriptor->bin[i] * descriptor->bin[i];
    unsigned root = 0;
    for (unsigned bit = 64; bit; bit /= 2)
        if ((root + bit) * (root + bit) * KO_DESCRIPTOR_BINS <= sum)
            root += bit;
    return root;
}

void ko_descriptor_code(const ko_descriptor *descriptor, ko_code *out_code)
{
    const uint64_t mean = typical(descriptor) * EACH;
    ko_code code = {{0}};
    for (size_t i = 0; i < CELLS; i++) {
        const size_t shift = i * CELL_BINS % 64;
        const uint64_t a = cell(descriptor, pair[i][0]), b = cell(descriptor, pair[i][1]);
        code.w[i / CELL_BINS] |= above(cell(descriptor, i), mean) << shift;
        code.w[2 + i / CELL_BINS] |= above(a, b) << shift;
    }
    *out_code = code;
}

/* --- variants --- */

/* A variant moves cells, and pairs with them: every byte of its code is one of the code's
 * own, of 16 cells and 16 pairs, or a comparison of the last four pairs the other way round,
 * which makes four more. */
#define REVERSED 4
#define CODE_BYTES ((size_t)2 * CELLS)

static const uint8_t source[KO_VARIANTS][CODE_BYTES] = {
    [KO_VARIANT_MIRRORED] = {12, 13, 14, 15, 8,  9,  10, 11, 4,  5,  6,  7,  0,  1,  2,  3,
                             24, 25, 26, 27, 22, 23, 20, 21, 16, 17, 18, 19, 33, 32, 31, 30},
    [KO_VARIANT_INVERTED] = {15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0,
                             27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 32, 33, 35, 34},
    [KO_VARIANT_MIRRORED + KO_VARIANT_INVERTED] = {3,  2,  1,  0,  7,  6,  5,  4,  11, 10, 9,
                                                   8,  15, 14, 13, 12, 19, 18, 17, 16, 21, 20,
                                                   23, 22, 27, 26, 25, 24, 29, 28, 34, 35},
};

/* Each direction's bit to that of its opposite angle, in every byte: reversed, and turned by
 * one. */
static uint64_t mirror_directions(uint64_t bits)
{
    bits = (bits >> 1 & 0x55 * EACH) | (bits & 0x55 * EACH) << 1;
    bits = (bits >> 2 & 0x33 * EACH) | (bits & 0x33 * EACH) << 2;
    bits = (bits >> 4 & 0x0F * EACH) | (bits & 0x0F * EACH) << 4;
    return (bits & 0x7F * EACH) << 1 | (bits >> 7 & EACH);
}

void ko_code_variant(const ko_descriptor *descriptor, const ko_code *code, unsigned variant,
                     ko_code *out_code)
{
    assert(variant < KO_VARIANTS && code != out_code);
    if (variant == KO_VARIANT_PLAIN) {
        *out_code = *code;
        return;
    }
    uint8_t bytes[CODE_BYTES + REVERSED];
    for (size_t i = 0; i < CODE_BYTES; i++)
        bytes[i] = (uint8_t)(code->w[i / 8] >> i % 8 * 8);
    for (size_t i = 0; i < REVERSED; i++) {
        const uint8_t *cells = pair[CELLS - REVERSED + i];
        bytes[CODE_BYTES + i] =
            (uint8_t)above(cell(descriptor, cells[1]), cell(descriptor, cells[0]));
    }
    for (size_t w = 0; w < KO_CODE_WORDS; w++) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8; k++)
            word |= (uint64_t)bytes[source[variant][8 * w + k]] << 8 * k;
        out_code->w[w] = variant & KO_VARIANT_MIRRORED ? mirror_directions(word) : word;
    }
}
