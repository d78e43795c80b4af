/* The kernels that find works in photos: every level of this machine against the scalar
 * one, over exact-size blocks so that reads and writes beyond the end are caught. */
#include "simd/simd.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_MAX 69
#define CANARY 0x5A

static uint32_t seed = 1;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 16;
}

/* -most..most */
static int16_t random_slope(int most)
{
    return (int16_t)((int)(next_random() % (2u * (unsigned)most + 1)) - most);
}

static void *exact(size_t size)
{
    void *block = aligned_alloc(64, (size + 63) / 64 * 64 + (size ? 0 : 64));
    assert_non_null(block);
    return block;
}

static const ko_parts_kernels *kernels_at(unsigned level)
{
    const ko_simd *simd = ko_simd_at((ko_simd_level)level);
    return simd ? &simd->parts : NULL;
}

/* --- codes --- */

static ko_codes_block *make_codes(size_t n, const uint64_t *query, unsigned spread_bits)
{
    const size_t n_blocks = (n + KO_CODES_BLOCK - 1) / KO_CODES_BLOCK;
    ko_codes_block *blocks = exact(n_blocks * sizeof *blocks);
    for (size_t i = 0; i < n_blocks * KO_CODES_BLOCK; i++) {
        uint64_t code[KO_CODES_WORDS];
        memcpy(code, query, sizeof code);
        for (unsigned b = spread_bits ? next_random() % spread_bits : 0; b > 0; b--) {
            const uint32_t at = next_random() % KO_CODES_BITS;
            code[at / 64] ^= (uint64_t)1 << at % 64;
        }
        for (size_t w = 0; w < KO_CODES_WORDS; w++)
            blocks[i / KO_CODES_BLOCK].word[w][i % KO_CODES_BLOCK] = code[w];
    }
    return blocks;
}

static void codes_equal_scalar(void **state)
{
    (void)state;
    for (unsigned level = 1; level < KO_SIMD_LEVELS; level++)
        for (size_t n = 0; kernels_at(level) && n <= N_MAX; n++)
            for (unsigned spread = 0; spread <= 160; spread += 80) {
                uint64_t query[KO_CODES_WORDS];
                for (size_t w = 0; w < KO_CODES_WORDS; w++)
                    query[w] = (uint64_t)next_random() << 40 ^ next_random();
                ko_codes_block *blocks = make_codes(n, query, spread);
                const size_t room = (n + KO_CODES_BLOCK - 1) / KO_CODES_BLOCK * KO_CODES_BLOCK;
                ko_codes_hit expected[N_MAX + KO_CODES_BLOCK], *hits = exact(room * sizeof *hits);
                const size_t n_expected =
                    kernels_at(KO_SIMD_SCALAR)
                        ->codes_scan(blocks, n, query, 40, 0xC0000000u, blocks, expected);
                assert_int_equal(
                    kernels_at(level)->codes_scan(blocks, n, query, 40, 0xC0000000u, NULL, hits),
                    n_expected);
                assert_memory_equal(hits, expected, n_expected * sizeof *hits);
                free(blocks);
                free(hits);
            }
}

/* The scalar one itself. */
static void codes_within_the_radius_hit(void **state)
{
    (void)state;
    const uint64_t query[KO_CODES_WORDS] = {1, 2, 3, 4};
    ko_codes_block *blocks = make_codes(10, query, 0);
    blocks[0].word[2][0] ^= 7;  /* slot 100: three bits off */
    blocks[0].word[1][5] ^= 15; /* slot 105: four */
    ko_codes_hit hits[16];
    assert_int_equal(kernels_at(KO_SIMD_SCALAR)->codes_scan(blocks, 10, query, 3, 100, NULL, hits),
                     9);
    assert_int_equal(hits[0].slot, 100);
    assert_int_equal(hits[0].distance, 3);
    assert_int_equal(hits[4].slot, 104);
    assert_int_equal(hits[5].slot, 106);
    assert_int_equal(hits[8].slot, 109);
    assert_int_equal(hits[8].distance, 0);
    free(blocks);
}

