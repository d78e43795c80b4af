#include "image/icc.h"

#include "image/pictures.h"

static void profiles_that_are_srgb_in_effect_do_not_matter(void **state)
{
    (void)state;
    uint8_t profile[512];
    assert_false(ko_image_icc_matters(profile, make_profile(profile, srgb_primaries, 2.2), 3));
    assert_false(ko_image_icc_matters(profile, make_profile(profile, NULL, 2.2), 1));
}

static void other_primaries_and_other_curves_matter(void **state)
{
    (void)state;
    static const double p3[3][3] = {
        {0.5151, 0.2412, -0.0011}, {0.2920, 0.6922, 0.0419}, {0.1571, 0.0666, 0.7841}};
    uint8_t profile[512];
    assert_true(ko_image_icc_matters(profile, make_profile(profile, adobe_primaries, 2.2), 3));
    assert_true(ko_image_icc_matters(profile, make_profile(profile, p3, 2.2), 3));
    assert_true(ko_image_icc_matters(profile, make_profile(profile, srgb_primaries, 1.8), 3));
    assert_true(ko_image_icc_matters(profile, make_profile(profile, NULL, 1.75), 1));
}

static void parametric_and_sampled_curves_are_understood(void **state)
{
    (void)state;
    uint8_t profile[512];
    const size_t n = make_profile(profile, NULL, 2.2);
    uint8_t *body = profile + 144;
    profile[132 + 11] = 32; /* the tag's size; the block is zero behind it */
    /* IEC 61966-2-1 in five parameters: 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045 */
    memcpy(body, "para\0\0\0\0\0\3\0\0\0\2\x66\x66\0\0\xF2\xA7\0\0\x0D\x59\0\0\x13\xD0\0\0\x0A\x5B",
           32);
    assert_false(ko_image_icc_matters(profile, n + 16, 1));
    memcpy(body, "curv\0\0\0\0\0\0\0\0", 12); /* no samples: linear */
    assert_true(ko_image_icc_matters(profile, n + 16, 1));
    memcpy(body, "curv\0\0\0\0\0\0\0\5\0\0\x0D\0\x36\xC9\x85\xBD\xFF\xFF", 22); /* sRGB */
    assert_false(ko_image_icc_matters(profile, n + 16, 1));
    memcpy(body, "curv\0\0\0\0\0\1\0\0", 12); /* more samples than there are bytes */
    assert_true(ko_image_icc_matters(profile, n + 16, 1));
}

static void profiles_for_other_channels_or_of_rubbish_are_ignored(void **state)
{
    (void)state;
    uint8_t profile[512];
    size_t n = make_profile(profile, adobe_primaries, 2.2);
    assert_false(ko_image_icc_matters(profile, n, 1));
    assert_false(ko_image_icc_matters(profile, n, 4));
    assert_false(ko_image_icc_matters(NULL, 0, 3));
    profile[36] = 'x';
    assert_false(ko_image_icc_matters(profile, n, 3));
}

static void broken_profiles_are_never_read_past_their_end(void **state)
{
    (void)state;
    uint8_t profile[512];
    const size_t n = make_profile(profile, srgb_primaries, 2.2);
    for (size_t cut = 0; cut <= n; cut++) {
        uint8_t *exact = malloc(cut ? cut : 1);
        assert_non_null(exact);
        memcpy(exact, profile, cut);
        (void)ko_image_icc_matters(exact, cut, 3);
        if (cut > 131)
            memset(exact + 128, 0xFF, 4); /* more tags than there is room */
        (void)ko_image_icc_matters(exact, cut, 3);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_that_are_srgb_in_effect_do_not_matter),
        cmocka_unit_test(other_primaries_and_other_curves_matter),
        cmocka_unit_test(parametric_and_sampled_curves_are_understood),
        cmocka_unit_test(profiles_for_other_channels_or_of_rubbish_are_ignored),
        cmocka_unit_test(broken_profiles_are_never_read_past_their_end),
    };
    return cmocka_run_group_tests_name("image/icc", tests, NULL, NULL);
}
