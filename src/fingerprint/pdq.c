/* The production path: the filter of PDQ as one linear map in exact integers.
 *
 * Two box passes and the pick of every n/64-th result come to 64 weighted sums of at most
 * seven neighbouring pixels an axis. Summing rows first touches each pixel about once;
 * no filtered picture is ever written, and nothing is rounded before the very end. */
#include "fingerprint/pdq.h"

#include <assert.h>
#include <string.h>

#define SIDE KO_FP_THUMB_SIDE
#define TAPS KO_WINDOW /* the longest sum, 2 * 4 - 1 pixels, and a zero */
#define UNIT 12        /* a box pass weighs in twelfths: its window has 1 to 4 pixels */
#define BLOCK 4096     /* columns summed at a time, to stay within the first-level cache */

/* What the filter does along an axis of n grid pixels: thumbnail pixel i is the sum of
 * tap[i][k] * pixel[first[i] + k] divided by total. */
typedef struct axis {
    uint32_t n;
    uint32_t taps;
    int16_t total; /* sum of each row of tap; times 255 it fits 15 bits */
    uint16_t first[SIDE];
    int16_t tap[SIDE][TAPS];
} axis;

/* The first pass puts at y the mean of those pixels of its window that exist, the second
 * the mean of these means around the centre, where all exist. */
static void axis_init(axis *a, uint32_t n)
{
    const size_t window = ko_fp_window(n);
    const size_t after = window / 2; /* pixels of the window on either side of its own */
    const size_t before = window - 1 - after;
    *a = (axis){.n = n, .taps = (uint32_t)(2 * window - 1), .total = (int16_t)(UNIT * window)};
    assert(n >= KO_FP_GRID_MIN && a->taps < TAPS);
    for (size_t i = 0; i < SIDE; i++) {
        const size_t centre = ko_fp_centre(i, n);
        assert(centre >= 2 * before && centre + after < n);
        a->first[i] = (uint16_t)(centre - 2 * before);
        for (size_t y = centre - before; y <= centre + after; y++) {
            const size_t last = y + after < n ? y + after : n - 1;
            const size_t count = last - (y - before) + 1;
            for (size_t k = y - before; k <= last; k++) {
                int16_t *tap = &a->tap[i][k - a->first[i]];
                *tap = (int16_t)(*tap + (int)(UNIT / count));
            }
        }
    }
}

/* One raster on its way to the thumbnail. */
typedef struct filter {
    const ko_simd *simd;
    const ko_grey *luma;
    ko_extent full;
    axis rows, columns;
    bool gathers;                    /* grid columns are not simply the raster's */
    uint32_t column[KO_FP_GRID_MAX]; /* if so, the raster column of each */
    /* One row of sums over the grid columns; the last windows end in the zeros behind. */
    int16_t sums[KO_FP_GRID_MAX + TAPS];
} filter;

static void filter_init(filter *f, const ko_simd *simd, const ko_grey *luma, const ko_extent *full)
{
    const ko_fp_grid grid = ko_fp_grid_of(full->width, full->height);
    f->simd = simd;
    f->luma = luma;
    f->full = *full;
    axis_init(&f->rows, grid.height);
    axis_init(&f->columns, grid.width);
    f->gathers = luma->width != grid.width || full->shrink > 1;
    for (uint32_t x = 0; f->gathers && x < grid.width; x++)
        f->column[x] = ko_fp_grid_at(x, full->width, grid.width) / full->shrink;
    memset(f->sums, 0, sizeof f->sums);
}

static const uint8_t *grid_row(const filter *f, uint32_t y)
{
    const uint32_t within = y < f->rows.n ? y : f->rows.n - 1; /* beyond, it has no weight */
    const uint32_t full_y = ko_fp_grid_at(within, f->full.height, f->rows.n);
    return f->luma->px + f->luma->stride * (full_y / f->full.shrink);
}

/* Weighted sums of the rows that make thumbnail row i. */
static void sum_rows(filter *f, size_t i)
{
    const uint8_t *rows[TAPS];
    const uint32_t taps = f->rows.taps;
    for (uint32_t k = 0; k < taps; k++)
        rows[k] = grid_row(f, f->rows.first[i] + k);
    if (!f->gathers) {
        f->simd->weighted_rows(rows, f->rows.tap[i], taps, f->columns.n, f->sums);
        return;
    }
    int16_t block[BLOCK];
    size_t x = 0;
    for (size_t start = 0; start < f->luma->width; start += BLOCK) {
        const size_t left = f->luma->width - start;
        const size_t n = left < BLOCK ? left : BLOCK;
        f->simd->weighted_rows(rows, f->rows.tap[i], taps, n, block);
        for (; x < f->columns.n && f->column[x] < start + n; x++)
            f->sums[x] = block[f->column[x] - start];
        for (uint32_t k = 0; k < taps; k++)
            rows[k] += n;
    }
    assert(x == f->columns.n);
}

void ko_fp_thumbnail(const ko_simd *simd, const ko_grey *luma, const ko_extent *full,
                     ko_fp_thumb *out_thumb)
{
    filter f;
    filter_init(&f, simd, luma, full);
    const float scale = 1.0f / (float)(f.rows.total * f.columns.total);
    for (size_t i = 0; i < SIDE; i++) {
        int32_t row[SIDE];
        sum_rows(&f, i);
        simd->weighted_windows(f.sums, f.columns.first, f.columns.tap, SIDE, row);
        for (size_t j = 0; j < SIDE; j++)
            out_thumb->px[i][j] = (float)row[j] * scale;
    }
}

/* Checks the picture and gives its coefficients; all zero when it is too small to have
 * any, so that no bit comes out set. */
static ko_status transform(const ko_grey *luma, const ko_extent *full, ko_fp_dct *out_dct,
                           int *out_quality, ko_error *err)
{
    const ko_extent as_is = {luma->width, luma->height, 1};
    if (!full)
        full = &as_is;
    const ko_status st = ko_fp_check_size(full->width, full->height, err);
    if (st != KO_OK)
        return st;
    assert(luma->px && luma->stride >= luma->width && full->shrink);
    assert(luma->width == (full->width + full->shrink - 1) / full->shrink);
    assert(luma->height == (full->height + full->shrink - 1) / full->shrink);
    ko_fp_thumb thumb = {{{0}}};
    if (ko_fp_hashable(ko_fp_grid_of(full->width, full->height)))
        ko_fp_thumbnail(ko_simd_get(), luma, full, &thumb);
    ko_fp_dct_of(&thumb, out_dct);
    if (out_quality)
        *out_quality = ko_fp_quality(&thumb);
    return KO_OK;
}

ko_status ko_fp_from_grey(const ko_grey *luma, const ko_extent *full, ko_fp *out_fp,
                          int *out_quality, ko_error *err)
{
    ko_fp_dct dct;
    const ko_status st = transform(luma, full, &dct, out_quality, err);
    if (st == KO_OK)
        ko_fp_bits(&dct, out_fp);
    return st;
}

ko_status ko_fp_orientations(const ko_grey *luma, const ko_extent *full,
                             ko_fp out_fps[KO_ORIENT_COUNT], int *out_quality, ko_error *err)
{
    ko_fp_dct dct;
    const ko_status st = transform(luma, full, &dct, out_quality, err);
    if (st == KO_OK)
        ko_fp_bits_all(&dct, out_fps);
    return st;
}
