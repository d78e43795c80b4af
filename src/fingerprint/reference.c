/* PDQ with every float rounded as the reference program rounds it.
 *
 * Sums run in its order: running sums of the box passes, add before subtract; products of
 * the transform one after the other. So no loop here may be regrouped for speed, and the
 * compiler may neither fuse multiply-adds nor keep excess precision. */
#include "base/alloc.h"
#include "base/status.h"
#include "fingerprint/pdq.h"

#include <assert.h>
#include <string.h>

#define SIDE KO_FP_THUMB_SIDE
#define BAND KO_FP_DCT_SIDE
#define BOX_PASSES 2

/* Luma of the grid pixels, Rec. 601 weights. */
static void grid_luma(const ko_rgb *rgb, ko_fp_grid grid, float *out)
{
    for (uint32_t y = 0; y < grid.height; y++) {
        const uint8_t *row = rgb->px + rgb->stride * ko_fp_grid_at(y, rgb->height, grid.height);
        for (uint32_t x = 0; x < grid.width; x++) {
            const uint8_t *px = row + (size_t)3 * ko_fp_grid_at(x, rgb->width, grid.width);
            *out++ = 0.299f * (float)px[0] + 0.587f * (float)px[1] + 0.114f * (float)px[2];
        }
    }
}

/* Replaces n numbers, stride apart, by means over a window that is cut off at both ends. */
static void box_pass(const float *in, float *out, size_t n, size_t stride, size_t window)
{
    const size_t after = window / 2;
    const size_t before = window - 1 - after;
    float sum = 0;
    size_t count = 0;
    for (; count < after; count++)
        sum += in[count * stride];
    for (size_t x = 0; x < n; x++) {
        if (x + after < n) {
            sum += in[(x + after) * stride];
            count++;
        }
        if (x > before) {
            sum -= in[(x - before - 1) * stride];
            count--;
        }
        out[x * stride] = sum / (float)count;
    }
}

/* Blurs buffer in place; spare is as large. */
static void blur(float *buffer, float *spare, ko_fp_grid grid)
{
    for (int pass = 0; pass < BOX_PASSES; pass++) {
        for (size_t y = 0; y < grid.height; y++)
            box_pass(buffer + y * grid.width, spare + y * grid.width, grid.width, 1,
                     ko_fp_window(grid.width));
        for (size_t x = 0; x < grid.width; x++)
            box_pass(spare + x, buffer + x, grid.height, grid.width, ko_fp_window(grid.height));
    }
}

static void pick_thumb(const float *buffer, ko_fp_grid grid, ko_fp_thumb *out_thumb)
{
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++)
            out_thumb->px[i][j] =
                buffer[ko_fp_centre(i, grid.height) * grid.width + ko_fp_centre(j, grid.width)];
}

static void dct_in_order(const ko_fp_thumb *thumb, ko_fp_dct *out_dct)
{
    const ko_fp_dct_row *const matrix = ko_fp_dct_matrix();
    float rows[BAND][SIDE];
    for (size_t i = 0; i < BAND; i++)
        for (size_t j = 0; j < SIDE; j++) {
            float sum = 0;
            for (size_t k = 0; k < SIDE; k++)
                sum += matrix[i][k] * thumb->px[k][j];
            rows[i][j] = sum;
        }
    for (size_t i = 0; i < BAND; i++)
        for (size_t j = 0; j < BAND; j++) {
            float sum = 0;
            for (size_t k = 0; k < SIDE; k++)
                sum += rows[i][k] * matrix[j][k];
            out_dct->c[i][j] = sum;
        }
}

/* The program filters before it turns, but takes a picture of 64x64 as it is when it
 * is asked for one fingerprint alone. */
static int hash_buffer(float *buffer, float *spare, ko_fp_grid grid, ko_fp out_fps[KO_ORIENT_COUNT])
{
    ko_fp_thumb plain;
    ko_fp_thumb filtered;
    ko_fp_dct dct;
    const bool is_thumb = grid.width == SIDE && grid.height == SIDE;
    if (is_thumb)
        pick_thumb(buffer, grid, &plain);
    blur(buffer, spare, grid);
    pick_thumb(buffer, grid, &filtered);
    dct_in_order(&filtered, &dct);
    ko_fp_bits_all(&dct, out_fps);
    if (!is_thumb)
        return ko_fp_quality(&filtered);
    dct_in_order(&plain, &dct);
    ko_fp_bits(&dct, &out_fps[KO_ORIENT_NONE]);
    return ko_fp_quality(&plain);
}

ko_status ko_fp_reference(const ko_rgb *rgb, ko_fp out_fps[KO_ORIENT_COUNT], int *out_quality,
                          ko_error *err)
{
    const ko_status st = ko_fp_check_size(rgb->width, rgb->height, err);
    if (st != KO_OK)
        return st;
    assert(rgb->px && rgb->stride >= 3 * (size_t)rgb->width);
    const ko_fp_grid grid = ko_fp_grid_of(rgb->width, rgb->height);
    int quality = 0;
    if (ko_fp_hashable(grid)) {
        const size_t n = (size_t)grid.width * grid.height;
        float *buffer = ko_alloc_array(2 * n, sizeof *buffer);
        if (!buffer)
            return ko_fail(err, KO_E_NOMEM, "luma of %u x %u px", grid.width, grid.height);
        grid_luma(rgb, grid, buffer);
        quality = hash_buffer(buffer, buffer + n, grid, out_fps);
        ko_free(buffer);
    } else {
        memset(out_fps, 0, KO_ORIENT_COUNT * sizeof *out_fps);
    }
    if (out_quality)
        *out_quality = quality;
    return KO_OK;
}
