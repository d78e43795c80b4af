#include "simd/kernels.h"

void ko_blend_rows_scalar(const uint8_t *const rows[KO_RESAMPLE_TAPS],
                          const int16_t weights[KO_RESAMPLE_TAPS], size_t n, uint8_t *restrict out)
{
    const uint8_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
    const uint16_t of_a = (uint16_t)weights[0], of_b = (uint16_t)weights[1];
    const uint16_t of_c = (uint16_t)weights[2], of_d = (uint16_t)weights[3];
    for (size_t x = 0; x < n; x++) {
        const uint16_t ab = (uint16_t)(of_a * a[x] + of_b * b[x]);
        const uint16_t cd = (uint16_t)(of_c * c[x] + of_d * d[x]);
        out[x] = (uint8_t)((uint16_t)(ab + cd + 64) / 128);
    }
}
