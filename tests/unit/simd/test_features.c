/* The kernels of keypoints: the scalar ones by hand, and every level of this machine
 * against them, on exact-size blocks so that reads and writes beyond the end are caught. */
#include "simd/simd.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CANARY 0x5A
#define GRADIENT_MAX 12240 /* of a step from black to white */

/* 0 to 69, and some that take several rounds of the widest kernels. */
static const size_t lengths_above[] = {70, 127, 128, 200, 255, 256, 257, 271, 272, 273, 700};
#define LENGTHS (70 + sizeof lengths_above / sizeof *lengths_above)

static size_t length_at(size_t i)
{
    return i < 70 ? i : lengths_above[i - 70];
}

static uint32_t seed = 1;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 16;
}

static void *block(size_t size)
{
    void *bytes = malloc(size ? size : 1);
    assert_non_null(bytes);
    return bytes;
}

/* Pixels of chance, of few greys (so that many are equal), of extremes, or all the same. */
static uint8_t *random_pixels(size_t n, unsigned fill)
{
    uint8_t *px = block(n);
    for (size_t i = 0; i < n; i++) {
        const uint32_t r = next_random();
        px[i] = (uint8_t)(fill == 0 ? r : fill == 1 ? r % 3 : fill == 2 ? r % 2 * UINT8_MAX : 77);
    }
    return px;
}

static const ko_features_kernels *scalar(void)
{
    return &ko_simd_at(KO_SIMD_SCALAR)->features;
}

/* Calls check for each level above the reference that this machine has. */
static void each_level(void (*check)(const ko_features_kernels *kernels))
{
    for (unsigned level = 1; level < KO_SIMD_LEVELS; level++) {
        const ko_simd *simd = ko_simd_at((ko_simd_level)level);
        if (simd)
            check(&simd->features);
    }
}

/* --- resampling --- */

static void test_blend_is_a_rounded_mean(void **state)
{
    (void)state;
    const uint8_t rows[4][2] = {{10, 255}, {20, 255}, {30, 255}, {40, 255}};
    const uint8_t *in[4] = {rows[0], rows[1], rows[2], rows[3]};
    uint8_t out[2];
    scalar()->blend_rows(in, (const int16_t[]){64, 61, 2, 1}, 2, out);
    assert_int_equal(out[0], 15); /* 640 + 1220 + 60 + 40 = 1960; / 128 = 15.3 */
    assert_int_equal(out[1], 255);
    scalar()->blend_rows(in, (const int16_t[]){0, 0, 64, 64}, 1, out);
    assert_int_equal(out[0], 35);
}

static void random_weights(int16_t weights[KO_RESAMPLE_TAPS])
{
    int left = 128;
    for (size_t k = 0; k < KO_RESAMPLE_TAPS; k++) {
        const int most = left < 127 ? left : 127;
        const int weight = k == KO_RESAMPLE_TAPS - 1 ? most : (int)(next_random() % 128);
        weights[k] = (int16_t)(weight < most ? weight : most);
        left -= weights[k];
    }
}

static void check_blend(const ko_features_kernels *kernels)
{
    for (size_t i = 0; i < LENGTHS; i++)
        for (unsigned fill = 0; fill < 4; fill++) {
            const size_t n = length_at(i);
            uint8_t *rows[KO_RESAMPLE_TAPS];
            const uint8_t *in[KO_RESAMPLE_TAPS];
            int16_t weights[KO_RESAMPLE_TAPS];
            for (size_t k = 0; k < KO_RESAMPLE_TAPS; k++)
                in[k] = rows[k] = random_pixels(n, fill);
            random_weights(weights);
            uint8_t *expected = block(n), *out = block(n + 1);
            out[n] = CANARY;
            scalar()->blend_rows(in, weights, n, expected);
            kernels->blend_rows(in, weights, n, out);
            assert_memory_equal(out, expected, n);
            assert_int_equal(out[n], CANARY);
            for (size_t k = 0; k < KO_RESAMPLE_TAPS; k++)
                free(rows[k]);
            free(expected);
            free(out);
        }
}

static void test_resample_is_a_rounded_mean(void **state)
{
    (void)state;
    uint8_t in[16] = {10, 20, 30, 255};
    const ko_resample_four four = {.index = {0, 1, 2, 3, 1, 1, 1, 1, 3, 0, 0, 0},
                                   .weight = {64, 63, 1, 0, 32, 32, 32, 32, 127, 1, 0, 0}};
    uint8_t out[3];
    scalar()->resample_row(in, &four, 3, out);
    assert_int_equal(out[0], 15); /* 64 * 10 + 63 * 20 + 30 = 1930; / 128 = 15.08 */
    assert_int_equal(out[1], 20);
    assert_int_equal(out[2], 253); /* 127 * 255 + 10 = 32395; / 128 = 253.09 */
}

