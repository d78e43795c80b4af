#include "image/pictures.h"

static void alpha_is_kept_apart_and_luma_not_multiplied(void **state)
{
    (void)state;
    for (unsigned channels = 2; channels <= 4; channels += 2) {
        pixels p = slope(33, 20, channels);
        for (int interlaced = 0; interlaced <= 1; interlaced++) {
            ko_image image =
                decoded(make_png(&p, (png_how){.colour = channels == 2 ? PNG_COLOR_TYPE_GRAY_ALPHA
                                                                       : PNG_COLOR_TYPE_RGB_ALPHA,
                                               .depth = 8,
                                               .interlaced = interlaced}));
            assert_int_equal(image.kind, KO_IMAGE_PNG);
            assert_shows(&image.luma, &p, 1);
            assert_int_equal(image.alpha.width, 33);
            assert_int_equal(image.alpha.height, 20);
            for (uint32_t y = 0; y < 20; y++)
                for (uint32_t x = 0; x < 33; x++)
                    assert_int_equal(grey_at(&image.alpha, x, y),
                                     channel_at(&p, x, y, channels - 1));
            ko_image_free(&image);
        }
        free(p.px);
    }
}

static void opaque_alpha_is_dropped(void **state)
{
    (void)state;
    pixels p = slope(33, 20, 4);
    for (size_t i = 0; i < (size_t)33 * 20; i++)
        p.px[4 * i + 3] = 255;
    ko_image image =
        decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA, .depth = 8}));
    assert_null(image.alpha.px);
    assert_shows(&image.luma, &p, 1);
    ko_image_free(&image);

    p.px[4 * (33 * 20 - 1) + 3] = 254; /* one pixel is enough */
    image = decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA, .depth = 8}));
    assert_int_equal(grey_at(&image.alpha, 32, 19), 254);
    ko_image_free(&image);
    free(p.px);
}

static void sixteen_bits_are_scaled_not_cut(void **state)
{
    (void)state;
    static const struct {
        uint16_t stored;
        uint8_t luma;
    } cases[] = {{0, 0}, {65535, 255}, {0x00FF, 1}, {0x8000, 128}, {0x7FFF, 127}, {0x0080, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t px[2] = {(uint8_t)(cases[i].stored >> 8), (uint8_t)cases[i].stored};
        const pixels p = {px, 1, 1, 2};
        ko_image image =
            decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_GRAY, .depth = 16}));
        assert_int_equal(grey_at(&image.luma, 0, 0), cases[i].luma);
        ko_image_free(&image);
    }
}

static void bits_below_eight_are_stretched(void **state)
{
    (void)state;
    uint8_t px[1] = {0x1B}; /* 0 1 2 3 */
    const pixels p = {px, 4, 1, 0};
    ko_image image = decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_GRAY, .depth = 2}));
    for (uint32_t x = 0; x < 4; x++)
        assert_int_equal(grey_at(&image.luma, x, 0), 85 * x);
    ko_image_free(&image);
}

static void palettes_and_their_transparency_are_expanded(void **state)
{
    (void)state;
    png_color palette[3] = {{255, 0, 0}, {0, 255, 0}, {10, 20, 30}};
    png_byte alpha[2] = {0, 128}; /* the third colour is opaque */
    uint8_t px[3] = {0, 1, 2};
    const pixels p = {px, 3, 1, 1};
    ko_image image = decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_PALETTE,
                                                    .depth = 8,
                                                    .palette = palette,
                                                    .n_palette = 3,
                                                    .trns = alpha,
                                                    .n_trns = 2}));
    static const uint8_t luma[3] = {76, 150, 18}, opacity[3] = {0, 128, 255};
    for (uint32_t x = 0; x < 3; x++) {
        assert_int_equal(grey_at(&image.luma, x, 0), luma[x]);
        assert_int_equal(grey_at(&image.alpha, x, 0), opacity[x]);
    }
    ko_image_free(&image);
}

static void a_transparent_colour_is_transparent(void **state)
{
    (void)state;
    png_color_16 key = {.red = 1, .green = 2, .blue = 3};
    uint8_t px[6] = {1, 2, 3, 1, 2, 4};
    const pixels p = {px, 2, 1, 3};
    ko_image image =
        decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB, .depth = 8, .key = &key}));
    assert_int_equal(grey_at(&image.alpha, 0, 0), 0);
    assert_int_equal(grey_at(&image.alpha, 1, 0), 255);
    ko_image_free(&image);
}

