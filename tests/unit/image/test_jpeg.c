#include "image/pictures.h"

static void luma_is_rec601_however_it_is_stored(void **state)
{
    (void)state;
    pixels p = slope(40, 24, 3);
    for (int rgb = 0; rgb <= 1; rgb++)
        for (int progressive = 0; progressive <= 1; progressive++) {
            ko_image image = decoded(
                make_jpeg(&p, (jpeg_how){.stored_as_rgb = rgb, .progressive = progressive}));
            assert_int_equal(image.kind, KO_IMAGE_JPEG);
            assert_null(image.alpha.px);
            assert_shows(&image.luma, &p, 3);
            ko_image_free(&image);
        }
    free(p.px);
}

static void every_exif_orientation_is_turned_upright(void **state)
{
    (void)state;
    pixels p = slope(70, 45, 1); /* more than one tile each way */
    for (unsigned orientation = 1; orientation <= 8; orientation++) {
        ko_image image = decoded(make_jpeg(&p, (jpeg_how){.orientation = orientation}));
        assert_upright(&image, &p, orientation, 3);
        ko_image_free(&image);
    }
    ko_image image = decoded(make_jpeg(&p, (jpeg_how){.orientation = 9}));
    assert_upright(&image, &p, 1, 3);
    ko_image_free(&image);
    free(p.px);
}

static void rgb_is_turned_and_full_size(void **state)
{
    (void)state;
    pixels p = slope(40, 24, 3);
    ko_buf bytes = make_jpeg(&p, (jpeg_how){.orientation = 6});
    ko_image_options options;
    ko_image_options_init(&options);
    options.min_side_px = 4; /* not for this call */
    ko_rgb rgb = {0};
    assert_int_equal(ko_image_decode_rgb(bytes.data, bytes.size, &options, &rgb, NULL), KO_OK);
    assert_int_equal(rgb.width, 24);
    assert_int_equal(rgb.height, 40);
    for (uint32_t y = 0; y < 40; y++)
        for (uint32_t x = 0; x < 24; x++)
            for (uint32_t c = 0; c < 3; c++)
                assert_near(rgb.px[y * rgb.stride + (size_t)3 * x + c],
                            channel_at(&p, y, 23 - x, c), 6);
    ko_image_rgb_free(&rgb);
    ko_buf_free(&bytes);
    free(p.px);
}

static void shrinking_keeps_both_sides(void **state)
{
    (void)state;
    static const struct {
        uint32_t min_side_px, min_long_side_px, shrink;
    } cases[] = {{0, 0, 1},    {401, 0, 1},  {400, 0, 1},   {201, 0, 1},  {200, 0, 2},
                 {101, 0, 2},  {100, 0, 4},  {51, 0, 4},    {50, 0, 8},   {1, 0, 8},
                 {0, 606, 1},  {0, 304, 1},  {0, 303, 2},   {0, 1, 8},    {50, 303, 2},
                 {50, 152, 4}, {100, 10, 4}, {100, 304, 1}, {201, 10, 1}, {50, 76, 8}};
    pixels p = slope(605, 400, 1);
    ko_buf bytes = make_jpeg(&p, (jpeg_how){.orientation = 8});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_image image = {0};
        ko_image_options options;
        ko_image_options_init(&options);
        options.min_side_px = cases[i].min_side_px;
        options.min_long_side_px = cases[i].min_long_side_px;
        assert_int_equal(decode_with(bytes.data, bytes.size, &options, &image, NULL), KO_OK);
        assert_int_equal(image.full.width, 400);
        assert_int_equal(image.full.height, 605);
        assert_int_equal(image.full.shrink, cases[i].shrink);
        assert_int_equal(image.luma.width, (400 + cases[i].shrink - 1) / cases[i].shrink);
        assert_int_equal(image.luma.height, (605 + cases[i].shrink - 1) / cases[i].shrink);
        ko_image_free(&image);
    }
    ko_buf_free(&bytes);
    free(p.px);
}

static void cmyk_becomes_what_is_printed(void **state)
{
    (void)state;
    static const uint8_t inks[][4] = {/* stored inverted: 255 is no ink */
                                      {255, 255, 255, 255},
                                      {255, 255, 255, 0},
                                      {0, 255, 255, 255},
                                      {255, 255, 0, 255}};
    uint8_t luma[4];
    for (size_t i = 0; i < 4; i++) {
        pixels p = slope(16, 16, 4);
        for (size_t k = 0; k < 256; k++)
            memcpy(p.px + 4 * k, inks[i], 4);
        ko_image image = decoded(make_jpeg(&p, (jpeg_how){0}));
        luma[i] = grey_at(&image.luma, 8, 8);
        ko_image_free(&image);
        free(p.px);
    }
    assert_in_range(luma[0], 245, 255); /* paper */
    assert_in_range(luma[1], 0, 60);    /* black */
    assert_in_range(luma[2], 90, 150);  /* cyan: 0.6 of the light, red is gone */
    assert_in_range(luma[3], 210, 245); /* yellow is nearly as light as paper */
}