/* --- inner products --- */

static void products_equal_scalar(void **state)
{
    (void)state;
    for (unsigned level = 0; level < KO_SIMD_LEVELS; level++)
        for (size_t n = 0; kernels_at(level) && n <= 64; n += KO_INNER_GROUP) {
            uint8_t v[KO_INNER_LENGTH];
            int8_t *vectors = exact(n * KO_INNER_LENGTH);
            int32_t expected[64 + 1] = {0}, out[64 + 1];
            for (size_t j = 0; j < KO_INNER_LENGTH; j++)
                v[j] = n == 32 ? 127 : (uint8_t)(next_random() % 128);
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < KO_INNER_LENGTH; j++) {
                    const int8_t value = (int8_t)(n == 32 ? 127 : next_random() % 128);
                    vectors[i / 16 * 16 * KO_INNER_LENGTH + j / 4 * 64 + i % 16 * 4 + j % 4] =
                        value;
                    expected[i] += value * v[j];
                }
            memset(out, CANARY, sizeof out);
            memset(&expected[n], CANARY, sizeof *out);
            int32_t most = 0;
            for (size_t i = 0; i < n; i++)
                most = expected[i] > most ? expected[i] : most;
            assert_int_equal(kernels_at(level)->inner_products(v, vectors, n, out), most);
            assert_memory_equal(out, expected, (n + 1) * sizeof *out);
            free(vectors);
        }
}

/* --- above --- */

static void places_above_are_told(void **state)
{
    (void)state;
    for (unsigned level = 0; level < KO_SIMD_LEVELS; level++)
        for (size_t n = 0; kernels_at(level) && n <= N_MAX; n++)
            for (int32_t floor = -9; floor <= 9; floor += 3) {
                int32_t *values = exact(n * sizeof *values);
                uint32_t expected[N_MAX + 1], *out = exact((n + 15) / 16 * 16 * sizeof *out);
                size_t n_expected = 0;
                for (size_t i = 0; i < n; i++) {
                    values[i] = random_slope(9);
                    if (values[i] > floor)
                        expected[n_expected++] =
                            (uint32_t)(values[i] - floor) << 16 | (uint32_t)(i + 500);
                }
                assert_int_equal(kernels_at(level)->above(values, n, floor, 500, out), n_expected);
                assert_memory_equal(out, expected, n_expected * sizeof *out);
                free(values);
                free(out);
            }
}

/* --- rectifying --- */

#define SIDE 40
#define PIXELS ((size_t)SIDE * SIDE)

static void check_row(const ko_rectify *r, unsigned level, size_t n)
{
    uint8_t *out = malloc(n + 1), *inside = malloc(n + 1);
    uint8_t expected[N_MAX + 1], expected_inside[N_MAX + 1];
    assert_true(out && inside);
    out[n] = inside[n] = CANARY;
    kernels_at(KO_SIMD_SCALAR)->rectify_row(r, 3, n, expected, expected_inside);
    kernels_at(level)->rectify_row(r, 3, n, out, inside);
    assert_memory_equal(out, expected, n);
    assert_memory_equal(inside, expected_inside, n);
    assert_true(out[n] == CANARY && inside[n] == CANARY);
    free(out);
    free(inside);
}

static void rectified_rows_equal_scalar(void **state)
{
    (void)state;
    uint8_t *px = malloc(PIXELS + 1);
    assert_non_null(px);
    for (size_t i = 0; i <= PIXELS; i++)
        px[i] = (uint8_t)next_random();
    for (unsigned level = 1; level < KO_SIMD_LEVELS; level++)
        for (size_t n = 0; kernels_at(level) && n <= N_MAX; n++)
            for (int round = 0; round < 20; round++) {
                ko_rectify r = {.px = px, .stride = SIDE, .right = SIDE - 2, .below = SIDE - 2};
                for (size_t i = 0; i < 9; i++)
                    r.h[i] = ((float)next_random() / 32768.f - 1) * (i % 3 == 2 ? 20.f : 1.f);
                r.h[6] *= .02f;
                r.h[7] *= .02f;
                r.h[8] = round == 0 ? 0 : 1;
                check_row(&r, level, n);
            }
    free(px);
}

