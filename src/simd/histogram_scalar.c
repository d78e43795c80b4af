#include "simd/histogram.h"
#include "simd/kernels.h"

#include <math.h>

/* A gradient in the frame of the patch, and how much of its length a direction must beat. */
typedef struct sample {
    float x, y, least;
} sample;

/* One line of cells, and all of them. */
typedef float line[KO_HISTOGRAM_LINE][KO_HISTOGRAM_DIRECTIONS];
typedef line cells[KO_HISTOGRAM_LINE];

static void take_samples(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *p, size_t row,
                         sample out[KO_HISTOGRAM_SIDE])
{
    const float v = ko_sample_offset(row);
    const float x0 = p->x - p->sin * v + .5f + KO_HISTOGRAM_BIAS;
    const float y0 = p->y + p->cos * v + .5f + KO_HISTOGRAM_BIAS;
    for (size_t i = 0; i < KO_HISTOGRAM_SIDE; i++) {
        const float u = ko_sample_offset(i);
        const int x = (int)(x0 + p->cos * u) - KO_HISTOGRAM_BIAS;
        const int y = (int)(y0 + p->sin * u) - KO_HISTOGRAM_BIAS;
        const ko_gradient g = grad[y * stride + x];
        const float gx = g.x, gy = g.y;
        out[i] = (sample){p->cos * gx + p->sin * gy, p->cos * gy - p->sin * gx,
                          KO_HISTOGRAM_LEAST * sqrtf(gx * gx + gy * gy)};
    }
}

static float beyond(const sample *s, size_t direction)
{
    const float along = ko_direction_cos[direction] * s->x + ko_direction_sin[direction] * s->y;
    return along - s->least > 0 ? along - s->least : 0;
}

static void add_row(const sample samples[KO_HISTOGRAM_SIDE], size_t row, cells all)
{
    line sums = {{0}};
    for (size_t i = 0; i < KO_HISTOGRAM_SIDE; i++)
        for (size_t d = 0; d < KO_HISTOGRAM_DIRECTIONS; d++) {
            const float share = beyond(&samples[i], d);
            sums[ko_sample_cell(i)][d] += ko_sample_weight[i][0] * share;
            sums[ko_sample_cell(i) + 1][d] += ko_sample_weight[i][1] * share;
        }
    for (size_t k = 0; k < 2; k++)
        for (size_t c = 0; c < KO_HISTOGRAM_LINE; c++)
            for (size_t d = 0; d < KO_HISTOGRAM_DIRECTIONS; d++)
                all[ko_sample_cell(row) + k][c][d] += ko_sample_weight[row][k] * sums[c][d];
}

static float total(cells all)
{
    float sum[KO_HISTOGRAM_DIRECTIONS] = {0};
    for (size_t y = 1; y <= KO_HISTOGRAM_CELLS; y++)
        for (size_t x = 1; x <= KO_HISTOGRAM_CELLS; x++)
            for (size_t d = 0; d < KO_HISTOGRAM_DIRECTIONS; d++)
                sum[d] += all[y][x][d];
    return ko_histogram_total(sum);
}

void ko_histogram_scalar(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *patch,
                         uint8_t out[KO_HISTOGRAM_BINS])
{
    cells all = {{{0}}};
    for (size_t row = 0; row < KO_HISTOGRAM_SIDE; row++) {
        sample samples[KO_HISTOGRAM_SIDE];
        take_samples(grad, stride, patch, row, samples);
        add_row(samples, row, all);
    }
    const float sum = total(all);
    for (size_t y = 1; y <= KO_HISTOGRAM_CELLS; y++)
        for (size_t x = 1; x <= KO_HISTOGRAM_CELLS; x++)
            for (size_t d = 0; d < KO_HISTOGRAM_DIRECTIONS; d++) {
                const float bin = KO_HISTOGRAM_GAIN * sqrtf(all[y][x][d] / sum);
                *out++ = (uint8_t)(bin < KO_HISTOGRAM_MAX ? bin : KO_HISTOGRAM_MAX);
            }
}
