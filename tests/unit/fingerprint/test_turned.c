#include "scene.h"

#include "fingerprint/turned.h"

/* Near enough to tell orientations apart, in scenes with little detail too. */
static void test_turned_fingerprints_are_those_of_turned_pictures(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        const ko_grey picture = scene(480, 352, seed);
        ko_fp fps[KO_ORIENT_COUNT], turned[KO_ORIENT_COUNT];
        assert_int_equal(ko_fp_orientations(&picture, NULL, fps, NULL, NULL), KO_OK);
        ko_fp_turned(&fps[KO_ORIENT_NONE], turned);
        assert_int_equal(ko_fp_distance(&fps[KO_ORIENT_NONE], &turned[KO_ORIENT_NONE]), 0);
        for (unsigned o = 0; o < KO_ORIENT_COUNT; o++)
            for (unsigned other = 0; other < KO_ORIENT_COUNT; other++)
                assert_in_range(ko_fp_distance(&fps[o], &turned[other]), o == other ? 0 : 70,
                                o == other ? 24 : KO_FP_BITS);
        ko_free(picture.px);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turned_fingerprints_are_those_of_turned_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
