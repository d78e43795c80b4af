/* 256 bits of a descriptor. The first 128 say which bins are above the root of the mean
 * square; the others compare two cells, direction by direction, for 16 pairs: neighbours
 * outside with those inside, and opposite ones inside. A cell is eight bytes, so eight bits
 * are made at a time. */
#include <knockoff/features.h>

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
