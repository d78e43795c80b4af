#include <knockoff/fingerprint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char sample[] = "0123456789abcdef00000000000000000000000000000000fedcba9876543210";

static void test_hex_round_trip(void **state)
{
    (void)state;
    ko_fp fp;
    char hex[KO_FP_HEX_SIZE];
    assert_int_equal(ko_fp_from_hex(sample, &fp, NULL), KO_OK);
    assert_true(fp.w[3] == 0x0123456789abcdef);
    assert_true(fp.w[0] == 0xfedcba9876543210);
    ko_fp_to_hex(&fp, hex);
    assert_string_equal(hex, sample);
}

static void test_hex_upper_case_is_read(void **state)
{
    (void)state;
    ko_fp lower;
    ko_fp upper;
    char text[] = "ABCDEF0000000000000000000000000000000000000000000000000000ABCDEF";
    assert_int_equal(ko_fp_from_hex(text, &upper, NULL), KO_OK);
    for (char *c = text; *c; c++)
        *c = (char)(*c >= 'A' ? *c + 'a' - 'A' : *c);
    assert_int_equal(ko_fp_from_hex(text, &lower, NULL), KO_OK);
    assert_int_equal(ko_fp_distance(&lower, &upper), 0);
}

static void test_bad_hex_is_refused(void **state)
{
    (void)state;
    char text[80];
    const ko_fp before = {{1, 2, 3, 4}};
    ko_fp fp = before;
    for (size_t n = 0; n < 70; n++) {
        if (n == 64)
            continue;
        memset(text, 'a', n);
        text[n] = '\0';
        ko_error err = {0};
        assert_int_equal(ko_fp_from_hex(text, &fp, &err), KO_E_FORMAT);
        assert_int_equal(err.code, KO_E_FORMAT);
    }
    for (int c = 1; c < 256; c++) {
        memcpy(text, sample, sizeof sample);
        text[37] = (char)c;
        const ko_status expected = strchr("0123456789abcdefABCDEF", c) ? KO_OK : KO_E_FORMAT;
        ko_fp other;
        assert_int_equal(ko_fp_from_hex(text, &other, NULL), expected);
    }
    memcpy(text, sample, sizeof sample);
    text[63] = 'g';
    assert_int_equal(ko_fp_from_hex(text, &fp, NULL), KO_E_FORMAT);
    assert_memory_equal(&fp, &before, sizeof fp);
}

static void test_distance_counts_bits(void **state)
{
    (void)state;
    const ko_fp none = {{0}};
    const ko_fp all = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    assert_int_equal(ko_fp_distance(&none, &none), 0);
    assert_int_equal(ko_fp_distance(&none, &all), KO_FP_BITS);
    for (size_t k = 0; k < KO_FP_BITS; k++) {
        ko_fp one = none;
        one.w[k / 64] = UINT64_C(1) << k % 64;
        assert_int_equal(ko_fp_distance(&none, &one), 1);
        assert_int_equal(ko_fp_distance(&one, &all), KO_FP_BITS - 1);
    }
}

static void test_orientations_have_names(void **state)
{
    (void)state;
    assert_string_equal(ko_orientation_name(KO_ORIENT_NONE), "none");
    assert_string_equal(ko_orientation_name(KO_ORIENT_ROT90), "rot90");
    assert_string_equal(ko_orientation_name(KO_ORIENT_TRANSVERSE), "transverse");
    for (unsigned a = 0; a < KO_ORIENT_COUNT; a++)
        for (unsigned b = 0; b < a; b++)
            assert_string_not_equal(ko_orientation_name((ko_orientation)a),
                                    ko_orientation_name((ko_orientation)b));
    assert_non_null(ko_orientation_name((ko_orientation)99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hex_round_trip),
        cmocka_unit_test(test_hex_upper_case_is_read),
        cmocka_unit_test(test_bad_hex_is_refused),
        cmocka_unit_test(test_distance_counts_bits),
        cmocka_unit_test(test_orientations_have_names),
    };
    return cmocka_run_group_tests_name("fingerprint.fp", tests, NULL, NULL);
}