static void random_four(ko_resample_four *four, size_t length)
{
    four->first = next_random() % 4 ? next_random() % (uint32_t)(length - 15)
                                    : (uint32_t)(length - 16); /* the very last */
    for (size_t o = 0; o < 4; o++) {
        int16_t weights[KO_RESAMPLE_TAPS];
        random_weights(weights);
        for (size_t k = 0; k < KO_RESAMPLE_TAPS; k++) {
            four->index[o * KO_RESAMPLE_TAPS + k] = (uint8_t)(next_random() % 16);
            four->weight[o * KO_RESAMPLE_TAPS + k] = (int8_t)weights[k];
        }
    }
}

static void check_resample(const ko_features_kernels *kernels)
{
    for (size_t i = 0; i < LENGTHS; i++) {
        const size_t n = length_at(i), length = 40, n_fours = (n + 3) / 4;
        uint8_t *in = random_pixels(length, (unsigned)(i % 3));
        ko_resample_four *fours = block(n_fours * sizeof *fours);
        for (size_t k = 0; k < n_fours; k++)
            random_four(&fours[k], length);
        uint8_t *expected = block(n), *out = block(n + 1);
        out[n] = CANARY;
        scalar()->resample_row(in, fours, n, expected);
        kernels->resample_row(in, fours, n, out);
        assert_memory_equal(out, expected, n);
        assert_int_equal(out[n], CANARY);
        free(in);
        free(fours);
        free(expected);
        free(out);
    }
}

/* --- gradients --- */

static void test_gradient_of_a_slope(void **state)
{
    (void)state;
    uint8_t px[5][6];
    for (int y = 0; y < 5; y++)
        for (int x = 0; x < 6; x++)
            px[y][x] = (uint8_t)(100 + 3 * x - 5 * y);
    ko_gradient out[2];
    scalar()->gradient_row(&px[2][2], 6, 2, out);
    assert_int_equal(out[0].x, 128 * 3);
    assert_int_equal(out[0].y, 128 * -5);
    assert_memory_equal(&out[0], &out[1], sizeof *out);
}

static void check_gradients(const ko_features_kernels *kernels)
{
    for (size_t i = 0; i < LENGTHS; i++)
        for (unsigned fill = 0; fill < 4; fill++) {
            const size_t n = length_at(i), stride = n + 4;
            uint8_t *px = random_pixels(5 * stride, fill);
            const uint8_t *start = px + 2 * stride + 2;
            ko_gradient *expected = block(n * sizeof *expected);
            ko_gradient *out = block((n + 1) * sizeof *out);
            out[n].x = CANARY;
            scalar()->gradient_row(start, (ptrdiff_t)stride, n, expected);
            kernels->gradient_row(start, (ptrdiff_t)stride, n, out);
            assert_memory_equal(out, expected, n * sizeof *out);
            assert_int_equal(out[n].x, CANARY);
            free(px);
            free(expected);
            free(out);
        }
}

/* --- corners --- */

/* The score of a pixel of grey 100 with the first n points of the ring, clockwise from
 * the given one, at another grey. */
static int ring_score(size_t first, size_t n, uint8_t grey, uint8_t threshold)
{
    static const int ring[16][2] = {{0, -3}, {1, -3},  {2, -2},  {3, -1}, {3, 0},  {3, 1},
                                    {2, 2},  {1, 3},   {0, 3},   {-1, 3}, {-2, 2}, {-3, 1},
                                    {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}};
    uint8_t px[7][7];
    memset(px, 100, sizeof px);
    for (size_t i = first; i < first + n; i++)
        px[3 + ring[i % 16][1]][3 + ring[i % 16][0]] = grey;
    uint8_t out;
    scalar()->corner_row(&px[3][3], 7, 1, threshold, &out);
    return out;
}

static void test_corner_needs_nine_of_the_ring(void **state)
{
    (void)state;
    for (size_t first = 0; first < 16; first++) {
        assert_int_equal(ring_score(first, 8, 140, 7), 0);
        assert_int_equal(ring_score(first, 9, 140, 7), 40);
        assert_int_equal(ring_score(first, 12, 30, 7), 70);
        assert_int_equal(ring_score(first, 9, 107, 7), 0); /* no more than the threshold */
        assert_int_equal(ring_score(first, 9, 108, 7), 8);
    }
    assert_int_equal(ring_score(0, 16, 255, 0), 155);
}

