/* The table in use is the one asked for, and every table is whole. */
#include "simd/simd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void environment_chooses_the_level(void **unused)
{
    (void)unused;
    assert_ptr_equal(ko_simd_get(), ko_simd_at(KO_SIMD_SCALAR));
    assert_string_equal(ko_simd_get()->name, "scalar");
    assert_int_equal(setenv("KO_SIMD", "avx2", 1), 0);
    assert_string_equal(ko_simd_get()->name, "scalar"); /* chosen once */
}

static void every_table_is_whole(void **unused)
{
    (void)unused;
    for (int level = 0; level < KO_SIMD_LEVELS; level++) {
        const ko_simd *simd = ko_simd_at((ko_simd_level)level);
        if (!simd)
            continue;
        assert_non_null(simd->name);
        assert_non_null(simd->hamming_scan);
        assert_non_null(simd->hamming_pick);
        assert_non_null(simd->weighted_rows);
        assert_non_null(simd->weighted_windows);
    }
    assert_non_null(ko_simd_at(KO_SIMD_SCALAR));
    assert_null(ko_simd_at(KO_SIMD_LEVELS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(environment_chooses_the_level),
        cmocka_unit_test(every_table_is_whole),
    };
    if (setenv("KO_SIMD", "scalar", 1) != 0)
        return 1;
    return cmocka_run_group_tests_name("simd level", tests, NULL, NULL);
}
