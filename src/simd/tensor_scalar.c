#include "simd/kernels.h"

#define SIDE KO_TENSOR_SIDE
#define ROWS (2 * KO_TENSOR_REACH + 1)

/* A row of pixels, smoothed by 1 4 6 4 1 and its differences 1 2 0 -2 -1. */
typedef struct line {
    int16_t smooth[SIDE], differ[SIDE];
} line;

static line line_of(const uint8_t *px)
{
    line l;
    for (size_t x = 0; x < SIDE; x++, px++) {
        l.smooth[x] = (int16_t)(px[0] + 4 * px[1] + 6 * px[2] + 4 * px[3] + px[4]);
        l.differ[x] = (int16_t)(px[4] - px[0] + 2 * (px[3] - px[1]));
    }
    return l;
}

void ko_tensor_scalar(const uint8_t *centre, ptrdiff_t stride, ko_tensor *out)
{
    line lines[ROWS];
    for (ptrdiff_t y = 0; y < ROWS; y++)
        lines[y] = line_of(centre + (y - KO_TENSOR_REACH) * stride - KO_TENSOR_REACH);
    *out = (ko_tensor){0};
    for (const line *l = lines; l < lines + SIDE; l++)
        for (size_t x = 0; x < SIDE; x++) {
            const int64_t gx = l[0].differ[x] + 4 * l[1].differ[x] + 6 * l[2].differ[x] +
                               4 * l[3].differ[x] + l[4].differ[x];
            const int64_t gy =
                l[4].smooth[x] - l[0].smooth[x] + 2 * (l[3].smooth[x] - l[1].smooth[x]);
            out->xx += gx * gx;
            out->xy += gx * gy;
            out->yy += gy * gy;
        }
}
