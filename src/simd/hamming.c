#include "simd/hamming.h"

#include <assert.h>
#include <string.h>

size_t ko_hamming_blocks(size_t n)
{
    return n / KO_HAMMING_BLOCK + (n % KO_HAMMING_BLOCK != 0);
}

/* Turns a matrix of 64 x 64 bits about its diagonal, in six rounds that swap ever smaller
 * squares (Warren, "Hacker's Delight", 2nd ed., section 7-3). */
static void transpose(uint64_t m[64])
{
    uint64_t low = 0x00000000FFFFFFFFu;
    for (unsigned side = 32; side != 0; side >>= 1, low ^= low << side) {
        for (unsigned i = 0; i < 64; i = (i + side + 1) & ~side) {
            const uint64_t swapped = (m[i] >> side ^ m[i + side]) & low;
            m[i] ^= swapped << side;
            m[i + side] ^= swapped;
        }
    }
}

void ko_hamming_slice(const uint64_t *rows, size_t n, ko_hamming_slices *out)
{
    assert(n >= 1 && n <= KO_HAMMING_BLOCK);
    for (size_t first = 0; first < KO_HAMMING_BLOCK; first += 64) {
        for (size_t i = 0; i < KO_HAMMING_WORDS; i++) {
            uint64_t square[64] = {0};
            for (size_t r = 0; r < 64 && first + r < n; r++)
                square[r] = rows[KO_HAMMING_WORDS * (first + r) + i];
            transpose(square);
            for (size_t g = 0; g < 64; g++)
                out->bits[KO_HAMMING_WORDS * g + i][first / 64] = square[g];
        }
    }
}
