#include "simd/kernels.h"

#define SIDE KO_TENSOR_SIDE
#define ROWS (2 * KO_TENSOR_REACH + 1)
#define COLUMNS (SIDE + 1) /* one too many, for the sake of even numbers */

/* A row of pixels, smoothed by 1 4 6 4 1 and its differences 1 2 0 -2 -1. */
typedef struct line {
    int16_t smooth[COLUMNS], differ[COLUMNS];
} line;

static inline void line_of(const uint8_t *px, line *out)
{
    for (size_t x = 0; x < COLUMNS; x++) {
        const int a = px[x], b = px[x + 1], c = px[x + 2], d = px[x + 3], e = px[x + 4];
        out->smooth[x] = (int16_t)(a + 4 * (b + d) + 6 * c + e);
        out->differ[x] = (int16_t)(e - a + 2 * (d - b));
    }
}

/* Of the middle one of five lines. */
static inline void gradients_of(const line *l, int16_t x[COLUMNS], int16_t y[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++) {
        x[i] = (int16_t)(l[0].differ[i] + 4 * (l[1].differ[i] + l[3].differ[i]) +
                         6 * l[2].differ[i] + l[4].differ[i]);
        y[i] = (int16_t)(l[4].smooth[i] - l[0].smooth[i] + 2 * (l[3].smooth[i] - l[1].smooth[i]));
    }
    x[SIDE] = y[SIDE] = 0;
}

/* Seven products of at most 12,240 each way fit 31 bits. */
static inline int32_t product(const int16_t a[COLUMNS], const int16_t b[COLUMNS])
{
    int32_t sum = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        sum += a[i] * b[i];
    return sum;
}

void ko_tensor_scalar(const uint8_t *centre, ptrdiff_t stride, ko_tensor *out)
{
    line lines[ROWS];
    for (ptrdiff_t y = 0; y < ROWS; y++)
        line_of(centre + (y - KO_TENSOR_REACH) * stride - KO_TENSOR_REACH, &lines[y]);
    ko_tensor sum = {0};
    for (size_t row = 0; row < SIDE; row++) {
        int16_t x[COLUMNS], y[COLUMNS];
        gradients_of(lines + row, x, y);
        sum.xx += product(x, x);
        sum.xy += product(x, y);
        sum.yy += product(y, y);
    }
    *out = sum;
}
