/* What robustness says of works that are easily found, and of those that are not. */
#include "part_scene.h"

#define FLOOR 3.

static unsigned robustness(const ko_grey *luma, const ko_grey *alpha)
{
    ko_part_view *v = NULL;
    unsigned percent = 255;
    assert_int_equal(ko_part_view_make(luma, alpha, &v, NULL), KO_OK);
    assert_int_equal(ko_part_view_robustness(v, luma, alpha, FLOOR, &percent, NULL), KO_OK);
    ko_part_view_free(v);
    return percent;
}

static void rich_works_are_found(void **state)
{
    (void)state;
    ko_grey work = draw_work(420, 360, 31);
    assert_true(robustness(&work, NULL) >= 80);
    assert_true(robustness(&work, NULL) <= 100);
    ko_free(work.px);
}

static void clear_works_are_found(void **state)
{
    (void)state;
    ko_grey luma = raster_new(360, 360, 255), alpha = raster_new(360, 360, 0);
    draw_shapes(&luma, &alpha, 40, .8, 7);
    assert_true(robustness(&luma, &alpha) >= 60);
    ko_free(luma.px);
    ko_free(alpha.px);
}

static void works_without_corners_are_not(void **state)
{
    (void)state;
    ko_grey plain = raster_new(300, 300, 90), soft = raster_new(300, 200, 0);
    for (uint32_t y = 0; y < soft.height; y++)
        for (uint32_t x = 0; x < soft.width; x++)
            soft.px[y * soft.stride + x] = (uint8_t)(x * 255 / soft.width);
    assert_int_equal(robustness(&plain, NULL), 0);
    assert_int_equal(robustness(&soft, NULL), 0);
    ko_free(plain.px);
    ko_free(soft.px);
}

/* Thin works print a few pixels wide; nothing may be read beyond them. */
static void extreme_shapes_are_tried(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{1, 1}, {1, 2000}, {2000, 1}, {17, 23}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        ko_grey work = draw_work(sides[i][0], sides[i][1], 9);
        assert_true(robustness(&work, NULL) <= 100);
        ko_free(work.px);
    }
}

static void lack_of_memory_is_told(void **state)
{
    (void)state;
    ko_grey work = draw_work(60, 60, 2);
    ko_part_view *v = NULL;
    assert_int_equal(ko_part_view_make(&work, NULL, &v, NULL), KO_OK);
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth += 1 + nth / 2) { /* of hundreds of allocations some */
        unsigned percent = 255;
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_part_view_robustness(v, &work, NULL, FLOOR, &percent, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        assert_true((percent == 255) == (fired != 0));
        assert_int_equal(ko_alloc_live(), live);
        if (!fired)
            break;
    }
    ko_part_view_free(v);
    ko_free(work.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rich_works_are_found),          cmocka_unit_test(clear_works_are_found),
        cmocka_unit_test(works_without_corners_are_not), cmocka_unit_test(extreme_shapes_are_tried),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("match part_trial", tests, NULL, NULL);
}