/* The scalar one itself: half a pixel to the right is the mean of two neighbours, and
 * outside there is nothing. */
static void pixels_are_interpolated(void **state)
{
    (void)state;
    uint8_t px[8 * 8 + 1] = {0};
    px[8 * 3 + 4] = 100;
    px[8 * 3 + 5] = 200;
    const ko_rectify r = {
        .px = px, .stride = 8, .right = 6, .below = 6, .h = {1, 0, .5f, 0, 1, 0, 0, 0, 1}};
    uint8_t out[8], inside[8];
    kernels_at(KO_SIMD_SCALAR)->rectify_row(&r, 3, 8, out, inside);
    assert_int_equal(out[3], 50);
    assert_int_equal(out[4], 150);
    assert_int_equal(inside[5], 1);
    assert_int_equal(inside[6], 0);
}

/* --- gradient sums --- */

static void sums_equal_scalar(void **state)
{
    (void)state;
    enum { BLOCKS = 4, STRIDE = BLOCKS * KO_GRADIENT_BLOCK, ROWS = KO_GRADIENT_BLOCK };
    for (unsigned level = 1; level < KO_SIMD_LEVELS; level++)
        for (size_t n = 0; kernels_at(level) && n <= BLOCKS; n++)
            for (size_t rows = 0; rows <= ROWS; rows++) {
                const size_t size = rows ? (rows - 1) * STRIDE + n * KO_GRADIENT_BLOCK : 0;
                ko_slope *a = malloc(size * sizeof *a + 1), *b = malloc(size * sizeof *b + 1);
                int32_t *seen = malloc(size * sizeof *seen + 1);
                ko_gradient_sums expected[BLOCKS + 1], out[BLOCKS + 1];
                assert_true(a && b && seen);
                for (size_t i = 0; i < size; i++) {
                    a[i] = (ko_slope){random_slope(1020), random_slope(1020)};
                    b[i] = (ko_slope){random_slope(1020), random_slope(1020)};
                    if (rows == ROWS) { /* as large as sums can get */
                        a[i] = (ko_slope){-1020, -1020};
                        b[i] = (ko_slope){-1020, 1020};
                    }
                    seen[i] = -(int32_t)(next_random() % 2);
                }
                memset(out, CANARY, sizeof out);
                memset(expected, CANARY, sizeof expected);
                kernels_at(KO_SIMD_SCALAR)->gradient_sums(a, b, seen, STRIDE, rows, n, expected);
                kernels_at(level)->gradient_sums(a, b, seen, STRIDE, rows, n, out);
                assert_memory_equal(out, expected, sizeof out);
                free(a);
                free(b);
                free(seen);
            }
}

/* The scalar one itself, by hand. */
static void sums_are_those_of_products(void **state)
{
    (void)state;
    ko_slope a[KO_GRADIENT_BLOCK] = {{3, 4}, {1, 0}}, b[KO_GRADIENT_BLOCK] = {{1, -2}, {9, 9}};
    const int32_t seen[KO_GRADIENT_BLOCK] = {-1};
    ko_gradient_sums out;
    kernels_at(KO_SIMD_SCALAR)->gradient_sums(a, b, seen, KO_GRADIENT_BLOCK, 1, 1, &out);
    assert_int_equal(out.all, 26);
    assert_int_equal(out.aa, 25);
    assert_int_equal(out.ab, -5);
    assert_int_equal(out.bb, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_equal_scalar),
        cmocka_unit_test(codes_within_the_radius_hit),
        cmocka_unit_test(products_equal_scalar),
        cmocka_unit_test(places_above_are_told),
        cmocka_unit_test(rectified_rows_equal_scalar),
        cmocka_unit_test(pixels_are_interpolated),
        cmocka_unit_test(sums_equal_scalar),
        cmocka_unit_test(sums_are_those_of_products),
    };
    return cmocka_run_group_tests_name("simd parts", tests, NULL, NULL);
}
