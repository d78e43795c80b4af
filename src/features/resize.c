/* Two passes an output row: the rows it comes from are blended to one line of bytes, then
 * the line is resampled. Weights are of 128, so that a byte times a weight and the sum of
 * two such products fit 16 bits. */
#include "features/resize.h"

#include "base/alloc.h"
#include "simd/simd.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define ONE 128
#define WEIGHT_MAX INT8_MAX
/* The half width of a triangle of KO_RESAMPLE_TAPS inputs, with some room for rounding. */
#define HALF_WIDTH_MAX 1.9f
/* Places this near to the end of a triangle have no weight. */
#define NEAR 1e-3f

/* The inputs of one output on one axis: first, first + 1, ... */
typedef struct taps {
    uint32_t first;
    int16_t weight[KO_RESAMPLE_TAPS];
} taps;

/* These compile to a few instructions; those of the mathematical library are calls. */
static float lesser(float a, float b)
{
    return a < b ? a : b;
}

static float greater(float a, float b)
{
    return a > b ? a : b;
}

static int32_t floor_of(float v)
{
    const int32_t i = (int32_t)v;
    return i - ((float)i > v);
}

static uint32_t clamped(int32_t i, uint32_t n)
{
    return i < 0 ? 0 : (uint32_t)i < n ? (uint32_t)i : n - 1;
}

/* The n shares, which add up to sum, in whole 128ths that add up to ONE. The heaviest takes
 * what rounding left; the one beside it takes what that is over WEIGHT_MAX. */
static void round_weights(const float *share, float sum, uint32_t n, int16_t *weight)
{
    int left = ONE;
    uint32_t top = 0;
    for (uint32_t k = 0; k < n; k++) {
        weight[k] = (int16_t)(share[k] / sum * ONE + .5f);
        left -= weight[k];
        top = share[k] > share[top] ? k : top;
    }
    weight[top] = (int16_t)(weight[top] + left);
    if (weight[top] > WEIGHT_MAX) {
        weight[top] = WEIGHT_MAX;
        weight[top ? top - 1 : 1] = ONE - WEIGHT_MAX;
    }
}

/* Where output i comes from among n_in, step apart. */
static void taps_of(uint32_t i, uint32_t n_in, float step, taps *out)
{
    const float half = lesser(greater(step, 1.f), HALF_WIDTH_MAX);
    const float centre = ((float)i + .5f) * step - .5f;
    const uint32_t first = clamped(-floor_of(half - centre - NEAR), n_in);
    const uint32_t last = clamped(floor_of(centre + half - NEAR), n_in);
    assert(last >= first && last - first < KO_RESAMPLE_TAPS);
    *out = (taps){.first = first};
    float share[KO_RESAMPLE_TAPS];
    float sum = 0;
    for (uint32_t k = 0; k <= last - first; k++) {
        share[k] = greater(1.f - fabsf((float)(first + k) - centre) / half, NEAR);
        sum += share[k];
    }
    round_weights(share, sum, last - first + 1, out->weight);
}

static void fours_make(ko_resample_four *fours, uint32_t n_in, uint32_t n_out, float step)
{
    for (uint32_t i = 0; i < n_out; i += 4) {
        ko_resample_four *four = &fours[i / 4];
        for (uint32_t o = 0; o < 4; o++) {
            taps t;
            taps_of(i + o < n_out ? i + o : n_out - 1, n_in, step, &t);
            if (o == 0)
                four->first = t.first;
            for (uint32_t k = 0; k < KO_RESAMPLE_TAPS; k++) {
                const uint32_t at = clamped((int32_t)(t.first + k), n_in) - four->first;
                assert(at < sizeof four->index);
                four->index[KO_RESAMPLE_TAPS * o + k] = (uint8_t)at;
                four->weight[KO_RESAMPLE_TAPS * o + k] = (int8_t)t.weight[k];
            }
        }
    }
}

