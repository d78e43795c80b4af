/* The gradients that descriptors read: made row by row, those of the level wherever a
 * keypoint may reach, none outside of the picture. */
#include "features/gradients.h"

#include "drawing.h"
#include "simd/simd.h"

static void check_row(const ko_gradients *g, int y)
{
    const ko_level *l = g->level;
    const ko_gradient *row = g->at0 + (y & (KO_HISTOGRAM_ROWS - 1)) * l->stride;
    for (int x = -KO_HISTOGRAM_REACH; x < l->width + KO_HISTOGRAM_REACH; x++) {
        ko_gradient expected = {0, 0};
        if (x >= -2 && x < l->width + 2 && y >= -2 && y < l->height + 2)
            ko_simd_at(KO_SIMD_SCALAR)
                ->features.gradient_row(l->px + y * l->stride + x, l->stride, 1, &expected);
        assert_memory_equal(&row[x], &expected, sizeof expected);
    }
}

static void test_rows_within_reach(void **state)
{
    (void)state;
    const view plain = view_of(300, 0, 1, false);
    const ko_grey picture = drawing_seen(300, &plain);
    ko_pyramid *pyramid = NULL;
    ko_gradients g;
    assert_int_equal(ko_pyramid_build(&picture, 300, &pyramid, NULL), KO_OK);
    assert_int_equal(ko_gradients_make(pyramid, &g, NULL), KO_OK);
    for (size_t i = 0; i < 3; i++) {
        const int last = pyramid->level[i].height - 1;
        const int places[] = {0, 0, 5, 30, 130, last}; /* far enough apart to leave rows out */
        ko_gradients_start(&g, &pyramid->level[i]);
        for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
            ko_gradients_reach(&g, places[k]);
            for (int y = -KO_HISTOGRAM_REACH; y <= KO_HISTOGRAM_REACH; y++)
                check_row(&g, places[k] + y);
        }
    }
    ko_gradients_free(&g);
    ko_pyramid_free(pyramid);
    ko_free(picture.px);
}

static void test_picture_without_levels(void **state)
{
    (void)state;
    const ko_grey picture = raster_of(200, 10, 3);
    ko_pyramid *pyramid = NULL;
    ko_gradients g;
    assert_int_equal(ko_pyramid_build(&picture, 200, &pyramid, NULL), KO_OK);
    assert_int_equal(ko_gradients_make(pyramid, &g, NULL), KO_OK);
    ko_gradients_free(&g);
    ko_pyramid_free(pyramid);
    ko_free(picture.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_within_reach),
        cmocka_unit_test(test_picture_without_levels),
    };
    return cmocka_run_group_tests_name("features.gradients", tests, NULL, NULL);
}
