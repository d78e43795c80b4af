/* The weighted sums: every level of this machine against the scalar one, over exact-size
 * blocks so that reads and writes beyond the end are caught. */
#include "base/alloc.h"
#include "simd/simd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_MAX 69
#define CANARY 0x5A5A

static uint32_t seed = 1;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 16;
}

/* Rows filled with chance, with all black or with all white. */
static uint8_t *make_row(size_t n, unsigned fill)
{
    uint8_t *row = malloc(n ? n : 1);
    assert_non_null(row);
    for (size_t x = 0; x < n; x++)
        row[x] = fill == 0 ? (uint8_t)next_random() : fill == 1 ? 0 : UINT8_MAX;
    return row;
}

/* Random weights up to 127 that add up to at most 128; at times one weight takes all. */
static void make_weights(int16_t *weights, size_t n_rows)
{
    int left = 128;
    for (size_t r = 0; r < n_rows; r++) {
        const int most = left < 127 ? left : 127;
        weights[r] = (int16_t)(next_random() % 4 ? (int)(next_random() % 128) % (most + 1) : most);
        left -= weights[r];
    }
}

static void check_rows(const ko_simd *simd, size_t n_rows, size_t n, unsigned fill)
{
    uint8_t *rows[KO_WEIGHTED_ROWS_MAX];
    int16_t weights[KO_WEIGHTED_ROWS_MAX];
    int16_t expected[N_MAX];
    int16_t *out = malloc((n + 1) * sizeof *out);
    assert_non_null(out);
    for (size_t r = 0; r < n_rows; r++)
        rows[r] = make_row(n, fill);
    make_weights(weights, n_rows);
    out[n] = CANARY;
    const uint8_t *const *px = (const uint8_t *const *)rows;
    ko_simd_at(KO_SIMD_SCALAR)->weighted_rows(px, weights, n_rows, n, expected);
    simd->weighted_rows(px, weights, n_rows, n, out);
    assert_memory_equal(out, expected, n * sizeof *out);
    assert_int_equal(out[n], CANARY);
    for (size_t r = 0; r < n_rows; r++)
        free(rows[r]);
    free(out);
}

static void test_rows_equal_scalar(void **state)
{
    (void)state;
    for (unsigned level = 1; level < KO_SIMD_LEVELS; level++) {
        const ko_simd *simd = ko_simd_at((ko_simd_level)level);
        for (size_t n = 0; simd && n <= N_MAX; n++)
            for (size_t n_rows = 1; n_rows <= KO_WEIGHTED_ROWS_MAX; n_rows++)
                for (unsigned fill = 0; fill < 3; fill++)
                    check_rows(simd, n_rows, n, fill);
    }
}

/* The scalar one itself, by hand. */
static void test_rows_are_weighted(void **state)
{
    (void)state;
    const uint8_t a[3] = {0, 1, 255};
    const uint8_t b[3] = {10, 20, 255};
    const uint8_t *const rows[2] = {a, b};
    const int16_t weights[2] = {100, 28};
    const int16_t expected[3] = {280, 660, 128 * 255};
    int16_t out[3];
    ko_simd_at(KO_SIMD_SCALAR)->weighted_rows(rows, weights, 2, 3, out);
    assert_memory_equal(out, expected, sizeof out);
}

static void test_windows_equal_scalar(void **state)
{
    (void)state;
    enum { LENGTH = 100, WINDOWS = 64 };
    int16_t *px = malloc(LENGTH * sizeof *px);
    assert_non_null(px);
    for (unsigned level = 1; level < KO_SIMD_LEVELS; level++) {
        const ko_simd *simd = ko_simd_at((ko_simd_level)level);
        for (size_t n = 0; simd && n <= WINDOWS; n += 8) {
            int16_t weights[WINDOWS][KO_WINDOW];
            uint16_t first[WINDOWS];
            int32_t expected[WINDOWS];
            int32_t *out = malloc((n + 1) * sizeof *out);
            assert_non_null(out);
            for (size_t x = 0; x < LENGTH; x++)
                px[x] = (int16_t)(next_random() % 32641);
            for (size_t i = 0; i < WINDOWS; i++) {
                make_weights(weights[i], KO_WINDOW);
                first[i] = (uint16_t)(i % 5 ? next_random() % (LENGTH - KO_WINDOW + 1)
                                            : LENGTH - KO_WINDOW); /* the very last */
            }
            out[n] = CANARY;
            const int16_t(*w)[KO_WINDOW] = (const int16_t(*)[KO_WINDOW])weights;
            ko_simd_at(KO_SIMD_SCALAR)->weighted_windows(px, first, w, n, expected);
            simd->weighted_windows(px, first, w, n, out);
            assert_memory_equal(out, expected, n * sizeof *out);
            assert_int_equal(out[n], CANARY);
            free(out);
        }
    }
    free(px);
}

static void test_windows_are_weighted(void **state)
{
    (void)state;
    const int16_t px[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    const uint16_t first[8] = {0, 1, 2, 0, 0, 0, 0, 0};
    const int16_t weights[8][KO_WINDOW] = {
        {1, 1, 1, 1, 1, 1, 1, 1}, {0, 0, 0, 0, 0, 0, 0, 127}, {2, 0, 0, 0, 0, 0, 0, 3}};
    const int32_t expected[8] = {36, 127 * 9, 2 * 3 + 3 * 10};
    int32_t out[8];
    ko_simd_at(KO_SIMD_SCALAR)->weighted_windows(px, first, weights, 8, out);
    assert_memory_equal(out, expected, sizeof out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_weighted),
        cmocka_unit_test(test_rows_equal_scalar),
        cmocka_unit_test(test_windows_are_weighted),
        cmocka_unit_test(test_windows_equal_scalar),
    };
    return cmocka_run_group_tests_name("simd.weighted", tests, NULL, NULL);
}
