#include <knockoff/match.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void score_falls_with_distance_and_with_number(void **unused)
{
    (void)unused;
    static const size_t numbers[] = {1, 8, 416, 10000, 100000000};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (unsigned d = 1; d <= 256; d++) {
            assert_true(ko_score_whole(d, numbers[i]) <= ko_score_whole(d - 1, numbers[i]));
            if (i > 0)
                assert_true(ko_score_whole(d, numbers[i]) < ko_score_whole(d, numbers[i - 1]));
        }
}

/* Ten times the fingerprints, ten times the false candidates. */
static void score_is_a_logarithm(void **unused)
{
    (void)unused;
    for (unsigned d = 0; d <= 256; d += 16)
        assert_true(fabs(ko_score_whole(d, 100) - ko_score_whole(d, 1000) - 1) < 1.5e-3);
    assert_true(ko_score_whole(0, 0) == ko_score_whole(0, 1));
}

static void radius_is_the_inverse_of_score(void **unused)
{
    (void)unused;
    for (size_t n = 1; n <= 10000000; n = n * 3 + 1)
        for (int twentieths = -40; twentieths <= 340; twentieths++) {
            const double threshold = twentieths / 20.0;
            const int radius = ko_score_whole_radius(threshold, n);
            assert_true(radius >= -1 && radius <= 256);
            if (radius >= 0)
                assert_true(ko_score_whole((unsigned)radius, n) >= threshold);
            if (radius < 256)
                assert_true(ko_score_whole((unsigned)(radius + 1), n) < threshold);
        }
}

/* Odd distances count as the even one below, so radii are odd. */
static void radius_of_the_default_threshold(void **unused)
{
    (void)unused;
    assert_int_equal(ko_score_whole_radius(KO_SCORE_DEFAULT, 1), 79);
    assert_int_equal(ko_score_whole_radius(KO_SCORE_DEFAULT, 1000), 55);
    assert_int_equal(ko_score_whole_radius(KO_SCORE_DEFAULT, 100000), 39);
    assert_int_equal(ko_score_whole_radius(100, 1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_falls_with_distance_and_with_number),
        cmocka_unit_test(score_is_a_logarithm),
        cmocka_unit_test(radius_is_the_inverse_of_score),
        cmocka_unit_test(radius_of_the_default_threshold),
    };
    return cmocka_run_group_tests_name("match score", tests, NULL, NULL);
}
