#include "image/exif.h"

#include "image/pictures.h"

/* From a block of exactly that size, so that a sanitizer sees every over-read. */
static unsigned orientation_of(const uint8_t *exif, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    memcpy(exact, exif, size);
    const unsigned orientation = ko_image_exif_orientation(exact, size);
    free(exact);
    return orientation;
}

static void both_byte_orders_with_and_without_mark(void **state)
{
    (void)state;
    uint8_t exif[64];
    for (unsigned value = 1; value <= 8; value++)
        for (int big = 0; big <= 1; big++)
            for (int mark = 0; mark <= 1; mark++) {
                const size_t n = make_exif(exif, value, big, mark);
                assert_int_equal(orientation_of(exif, n), value);
            }
}

static void values_out_of_range_mean_upright(void **state)
{
    (void)state;
    uint8_t exif[64];
    assert_int_equal(orientation_of(exif, make_exif(exif, 0, 0, 1)), 1);
    assert_int_equal(orientation_of(exif, make_exif(exif, 9, 1, 1)), 1);
}

static void broken_blocks_are_never_read_past_their_end(void **state)
{
    (void)state;
    uint8_t exif[64];
    for (int big = 0; big <= 1; big++) {
        const size_t n = make_exif(exif, 6, big, 1);
        for (size_t cut = 0; cut <= n; cut++) {
            const unsigned got = orientation_of(exif, cut);
            assert_true(got == 1 || got == 6);
        }
        for (size_t at = 0; at < n; at++) /* every single byte damaged */
            for (unsigned value = 0; value < 256; value++) {
                const uint8_t kept = exif[at];
                exif[at] = (uint8_t)value;
                assert_in_range(orientation_of(exif, n), 1, 8);
                exif[at] = kept;
            }
    }
}

static void the_tag_is_found_behind_others(void **state)
{
    (void)state;
    const uint8_t exif[] = {'I', 'I', '*', 0,   8, 0,    0,    0, 2, 0, 0x0F, 0x01, 2, 0, 4, 0, 0,
                            0,   'c', 'a', 'm', 0, 0x12, 0x01, 3, 0, 1, 0,    0,    0, 8, 0, 0, 0};
    assert_int_equal(orientation_of(exif, sizeof exif), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_with_and_without_mark),
        cmocka_unit_test(values_out_of_range_mean_upright),
        cmocka_unit_test(broken_blocks_are_never_read_past_their_end),
        cmocka_unit_test(the_tag_is_found_behind_others),
    };
    return cmocka_run_group_tests_name("image/exif", tests, NULL, NULL);
}