static void check_corners(const ko_features_kernels *kernels)
{
    for (size_t i = 0; i < LENGTHS; i++)
        for (unsigned fill = 0; fill < 4; fill++) {
            const size_t n = length_at(i), stride = n + 6;
            uint8_t *px = random_pixels(7 * stride, fill);
            const uint8_t *start = px + 3 * stride + 3;
            const uint8_t threshold = (uint8_t)(next_random() % 60);
            uint8_t *expected = block(n), *out = block(n + 1);
            out[n] = CANARY;
            scalar()->corner_row(start, (ptrdiff_t)stride, n, threshold, expected);
            kernels->corner_row(start, (ptrdiff_t)stride, n, threshold, out);
            assert_memory_equal(out, expected, n);
            assert_int_equal(out[n], CANARY);
            free(px);
            free(expected);
            free(out);
        }
}

static void test_last_of_equal_peaks(void **state)
{
    (void)state;
    const uint8_t above[] = {0, 0, 0, 0, 9, 0, 0, 0, 0, 0};
    const uint8_t row[] = {0, 7, 7, 0, 8, 0, 5, 0, 3, 0};
    const uint8_t below[] = {0, 0, 0, 0, 0, 0, 5, 0, 0, 0};
    uint16_t out[8];
    const size_t n = scalar()->peaks_row(above + 1, row + 1, below + 1, 8, out);
    const uint16_t expected[] = {1, 7}; /* not the first 7, the 8 below a 9, the 5 above another */
    assert_int_equal(n, 2);
    assert_memory_equal(out, expected, sizeof expected);
}

static void check_peaks(const ko_features_kernels *kernels)
{
    for (size_t i = 0; i < LENGTHS; i++)
        for (unsigned fill = 0; fill < 4; fill++) {
            const size_t n = length_at(i);
            uint8_t *rows[3];
            for (size_t r = 0; r < 3; r++)
                rows[r] = random_pixels(n + 2, fill);
            uint16_t *expected = block(n * sizeof *expected), *out = block(n * sizeof *out);
            const size_t found =
                scalar()->peaks_row(rows[0] + 1, rows[1] + 1, rows[2] + 1, n, expected);
            assert_int_equal(kernels->peaks_row(rows[0] + 1, rows[1] + 1, rows[2] + 1, n, out),
                             found);
            assert_memory_equal(out, expected, found * sizeof *out);
            for (size_t r = 0; r < 3; r++)
                free(rows[r]);
            free(expected);
            free(out);
        }
}

/* --- sums around one pixel --- */

static ko_gradient *random_gradients(size_t n, unsigned fill)
{
    ko_gradient *g = block(n * sizeof *g);
    for (size_t i = 0; i < n; i++) {
        const int x = (int)(next_random() % (2 * GRADIENT_MAX + 1)) - GRADIENT_MAX;
        const int y = (int)(next_random() % (2 * GRADIENT_MAX + 1)) - GRADIENT_MAX;
        g[i] = fill == 0   ? (ko_gradient){(int16_t)x, (int16_t)y}
               : fill == 1 ? (ko_gradient){GRADIENT_MAX, -GRADIENT_MAX}
               : fill == 2 ? (ko_gradient){(int16_t)(x / 4000), (int16_t)(y / 4000)}
                           : (ko_gradient){0, 0};
    }
    return g;
}

#define TENSOR_ROWS (2 * KO_TENSOR_REACH + 1)
#define TENSOR_ROW 16

static void test_tensor_of_a_slope(void **state)
{
    (void)state;
    uint8_t px[TENSOR_ROWS][TENSOR_ROW];
    for (int y = 0; y < TENSOR_ROWS; y++)
        for (int x = 0; x < TENSOR_ROW; x++)
            px[y][x] = (uint8_t)(100 + 3 * x - 2 * y);
    ko_tensor out;
    scalar()->tensor(&px[KO_TENSOR_REACH][KO_TENSOR_REACH], TENSOR_ROW, &out);
    assert_int_equal(out.xx, 49 * 128 * 128 * 9);
    assert_int_equal(out.xy, 49 * 128 * 128 * -6);
    assert_int_equal(out.yy, 49 * 128 * 128 * 4);
}

