#include "simd/kernels.h"

#include <stdbool.h>

/* Whether row[0] is above those after it in reading order and not below those before. */
static bool is_peak(const uint8_t *above, const uint8_t *row, const uint8_t *below)
{
    const uint8_t it = row[0];
    return it > row[1] && it > below[-1] && it > below[0] && it > below[1] && it >= above[-1] &&
           it >= above[0] && it >= above[1] && it >= row[-1];
}

size_t ko_peaks_row_scalar(const uint8_t *above, const uint8_t *row, const uint8_t *below, size_t n,
                           uint16_t *out)
{
    size_t found = 0;
    for (size_t x = 0; x < n; x++)
        if (is_peak(above + x, row + x, below + x))
            out[found++] = (uint16_t)x;
    return found;
}
