#include "simd/histogram.h"
#include "simd/kernels.h"

#include <math.h>
#include <string.h>

#define SIDE KO_HISTOGRAM_SIDE
#define CELLS KO_HISTOGRAM_CELLS
#define DIRECTIONS KO_HISTOGRAM_DIRECTIONS

/* Of 16 samples, what each direction gets. */
typedef int16_t shares[DIRECTIONS][SIDE];

static void gather(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *p, size_t row,
                   ko_gradient out[SIDE])
{
    const int32_t x0 = ko_row_x(p, row), y0 = ko_row_y(p, row);
    for (size_t i = 0; i < SIDE; i++) {
        const int32_t x = (x0 + p->cos * ko_sample_offset(i)) >> KO_HISTOGRAM_SHIFT;
        const int32_t y = (y0 + p->sin * ko_sample_offset(i)) >> KO_HISTOGRAM_SHIFT;
        out[i] = grad[(y & (KO_HISTOGRAM_ROWS - 1)) * stride + x];
    }
}

/* A product of 15 bits below the point, rounded. */
static int16_t rounded(int32_t product)
{
    return (int16_t)((product + KO_HISTOGRAM_HALF) >> KO_HISTOGRAM_SHIFT);
}

static int16_t beyond(int along, int least)
{
    return (int16_t)(along > least ? along - least : 0);
}

static void share_out(const ko_gradient g[SIDE], const ko_patch *p, shares out)
{
    for (size_t i = 0; i < SIDE; i++) {
        const float square = (float)(g[i].x * g[i].x + g[i].y * g[i].y);
        const int least = (int)(KO_HISTOGRAM_LEAST * sqrtf(square) + .5f);
        const int x = rounded(p->cos * g[i].x + p->sin * g[i].y);
        const int y = rounded(p->cos * g[i].y - p->sin * g[i].x);
        const int down = rounded((x + y) * KO_HISTOGRAM_DIAGONAL);
        const int up = rounded((x - y) * KO_HISTOGRAM_DIAGONAL);
        out[0][i] = beyond(x, least);
        out[1][i] = beyond(down, least);
        out[2][i] = beyond(y, least);
        out[3][i] = beyond(-up, least);
        out[4][i] = beyond(-x, least);
        out[5][i] = beyond(-down, least);
        out[6][i] = beyond(-y, least);
        out[7][i] = beyond(up, least);
    }
}

static void add_weighted(shares in, int16_t weight, shares sums)
{
    for (size_t d = 0; d < DIRECTIONS; d++)
        for (size_t i = 0; i < SIDE; i++)
            sums[d][i] = (int16_t)(sums[d][i] + rounded(in[d][i] * weight));
}

/* Sums of a line's columns to its cells. */
static void finish_line(shares columns, int32_t out[CELLS * DIRECTIONS])
{
    for (size_t d = 0; d < DIRECTIONS; d++) {
        uint32_t cells[CELLS + 2] = {0}; /* those outside get nothing */
        for (size_t group = 0; group <= CELLS; group++)
            for (size_t i = ko_sample_group[group]; i < ko_sample_group[group + 1]; i++) {
                cells[group] += (uint32_t)(columns[d][i] * ko_weight_before[i]);
                cells[group + 1] += (uint32_t)(columns[d][i] * ko_weight_after[i]);
            }
        for (size_t c = 0; c < CELLS; c++)
            out[c * DIRECTIONS + d] = (int32_t)(cells[c + 1] >> KO_HISTOGRAM_DROP);
    }
}

static void to_bins(const int32_t cells[KO_HISTOGRAM_BINS], uint8_t out[KO_HISTOGRAM_BINS])
{
    int32_t total = 0;
    for (size_t i = 0; i < KO_HISTOGRAM_BINS; i++)
        total += cells[i];
    const float gain = KO_HISTOGRAM_GAIN / (float)(total ? total : 1);
    for (size_t i = 0; i < KO_HISTOGRAM_BINS; i++) {
        const float bin = sqrtf((float)cells[i] * gain);
        out[i] = (uint8_t)(bin < KO_HISTOGRAM_MAX ? bin : KO_HISTOGRAM_MAX);
    }
}

void ko_histogram_scalar(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *patch,
                         uint8_t out[KO_HISTOGRAM_BINS])
{
    int32_t cells[KO_HISTOGRAM_BINS];
    shares before = {{0}}; /* the line of cells before a group of rows, and the one after */
    for (size_t group = 0; group <= CELLS; group++) {
        shares after = {{0}};
        for (size_t row = ko_sample_group[group]; row < ko_sample_group[group + 1]; row++) {
            ko_gradient samples[SIDE];
            shares now;
            gather(grad, stride, patch, row, samples);
            share_out(samples, patch, now);
            add_weighted(now, ko_weight_before[row], before);
            add_weighted(now, ko_weight_after[row], after);
        }
        if (group > 0)
            finish_line(before, cells + (group - 1) * CELLS * DIRECTIONS);
        memcpy(before, after, sizeof before);
    }
    to_bins(cells, out);
}