/* The gradients are those of the other kernel. */
static void test_tensor_sums_gradients(void **state)
{
    (void)state;
    uint8_t *px = random_pixels((size_t)TENSOR_ROWS * TENSOR_ROW, 0);
    const uint8_t *centre = px + KO_TENSOR_REACH * TENSOR_ROW + KO_TENSOR_REACH;
    ko_tensor expected = {0}, out;
    const int reach = KO_TENSOR_SIDE / 2;
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++) {
            ko_gradient g;
            scalar()->gradient_row(centre + y * TENSOR_ROW + x, TENSOR_ROW, 1, &g);
            expected.xx += g.x * g.x;
            expected.xy += g.x * g.y;
            expected.yy += g.y * g.y;
        }
    scalar()->tensor(centre, TENSOR_ROW, &out);
    assert_memory_equal(&out, &expected, sizeof out);
    free(px);
}

/* Stripes of black and white, whose gradients are the largest: sums must fit. */
static void draw_stripes(uint8_t *px, size_t n, size_t stride)
{
    for (size_t i = 0; i < n; i++)
        px[i] = (i % stride + i / stride) % 8 < 4 ? 0 : UINT8_MAX;
}

static void check_tensor(const ko_features_kernels *kernels)
{
    for (unsigned i = 0; i < 40; i++) {
        const size_t stride = TENSOR_ROW + i % 5;
        const size_t n = 2 * (size_t)KO_TENSOR_REACH * stride + TENSOR_ROW;
        uint8_t *px = random_pixels(n, i % 4);
        if (i % 8 == 7)
            draw_stripes(px, n, stride);
        const uint8_t *centre = px + KO_TENSOR_REACH * stride + KO_TENSOR_REACH;
        ko_tensor expected, out;
        scalar()->tensor(centre, (ptrdiff_t)stride, &expected);
        kernels->tensor(centre, (ptrdiff_t)stride, &out);
        assert_memory_equal(&out, &expected, sizeof out);
        free(px);
    }
}

#define DISC_ROW 32

static void test_moment_of_one_pixel(void **state)
{
    (void)state;
    uint8_t px[2 * KO_DISC_RADIUS + 1][DISC_ROW] = {{0}};
    px[KO_DISC_RADIUS - 4][KO_DISC_RADIUS + 3] = 10;
    px[0][0] = 200;                         /* a corner of the square is not in the disc */
    px[KO_DISC_RADIUS][DISC_ROW - 1] = 200; /* nor is the 32nd of a row */
    ko_moment out;
    scalar()->disc_moment(&px[KO_DISC_RADIUS][KO_DISC_RADIUS], DISC_ROW, &out);
    assert_int_equal(out.x, 30);
    assert_int_equal(out.y, -40);
}

static void check_moment(const ko_features_kernels *kernels)
{
    for (unsigned i = 0; i < 40; i++) {
        const size_t stride = DISC_ROW + i % 5;
        uint8_t *px = random_pixels((2 * (size_t)KO_DISC_RADIUS) * stride + DISC_ROW, i % 4);
        const uint8_t *centre = px + KO_DISC_RADIUS * stride + KO_DISC_RADIUS;
        ko_moment expected, out;
        scalar()->disc_moment(centre, (ptrdiff_t)stride, &expected);
        kernels->disc_moment(centre, (ptrdiff_t)stride, &out);
        assert_memory_equal(&out, &expected, sizeof out);
        free(px);
    }
}

/* --- histograms --- */

#define PATCH_SIDE (2 * KO_HISTOGRAM_REACH + 1)

static ko_patch patch_at(int y, double angle)
{
    return (ko_patch){KO_HISTOGRAM_REACH, (int16_t)y, (int16_t)lround(KO_PATCH_ONE * cos(angle)),
                      (int16_t)lround(KO_PATCH_ONE * sin(angle))};
}

/* A gradient to the right, seen from a patch turned by quarters clockwise, points
 * counter-clockwise by as many. */
static void test_histogram_of_one_direction(void **state)
{
    (void)state;
    ko_gradient g[KO_HISTOGRAM_ROWS][PATCH_SIDE];
    for (size_t i = 0; i < sizeof g / sizeof **g; i++)
        g[i / PATCH_SIDE][i % PATCH_SIDE] = (ko_gradient){1000, 0};
    for (unsigned quarters = 0; quarters < 4; quarters++) {
        const ko_patch patch = patch_at(KO_HISTOGRAM_REACH, quarters * acos(0));
        uint8_t out[KO_HISTOGRAM_BINS];
        scalar()->histogram(&g[0][0], PATCH_SIDE, &patch, out);
        for (unsigned i = 0; i < KO_HISTOGRAM_BINS; i++)
            if (i % 8 == (8 - 2 * quarters) % 8)
                assert_in_range(out[i], 110, 127); /* 512 / 4 on average, cut */
            else
                assert_int_equal(out[i], 0);
    }
}