/* A grey of 128 stays one in every RGB space of that gamma; a strong red does not. */
static void only_profiles_that_matter_are_applied(void **state)
{
    (void)state;
    pixels p = slope(16, 16, 3);
    for (size_t k = 0; k < 256; k++)
        memcpy(p.px + 3 * k, (const uint8_t[]){40, 180, 60}, 3);
    uint8_t profile[512];
    int luma[3];
    for (int i = 0; i < 3; i++) {
        const size_t n = make_profile(profile, i == 1 ? srgb_primaries : adobe_primaries, 2.2);
        ko_image image = decoded(
            make_jpeg(&p, (jpeg_how){.profile = i == 0 ? NULL : profile, .profile_size = n}));
        luma[i] = grey_at(&image.luma, 8, 8);
        ko_image_free(&image);
    }
    assert_int_equal(luma[0], luma[1]);
    /* Adobe RGB's green is beyond sRGB's: clipped red, lighter green (by hand: 0, 183, 52) */
    assert_near(luma[2], 113, 3);
    assert_near(luma[0], 124, 2);
    free(p.px);
}

static void truncation_is_refused(void **state)
{
    (void)state;
    pixels p = slope(200, 200, 3);
    for (int progressive = 0; progressive <= 1; progressive++) {
        ko_buf bytes = make_jpeg(&p, (jpeg_how){.progressive = progressive});
        for (size_t tenth = 1; tenth < 10; tenth++) {
            const ko_buf part = {.data = bytes.data, .size = bytes.size * tenth / 10};
            ko_image image = {0};
            ko_error err = {0};
            assert_int_equal(decode(&part, &image, &err), KO_E_FORMAT);
            assert_null(image.luma.px);
            assert_true(err.text[0]);
        }
        ko_buf_free(&bytes);
    }
    free(p.px);
}

static void harmless_oddities_are_accepted(void **state)
{
    (void)state;
    pixels p = slope(64, 64, 3);
    ko_buf bytes = make_jpeg(&p, (jpeg_how){0});
    bytes.size -= 2; /* no end mark */
    ko_image image = {0};
    assert_int_equal(decode(&bytes, &image, NULL), KO_OK);
    assert_shows(&image.luma, &p, 3);
    ko_image_free(&image);
    append(&bytes, "\xFF\xD9 and what a camera left behind", 30);
    assert_int_equal(decode(&bytes, &image, NULL), KO_OK);
    ko_image_free(&image);
    ko_buf_free(&bytes);
    free(p.px);
}

/* Position of the next occurrence of marker 0xFF, code at or behind at. */
static size_t find_marker(const ko_buf *bytes, size_t at, uint8_t code)
{
    while (at + 1 < bytes->size &&
           ((uint8_t)bytes->data[at] != 0xFF || (uint8_t)bytes->data[at + 1] != code))
        at++;
    return at;
}

/* A file of a few kilobytes may ask for the same pass over millions of pixels for ever. */
static void endless_passes_are_over_a_limit(void **state)
{
    (void)state;
    pixels p = slope(64, 64, 1);
    ko_buf whole = make_jpeg(&p, (jpeg_how){.progressive = 1});
    const size_t pass = find_marker(&whole, 0, 0xDA);    /* the first scan, */
    const size_t rest = find_marker(&whole, pass, 0xC4); /* up to the tables of the next */
    for (int repeats = 20; repeats <= 200; repeats += 180) {
        ko_buf bytes = KO_BUF(PICTURE_MAX);
        append(&bytes, whole.data, pass);
        for (int i = 0; i < repeats; i++)
            append(&bytes, whole.data + pass, rest - pass);
        append(&bytes, whole.data + rest, whole.size - rest);
        ko_image image = {0};
        assert_int_equal(decode(&bytes, &image, NULL), repeats == 20 ? KO_OK : KO_E_LIMIT);
        ko_image_free(&image);
        ko_buf_free(&bytes);
    }
    ko_buf_free(&whole);
    free(p.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(luma_is_rec601_however_it_is_stored),
        cmocka_unit_test(every_exif_orientation_is_turned_upright),
        cmocka_unit_test(rgb_is_turned_and_full_size),
        cmocka_unit_test(shrinking_keeps_both_sides),
        cmocka_unit_test(cmyk_becomes_what_is_printed),
        cmocka_unit_test(only_profiles_that_matter_are_applied),
        cmocka_unit_test(truncation_is_refused),
        cmocka_unit_test(harmless_oddities_are_accepted),
        cmocka_unit_test(endless_passes_are_over_a_limit),
    };
    return cmocka_run_group_tests_name("image/jpeg", tests, NULL, NULL);
}