static void exif_before_or_behind_the_pixels_is_applied(void **state)
{
    (void)state;
    pixels p = slope(37, 20, 4);
    for (unsigned orientation = 1; orientation <= 8; orientation++)
        for (int behind = 0; behind <= 1; behind++) {
            ko_image image =
                decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA,
                                               .depth = 8,
                                               .exif_before = behind ? 0 : orientation,
                                               .exif_after = behind ? orientation : 0}));
            assert_upright(&image, &p, orientation, 1);
            uint32_t x, y;
            stored_place(orientation, 37, 20, 3, 2, &x, &y);
            assert_int_equal(grey_at(&image.alpha, 3, 2), channel_at(&p, x, y, 3));
            ko_image_free(&image);
        }
    free(p.px);
}

static void a_wide_profile_is_applied_and_alpha_survives(void **state)
{
    (void)state;
    uint8_t px[8] = {40, 180, 60, 255, 40, 180, 60, 7}, profile[512];
    const pixels p = {px, 2, 1, 4};
    const size_t n = make_profile(profile, adobe_primaries, 2.2);
    ko_image image = decoded(make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA,
                                                    .depth = 8,
                                                    .profile = profile,
                                                    .profile_size = n}));
    assert_near(grey_at(&image.luma, 0, 0), 113, 3); /* 124 without it */
    assert_int_equal(grey_at(&image.alpha, 0, 0), 255);
    assert_int_equal(grey_at(&image.alpha, 1, 0), 7);
    ko_image_free(&image);
}

static void limits_are_told_from_the_header(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height;
        const char *text;
    } cases[] = {
        {70000, 1, "width 70000 px, limit 65500"},
        {1, 65501, "height 65501 px, limit 65500"},
        {60000, 60000, "60000 x 60000 px, limit 120000000 px in all"},
    };
    pixels p = slope(1, 1, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_buf bytes = KO_BUF(PICTURE_MAX);
        png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
        png_infop info = png_create_info_struct(png);
        png_set_write_fn(png, &bytes, png_to_buf, NULL);
        png_set_IHDR(png, info, cases[i].width, cases[i].height, 8, PNG_COLOR_TYPE_RGB, 0, 0, 0);
        png_write_info(png, info);
        png_write_chunk(png, (png_const_bytep) "IDAT", p.px, 1); /* no pixels at all */
        png_destroy_write_struct(&png, &info);
        ko_image image = {0};
        ko_error err = {0};
        const long live = ko_alloc_live();
        assert_int_equal(decode(&bytes, &image, &err), KO_E_LIMIT);
        assert_string_equal(err.text, cases[i].text);
        assert_int_equal(ko_alloc_live(), live);
        ko_buf_free(&bytes);
    }
    free(p.px);
}

static void truncation_and_damage_are_refused(void **state)
{
    (void)state;
    pixels p = slope(90, 90, 3);
    for (size_t i = 0; i < (size_t)90 * 90 * 3; i++)
        p.px[i] = (uint8_t)(p.px[i] ^ (i * i * 40503 >> 7)); /* does not compress */
    ko_buf bytes = make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB, .depth = 8});
    for (size_t tenth = 1; tenth < 10; tenth++) {
        const ko_buf part = {.data = bytes.data, .size = bytes.size * tenth / 10};
        ko_image image = {0};
        ko_error err = {0};
        assert_int_equal(decode(&part, &image, &err), KO_E_FORMAT);
        assert_true(err.text[0]);
    }
    bytes.data[bytes.size / 2] ^= 0x10;
    ko_image image = {0};
    assert_int_equal(decode(&bytes, &image, NULL), KO_E_FORMAT);
    bytes.data[bytes.size / 2] ^= 0x10;
    bytes.size -= 12; /* IEND alone is no loss */
    assert_int_equal(decode(&bytes, &image, NULL), KO_OK);
    ko_image_free(&image);
    ko_buf_free(&bytes);
    free(p.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alpha_is_kept_apart_and_luma_not_multiplied),
        cmocka_unit_test(opaque_alpha_is_dropped),
        cmocka_unit_test(sixteen_bits_are_scaled_not_cut),
        cmocka_unit_test(bits_below_eight_are_stretched),
        cmocka_unit_test(palettes_and_their_transparency_are_expanded),
        cmocka_unit_test(a_transparent_colour_is_transparent),
        cmocka_unit_test(exif_before_or_behind_the_pixels_is_applied),
        cmocka_unit_test(a_wide_profile_is_applied_and_alpha_survives),
        cmocka_unit_test(limits_are_told_from_the_header),
        cmocka_unit_test(truncation_and_damage_are_refused),
    };
    return cmocka_run_group_tests_name("image/png", tests, NULL, NULL);
}