/* Half way between two directions, both get the same, and the others nothing. */
static void test_histogram_between_directions(void **state)
{
    (void)state;
    ko_gradient g[KO_HISTOGRAM_ROWS][PATCH_SIDE];
    for (size_t i = 0; i < sizeof g / sizeof **g; i++)
        g[i / PATCH_SIDE][i % PATCH_SIDE] = (ko_gradient){9239, 3827};
    const ko_patch patch = patch_at(KO_HISTOGRAM_REACH, 0);
    uint8_t out[KO_HISTOGRAM_BINS];
    scalar()->histogram(&g[0][0], PATCH_SIDE, &patch, out);
    for (unsigned i = 0; i < KO_HISTOGRAM_BINS; i++)
        if (i % 8 > 1)
            assert_int_equal(out[i], 0);
        else
            assert_in_range(out[i], 70, 105); /* 512 / sqrt(2 * 16) on average */
}

/* One gradient right of and below the keypoint counts for the nearest cell most, and only
 * for those around. Its row lies in the ring, wherever the patch does. */
static void test_histogram_of_one_place(void **state)
{
    (void)state;
    for (int y = KO_HISTOGRAM_REACH; y < 1000; y += 77) {
        ko_gradient g[KO_HISTOGRAM_ROWS][PATCH_SIDE] = {{{0}}};
        for (int row = y + 3; row <= y + 4; row++) /* samples are two pixels apart */
            g[row % KO_HISTOGRAM_ROWS][KO_HISTOGRAM_REACH + 3] =
                g[row % KO_HISTOGRAM_ROWS][KO_HISTOGRAM_REACH + 4] = (ko_gradient){0, 5000};
        const ko_patch patch = patch_at(y, 0);
        uint8_t out[KO_HISTOGRAM_BINS];
        scalar()->histogram(&g[0][0], PATCH_SIDE, &patch, out);
        for (size_t i = 0; i < KO_HISTOGRAM_BINS; i++) {
            const size_t cell_x = i / 8 % 4, cell_y = i / 32;
            const bool near = cell_x >= 1 && cell_x <= 2 && cell_y >= 1 && cell_y <= 2;
            assert_true(near && i % 8 == 2 ? out[i] > 0 : out[i] == 0);
        }
        assert_int_equal(out[(2 * 4 + 2) * 8 + 2], 127);
    }
}

static void check_histogram(const ko_features_kernels *kernels)
{
    for (unsigned i = 0; i < 400; i++) {
        const size_t stride = PATCH_SIDE + i % 3;
        ko_gradient *g = random_gradients(KO_HISTOGRAM_ROWS * stride, i % 4);
        const int y = (int)(next_random() % 4096);
        const ko_patch patch = patch_at(y, (double)(next_random() % 6284) / 1000.);
        uint8_t expected[KO_HISTOGRAM_BINS], out[KO_HISTOGRAM_BINS];
        scalar()->histogram(g, (ptrdiff_t)stride, &patch, expected);
        kernels->histogram(g, (ptrdiff_t)stride, &patch, out);
        assert_memory_equal(out, expected, sizeof out);
        free(g);
    }
}

static void test_levels_equal_scalar(void **state)
{
    (void)state;
    each_level(check_blend);
    each_level(check_resample);
    each_level(check_gradients);
    each_level(check_corners);
    each_level(check_peaks);
    each_level(check_tensor);
    each_level(check_moment);
    each_level(check_histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blend_is_a_rounded_mean),
        cmocka_unit_test(test_resample_is_a_rounded_mean),
        cmocka_unit_test(test_gradient_of_a_slope),
        cmocka_unit_test(test_corner_needs_nine_of_the_ring),
        cmocka_unit_test(test_last_of_equal_peaks),
        cmocka_unit_test(test_tensor_of_a_slope),
        cmocka_unit_test(test_tensor_sums_gradients),
        cmocka_unit_test(test_moment_of_one_pixel),
        cmocka_unit_test(test_histogram_of_one_direction),
        cmocka_unit_test(test_histogram_between_directions),
        cmocka_unit_test(test_histogram_of_one_place),
        cmocka_unit_test(test_levels_equal_scalar),
    };
    return cmocka_run_group_tests_name("simd.features", tests, NULL, NULL);
}
