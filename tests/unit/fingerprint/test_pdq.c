/* The production path: near the reference at every size, right in every orientation. */
#include "fingerprint/pdq.h"
#include "scene.h"

static const struct {
    uint32_t width, height;
} sizes[] = {
    {5, 5},     {6, 300},   {64, 64},   {63, 65},    {127, 128}, {129, 130}, {200, 256},
    {300, 257}, {384, 385}, {512, 512}, {513, 512},  {512, 700}, {90, 640},  {3, 900},
    {900, 6},   {1200, 77}, {800, 600}, {1000, 999}, {5000, 40},
};

static void test_every_size_is_near_the_reference(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const ko_grey grey = scene(sizes[s].width, sizes[s].height, (uint32_t)s);
        const ko_rgb rgb = as_rgb(&grey);
        ko_fp ours[KO_ORIENT_COUNT];
        ko_fp theirs[KO_ORIENT_COUNT];
        ko_fp alone;
        int quality;
        int reference_quality;
        assert_int_equal(ko_fp_orientations(&grey, NULL, ours, &quality, NULL), KO_OK);
        assert_int_equal(ko_fp_reference(&rgb, theirs, &reference_quality, NULL), KO_OK);
        assert_int_equal(ko_fp_from_grey(&grey, NULL, &alone, NULL, NULL), KO_OK);
        assert_true(quality >= 80);
        assert_in_range(quality, reference_quality - 1, reference_quality + 1);
        for (size_t o = 0; o < KO_ORIENT_COUNT; o++)
            assert_in_range(ko_fp_distance(&ours[o], &theirs[o]), 0, 2);
        assert_memory_equal(&alone, &ours[KO_ORIENT_NONE], sizeof alone);
        ko_free(grey.px);
        ko_free(rgb.px);
    }
}

/* The filter is not quite symmetric, so a picture that is really turned moves by some bits. */
static void test_orientations_are_those_of_turned_pictures(void **state)
{
    (void)state;
    const ko_grey work = scene(480, 352, 7);
    ko_fp fps[KO_ORIENT_COUNT];
    assert_int_equal(ko_fp_orientations(&work, NULL, fps, NULL, NULL), KO_OK);
    for (unsigned o = 0; o < KO_ORIENT_COUNT; o++) {
        const ko_grey seen = turned(&work, (ko_orientation)o);
        ko_fp fp;
        assert_int_equal(ko_fp_from_grey(&seen, NULL, &fp, NULL, NULL), KO_OK);
        for (unsigned other = 0; other < KO_ORIENT_COUNT; other++) {
            if (other == o)
                assert_in_range(ko_fp_distance(&fp, &fps[other]), 0, 20);
            else
                assert_in_range(ko_fp_distance(&fp, &fps[other]), 80, KO_FP_BITS);
        }
        ko_free(seen.px);
    }
    ko_free(work.px);
}

static void test_shrunk_pictures_keep_their_fingerprint(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        if (sizes[s].width < 200 || sizes[s].height < 200)
            continue;
        const ko_grey whole = scene(sizes[s].width, sizes[s].height, 3);
        const ko_extent full = {whole.width, whole.height, 2};
        const ko_grey half = halved(&whole);
        ko_fp expected;
        ko_fp fp;
        assert_int_equal(ko_fp_from_grey(&whole, NULL, &expected, NULL, NULL), KO_OK);
        assert_int_equal(ko_fp_from_grey(&half, &full, &fp, NULL, NULL), KO_OK);
        assert_in_range(ko_fp_distance(&fp, &expected), 0, 8);
        ko_free(whole.px);
        ko_free(half.px);
    }
}

static void test_flat_pictures_have_no_quality(void **state)
{
    (void)state;
    const ko_grey flat = raster_new(300, 200);
    for (int grey = 0; grey < 256; grey += 51) {
        memset(flat.px, grey, (size_t)300 * 200);
        ko_fp fp;
        int quality = 77;
        assert_int_equal(ko_fp_from_grey(&flat, NULL, &fp, &quality, NULL), KO_OK);
        assert_int_equal(quality, 0);
    }
    ko_free(flat.px);
}