/* The line of bytes that an output row comes from. */
static void blend_rows(const ko_features_kernels *kernels, const ko_grey *in, const taps *t,
                       uint8_t *line)
{
    const uint8_t *rows[KO_RESAMPLE_TAPS];
    for (uint32_t k = 0; k < KO_RESAMPLE_TAPS; k++)
        rows[k] = in->px + in->stride * clamped((int32_t)(t->first + k), in->height);
    kernels->blend_rows(rows, t->weight, in->width, line);
}

/* Steps, in inputs per output, are below 2. */
static ko_status resample(const ko_grey *in, float step_x, float step_y, const ko_grey *out,
                          ko_error *err)
{
    const ko_features_kernels *kernels = &ko_simd_get()->features;
    ko_status st = KO_OK;
    const size_t n_fours = ((size_t)out->width + 3) / 4;
    ko_resample_four *fours = ko_alloc_array(n_fours, sizeof *fours);
    uint8_t *line = ko_alloc_zero((size_t)in->width + sizeof fours->index, 1);
    if (!fours || !line) {
        st = ko_fail(err, KO_E_NOMEM, "resizing a picture of %u x %u px", in->width, in->height);
        goto done;
    }
    fours_make(fours, in->width, out->width, step_x);
    for (uint32_t y = 0; y < out->height; y++) {
        taps t;
        taps_of(y, in->height, step_y, &t);
        blend_rows(kernels, in, &t, line);
        kernels->resample_row(line, fours, out->width, out->px + out->stride * y);
    }
done:
    ko_free(fours);
    ko_free(line);
    return st;
}

static void copy(const ko_grey *in, const ko_grey *out)
{
    for (uint32_t y = 0; y < in->height; y++)
        memcpy(out->px + out->stride * y, in->px + in->stride * y, in->width);
}

/* The means of pairs in two rows; a last one without a neighbour stands for both. */
static void halve_row(const uint8_t *a, const uint8_t *b, uint32_t n, uint8_t *out)
{
    for (size_t x = 0; x < n / 2; x++)
        out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) / 4);
    if (n % 2)
        out[n / 2] = (uint8_t)((a[n - 1] + b[n - 1] + 1) / 2);
}

static void mean_row(const uint8_t *a, const uint8_t *b, uint32_t n, uint8_t *out)
{
    for (uint32_t x = 0; x < n; x++)
        out[x] = (uint8_t)((a[x] + b[x] + 1) / 2);
}

/* Fills half, whose width, height or both are half those of in, rounded up. It may share
 * the picture's memory: a pixel is written only after those it comes from, and all before
 * them, were read. */
static void halve(const ko_grey *in, const ko_grey *half)
{
    const size_t rows = half->height < in->height ? 2 : 1;
    for (size_t y = 0; y < half->height; y++) {
        const uint8_t *a = in->px + in->stride * (rows * y);
        const uint8_t *b = rows * y + rows <= in->height ? a + in->stride * (rows - 1) : a;
        (half->width < in->width ? halve_row : mean_row)(a, b, in->width,
                                                         half->px + half->stride * y);
    }
}

ko_status ko_resize(const ko_grey *in, const ko_grey *out, ko_error *err)
{
    assert(in->width && in->height && out->width && out->height);
    if (in->width == out->width && in->height == out->height) {
        copy(in, out);
        return KO_OK;
    }
    ko_grey from = *in;
    /* A last pixel that has no neighbour is halved to one that is half as wide. */
    float step_x = (float)in->width / (float)out->width;
    float step_y = (float)in->height / (float)out->height;
    uint8_t *halves = NULL;
    while (from.width / 2 >= out->width || from.height / 2 >= out->height) {
        ko_grey half = from;
        if (from.width / 2 >= out->width) {
            half.width = (from.width + 1) / 2;
            step_x /= 2;
        }
        if (from.height / 2 >= out->height) {
            half.height = (from.height + 1) / 2;
            step_y /= 2;
        }
        half.stride = half.width;
        if (!halves)
            halves = ko_alloc_array(half.width, half.height);
        if (!halves)
            return ko_fail(err, KO_E_NOMEM, "half of a picture of %u x %u px", in->width,
                           in->height);
        half.px = halves;
        halve(&from, &half);
        from = half;
    }
    const ko_status st = resample(&from, step_x, step_y, out, err);
    ko_free(halves);
    return st;
}
