/* The bits of a code, and the bins of a descriptor seen in a mirror or inverted. */
#include "features/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int bit(const ko_code *code, size_t i)
{
    return (code->w[i / 64] >> i % 64 & 1) != 0;
}

static void test_bins_above_the_mean(void **state)
{
    (void)state;
    ko_descriptor d;
    ko_code code;
    memset(&d, 20, sizeof d);
    ko_descriptor_code(&d, &code); /* none is above the mean, no cell above another */
    for (size_t i = 0; i < KO_CODE_WORDS; i++)
        assert_true(code.w[i] == 0);
    d.bin[3] = 21;
    d.bin[127] = 127;
    d.bin[64] = 0;
    ko_descriptor_code(&d, &code); /* the root of the mean square is 22.8 */
    for (size_t i = 0; i < 128; i++)
        assert_int_equal(bit(&code, i), i == 127);
    memset(&d, 0, sizeof d);
    d.bin[8] = 1;
    ko_descriptor_code(&d, &code);
    for (size_t i = 0; i < 128; i++)
        assert_int_equal(bit(&code, i), i == 8);
}

/* Bit 128 + 8 p + d: the first cell of pair p has more of direction d than the second. */
static void test_cells_are_compared(void **state)
{
    (void)state;
    static const uint8_t pairs[16][2] = {{0, 5},  {1, 6},  {2, 5},  {3, 6},   {4, 9},  {7, 10},
                                         {8, 5},  {11, 6}, {12, 9}, {13, 10}, {14, 9}, {15, 10},
                                         {5, 10}, {6, 9},  {5, 6},  {9, 10}};
    uint32_t seed = 1;
    for (int round = 0; round < 20; round++) {
        ko_descriptor d;
        ko_code code;
        for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++) {
            seed = seed * 1664525u + 1013904223u;
            d.bin[i] = (uint8_t)(round % 2 ? (seed >> 16) % 128 : (seed >> 16) % 2 * 127);
        }
        ko_descriptor_code(&d, &code);
        for (size_t p = 0; p < 16; p++) {
            const uint8_t *a = d.bin + (size_t)8 * pairs[p][0];
            const uint8_t *b = d.bin + (size_t)8 * pairs[p][1];
            for (size_t k = 0; k < 8; k++)
                assert_int_equal(bit(&code, 128 + 8 * p + k), a[k] > b[k]);
        }
    }
}

static void test_variants_are_permutations(void **state)
{
    (void)state;
    ko_descriptor d, out, back;
    for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++)
        d.bin[i] = (uint8_t)i;
    ko_descriptor_variant(&d, KO_VARIANT_PLAIN, &out);
    assert_memory_equal(&out, &d, sizeof d);
    ko_descriptor_variant(&d, KO_VARIANT_MIRRORED, &out);
    assert_int_equal(out.bin[0], 96); /* the first cell of the last row */
    assert_int_equal(out.bin[57],
                     95); /* cell 7 from cell 11; a direction goes to its opposite angle */
    ko_descriptor_variant(&d, KO_VARIANT_INVERTED, &out);
    assert_int_equal(out.bin[0], 120);
    assert_int_equal(out.bin[51], 75);
    for (unsigned variant = 0; variant < KO_VARIANTS; variant++) {
        ko_descriptor_variant(&d, variant, &out);
        ko_descriptor_variant(&out, variant, &back);
        assert_memory_equal(&back, &d, sizeof d);
    }
    ko_descriptor_variant(&d, KO_VARIANT_MIRRORED, &out);
    ko_descriptor_variant(&out, KO_VARIANT_INVERTED, &back);
    ko_descriptor_variant(&d, KO_VARIANT_MIRRORED | KO_VARIANT_INVERTED, &out);
    assert_memory_equal(&out, &back, sizeof out);
}

/* Small bins, so that many are equal: what is not above is not always below. */
static void test_code_of_a_variant(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (uint32_t round = 0; round < 40; round++)
        for (unsigned variant = 0; variant < KO_VARIANTS; variant++) {
            ko_descriptor d, seen;
            ko_code plain, code, expected;
            for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++) {
                seed = seed * 1664525u + 1013904223u;
                d.bin[i] = (uint8_t)((seed >> 16) % (2 + 3 * round));
            }
            ko_descriptor_variant(&d, variant, &seen);
            ko_descriptor_code(&seen, &expected);
            ko_descriptor_code(&d, &plain);
            ko_code_variant(&d, &plain, variant, &code);
            assert_memory_equal(&code, &expected, sizeof code);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bins_above_the_mean),
        cmocka_unit_test(test_cells_are_compared),
        cmocka_unit_test(test_variants_are_permutations),
        cmocka_unit_test(test_code_of_a_variant),
    };
    return cmocka_run_group_tests_name("features.code", tests, NULL, NULL);
}