static void test_slivers_have_no_fingerprint(void **state)
{
    (void)state;
    const ko_fp zero = {{0}};
    for (uint32_t side = 1; side < 5; side++)
        for (int upright = 0; upright < 2; upright++) {
            const ko_grey sliver = upright ? scene(side, 512, 1) : scene(512, side, 1);
            ko_fp fp = {{1}};
            int quality = 77;
            assert_int_equal(ko_fp_from_grey(&sliver, NULL, &fp, &quality, NULL), KO_OK);
            assert_memory_equal(&fp, &zero, sizeof fp);
            assert_int_equal(quality, 0);
            ko_free(sliver.px);
        }
}

/* The last pixel of the raster is the last byte of its block. */
static void test_extreme_shapes_are_read_within_bounds(void **state)
{
    (void)state;
    const uint32_t extreme[][2] = {{1, 65500}, {65500, 1}, {65500, 5}, {1, 1}, {4097, 300}};
    for (size_t k = 0; k < sizeof extreme / sizeof *extreme; k++) {
        const ko_grey raster = scene(extreme[k][0], extreme[k][1], 4);
        ko_fp fps[KO_ORIENT_COUNT];
        assert_int_equal(ko_fp_orientations(&raster, NULL, fps, NULL, NULL), KO_OK);
        ko_free(raster.px);
    }
}

static void test_bytes_between_rows_are_not_seen(void **state)
{
    (void)state;
    const ko_grey whole = scene(700, 300, 5);
    const ko_grey part = {whole.px + 50 * whole.stride + 100, 222, 199, whole.stride};
    const ko_grey copy = raster_new(part.width, part.height);
    for (size_t y = 0; y < part.height; y++)
        memcpy(copy.px + y * copy.stride, part.px + y * part.stride, part.width);
    ko_fp a;
    ko_fp b;
    assert_int_equal(ko_fp_from_grey(&part, NULL, &a, NULL, NULL), KO_OK);
    assert_int_equal(ko_fp_from_grey(&copy, NULL, &b, NULL, NULL), KO_OK);
    assert_memory_equal(&a, &b, sizeof a);
    ko_free(whole.px);
    ko_free(copy.px);
}

static void test_every_machine_has_the_same_thumbnail(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const ko_grey grey = scene(sizes[s].width, sizes[s].height, 6);
        const ko_extent full = {grey.width, grey.height, 1};
        ko_fp_thumb expected;
        ko_fp_thumbnail(ko_simd_at(KO_SIMD_SCALAR), &grey, &full, &expected);
        for (unsigned level = 1; level < KO_SIMD_LEVELS; level++) {
            ko_fp_thumb thumb;
            const ko_simd *simd = ko_simd_at((ko_simd_level)level);
            if (!simd)
                continue;
            ko_fp_thumbnail(simd, &grey, &full, &thumb);
            assert_memory_equal(&thumb, &expected, sizeof thumb);
        }
        ko_free(grey.px);
    }
}

static void test_sides_are_limited(void **state)
{
    (void)state;
    uint8_t px = 0;
    const ko_grey none = {&px, 0, 10, 1};
    const ko_grey wide = {&px, 65501, 1, 65501};
    const ko_fp before = {{9, 9, 9, 9}};
    ko_fp fp = before;
    int quality = 77;
    ko_error err = {0};
    assert_int_equal(ko_fp_from_grey(&none, NULL, &fp, &quality, NULL), KO_E_LIMIT);
    assert_int_equal(ko_fp_from_grey(&wide, NULL, &fp, &quality, &err), KO_E_LIMIT);
    assert_string_equal(err.text, "picture of 65501 x 1 px, limit 65500 a side");
    assert_memory_equal(&fp, &before, sizeof fp);
    assert_int_equal(quality, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size_is_near_the_reference),
        cmocka_unit_test(test_orientations_are_those_of_turned_pictures),
        cmocka_unit_test(test_shrunk_pictures_keep_their_fingerprint),
        cmocka_unit_test(test_flat_pictures_have_no_quality),
        cmocka_unit_test(test_slivers_have_no_fingerprint),
        cmocka_unit_test(test_extreme_shapes_are_read_within_bounds),
        cmocka_unit_test(test_bytes_between_rows_are_not_seen),
        cmocka_unit_test(test_every_machine_has_the_same_thumbnail),
        cmocka_unit_test(test_sides_are_limited),
    };
    return cmocka_run_group_tests_name("fingerprint.pdq", tests, NULL, NULL);
}
