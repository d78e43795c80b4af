/* Resized pictures and the levels of a pyramid. */
#include "drawing.h"
#include "features/pyramid.h"
#include "features/resize.h"

static void check_plain(uint32_t width, uint32_t height, uint32_t to_width, uint32_t to_height)
{
    const ko_grey in = raster_of(width, height, 255), out = raster_new(to_width, to_height);
    assert_int_equal(ko_resize(&in, &out, NULL), KO_OK);
    for (size_t i = 0; i < (size_t)to_width * to_height; i++)
        assert_int_equal(out.px[i], 255);
    ko_free(in.px);
    ko_free(out.px);
}

static void test_white_stays_white(void **state)
{
    (void)state;
    check_plain(100, 80, 100, 80);
    check_plain(100, 80, 99, 79);
    check_plain(100, 80, 51, 41);
    check_plain(100, 80, 50, 40);
    check_plain(1000, 801, 30, 24);
    check_plain(40, 20, 100, 50);
    check_plain(1, 1, 64, 64);
    check_plain(1, 700, 1, 3);
    check_plain(700, 3, 10, 9);
    check_plain(64, 64, 1, 1);
}

/* A slope stays one: every pixel where it belongs, to a grey level. */
static void check_slope(uint32_t width, uint32_t to_width)
{
    const uint32_t height = 40, to_height = height * to_width / width;
    const ko_grey in = raster_new(width, height), out = raster_new(to_width, to_height);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            in.px[y * width + x] = (uint8_t)(x * 250 / width);
    assert_int_equal(ko_resize(&in, &out, NULL), KO_OK);
    for (uint32_t y = 0; y < to_height; y++)
        for (uint32_t x = 4; x + 4 < to_width; x++) {
            const double place = (x + .5) * width / to_width - .5;
            assert_true(fabs(out.px[y * to_width + x] - place * 250 / width) < 2);
        }
    ko_free(in.px);
    ko_free(out.px);
}

static void test_slope_keeps_its_place(void **state)
{
    (void)state;
    check_slope(250, 200);
    check_slope(250, 130);
    check_slope(250, 60);
    check_slope(1000, 130);
    check_slope(100, 250);
    check_slope(250, 249);
}

static void test_stride_is_kept_to(void **state)
{
    (void)state;
    const ko_grey in = raster_of(60, 60, 9), whole = raster_of(40, 30, 77);
    const ko_grey part = {whole.px + 5, 29, 30, 40};
    assert_int_equal(ko_resize(&in, &part, NULL), KO_OK);
    for (size_t y = 0; y < 30; y++)
        for (size_t x = 0; x < 40; x++)
            assert_int_equal(whole.px[y * 40 + x], x >= 5 && x < 34 ? 9 : 77);
    ko_free(in.px);
    ko_free(whole.px);
}

static void check_border(const ko_level *l)
{
    const int m = KO_PYRAMID_MARGIN;
    for (int y = -m; y < l->height + m; y++)
        for (int x = -m; x < l->width + m; x++) {
            const int near_y = y < 0 ? 0 : y < l->height ? y : l->height - 1;
            const int near_x = x < 0 ? 0 : x < l->width ? x : l->width - 1;
            assert_int_equal(l->px[y * l->stride + x], l->px[near_y * l->stride + near_x]);
        }
}

static void test_levels(void **state)
{
    (void)state;
    const view plain = view_of(300, 0, .75, false);
    const ko_grey picture = drawing_seen(300, &plain);
    ko_pyramid *pyramid = NULL;
    assert_int_equal(ko_pyramid_build(&picture, 240, &pyramid, NULL), KO_OK);
    assert_int_equal(pyramid->n, KO_PYRAMID_LEVELS);
    float scale = 1;
    for (size_t i = 0; i < pyramid->n; i++) {
        const ko_level *l = &pyramid->level[i];
        assert_true(fabsf(l->scale - scale) < 1e-4f);
        assert_true(fabsf((float)l->width * l->scale - 240) < l->scale);
        check_border(l);
        scale *= KO_PYRAMID_STEP;
    }
    ko_pyramid_free(pyramid);
    ko_free(picture.px);
}

/* A thumbnail is enlarged, but not to a blur. */
static void test_enlarged_so_far(void **state)
{
    (void)state;
    const ko_grey small = raster_of(60, 40, 3), smaller = raster_of(20, 8, 3);
    ko_pyramid *pyramid = NULL;
    assert_int_equal(ko_pyramid_build(&small, 800, &pyramid, NULL), KO_OK);
    assert_int_equal(pyramid->level[0].width, 150);
    assert_int_equal(pyramid->level[0].height, 100);
    ko_pyramid_free(pyramid);
    assert_int_equal(ko_pyramid_build(&smaller, 30, &pyramid, NULL), KO_OK);
    assert_int_equal(pyramid->n, 0); /* 30 x 12: too narrow for any descriptor */
    ko_pyramid_free(pyramid);
    ko_free(small.px);
    ko_free(smaller.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_white_stays_white), cmocka_unit_test(test_slope_keeps_its_place),
        cmocka_unit_test(test_stride_is_kept_to), cmocka_unit_test(test_levels),
        cmocka_unit_test(test_enlarged_so_far),
    };
    return cmocka_run_group_tests_name("features.resize", tests, NULL, NULL);
}
