/* Pictures in colour: each kind upright and in sRGB, no larger than asked, and as wary of
 * strangers' bytes as the decoding of luma. */
#include "image/colour.h"

#include "image/saved.h"

static ko_status decode_colour(const ko_buf *bytes, bool trusted, uint32_t side_px,
                               ko_image_colour *out, ko_error *err)
{
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = trusted;
    uint8_t *exact = malloc(bytes->size ? bytes->size : 1);
    assert_non_null(exact);
    if (bytes->size)
        memcpy(exact, bytes->data, bytes->size);
    const ko_status st = ko_image_decode_colour(exact, bytes->size, &options, side_px, out, err);
    free(exact);
    return st;
}

static ko_image_colour coloured(const ko_buf *bytes, uint32_t side_px)
{
    ko_image_colour colour = {0};
    ko_error err = {0};
    if (decode_colour(bytes, true, side_px, &colour, &err) != KO_OK)
        fail_msg("refused: %s", err.text);
    return colour;
}

static const uint8_t *pixel_at(const ko_rgba *raster, size_t x, size_t y)
{
    assert_in_range(x, 0, raster->width - 1);
    assert_in_range(y, 0, raster->height - 1);
    return raster->px + y * raster->stride + 4 * x;
}

/* Every pixel is that of p, stored under that orientation. */
static void assert_shows_colours(const ko_image_colour *image, const pixels *p,
                                 unsigned orientation, int tolerance)
{
    const bool swap = orientation >= 5;
    assert_int_equal(image->full.width, swap ? p->height : p->width);
    assert_int_equal(image->full.height, swap ? p->width : p->height);
    assert_int_equal(image->full.shrink, 1);
    assert_int_equal(image->raster.width, image->full.width);
    assert_int_equal(image->raster.height, image->full.height);
    for (uint32_t y = 0; y < image->raster.height; y++)
        for (uint32_t x = 0; x < image->raster.width; x++) {
            uint32_t sx, sy;
            stored_place(orientation, p->width, p->height, x, y, &sx, &sy);
            const uint8_t *px = pixel_at(&image->raster, x, y);
            for (unsigned c = 0; c < 3; c++)
                assert_near(px[c], channel_at(p, sx, sy, p->channels < 3 ? 0 : c), tolerance);
            const bool clear = p->channels % 2 == 0;
            assert_near(px[3], clear ? channel_at(p, sx, sy, p->channels - 1) : 255, tolerance);
        }
}

static void check(ko_buf bytes, const pixels *p, unsigned orientation, int tolerance)
{
    ko_image_colour image = coloured(&bytes, 1000);
    assert_shows_colours(&image, p, orientation, tolerance);
    ko_image_colour_free(&image);
    ko_buf_free(&bytes);
}

/* Of four channels, the first three far apart. */
static pixels vivid(uint32_t width, uint32_t height, unsigned channels)
{
    pixels p = slope(width, height, channels);
    for (size_t i = 0; i < (size_t)width * height; i++)
        if (channels >= 3) {
            p.px[i * channels] = (uint8_t)(255 - p.px[i * channels]);
            p.px[i * channels + 1] /= 2;
        }
    return p;
}

static void every_kind_keeps_its_colours(void **state)
{
    (void)state;
    pixels grey = slope(70, 45, 1), two = slope(70, 45, 2), rgb = vivid(70, 45, 3);
    pixels rgba = vivid(70, 45, 4);
    check(make_jpeg(&grey, (jpeg_how){0}), &grey, 1, 3);
    check(make_jpeg(&rgb, (jpeg_how){0}), &rgb, 1, 8); /* colours at half the resolution */
    check(make_jpeg(&rgb, (jpeg_how){.progressive = 1}), &rgb, 1, 8);
    check(make_png(&grey, (png_how){.colour = PNG_COLOR_TYPE_GRAY, .depth = 8}), &grey, 1, 0);
    check(make_png(&two, (png_how){.colour = PNG_COLOR_TYPE_GRAY_ALPHA, .depth = 8}), &two, 1, 0);
    check(make_png(&rgb, (png_how){.colour = PNG_COLOR_TYPE_RGB, .depth = 8}), &rgb, 1, 0);
    check(make_png(&rgba, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA, .depth = 8}), &rgba, 1, 0);
    check(save(&rgba, ".webp[lossless]", 0), &rgba, 1, 1);
    check(save(&rgba, ".tif", 0), &rgba, 1, 1);
    check(save(&rgb, ".gif[dither=0]", 0), &rgb, 1, 24); /* 256 colours in all */
    if (can_save(".avif"))
        check(save(&rgb, ".avif[Q=98]", 0), &rgb, 1, 12);
    free(grey.px);
    free(two.px);
    free(rgb.px);
    free(rgba.px);
}

static void pictures_are_upright(void **state)
{
    (void)state;
    pixels rgb = vivid(70, 45, 3), rgba = vivid(70, 45, 4);
    for (unsigned o = 1; o <= 8; o++) {
        check(make_jpeg(&rgb, (jpeg_how){.orientation = o}), &rgb, o, 8);
        check(make_png(&rgba,
                       (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA, .depth = 8, .exif_before = o}),
              &rgba, o, 0);
        check(save(&rgba, ".webp[lossless]", o), &rgba, o, 1);
    }
    free(rgb.px);
    free(rgba.px);
}

/* The luma of these colours is the luma that is searched for. */
static void check_luma(ko_buf bytes)
{
    ko_image_colour image = coloured(&bytes, 1000);
    ko_image grey = decoded(bytes); /* frees them */
    for (uint32_t y = 0; y < grey.luma.height; y++)
        for (uint32_t x = 0; x < grey.luma.width; x++) {
            const uint8_t *px = pixel_at(&image.raster, x, y);
            assert_near((int)(0.299 * px[0] + 0.587 * px[1] + 0.114 * px[2] + 0.5),
                        grey_at(&grey.luma, x, y), 2);
        }
    ko_image_free(&grey);
    ko_image_colour_free(&image);
}

static void profiles_and_inks_are_converted(void **state)
{
    (void)state;
    pixels rgb = vivid(60, 40, 3), grey = slope(60, 40, 1), cmyk = slope(60, 40, 4);
    uint8_t wide[512], gamma[512];
    const size_t wide_size = make_profile(wide, adobe_primaries, 2.2);
    const size_t gamma_size = make_profile(gamma, NULL, 1.4);
    const jpeg_how in_wide = {.profile = wide, .profile_size = wide_size};
    check_luma(make_jpeg(&rgb, in_wide));
    check_luma(make_jpeg(&grey, (jpeg_how){.profile = gamma, .profile_size = gamma_size}));
    check_luma(make_jpeg(&cmyk, (jpeg_how){0}));
    check_luma(make_png(&rgb, (png_how){.colour = PNG_COLOR_TYPE_RGB,
                                        .depth = 8,
                                        .profile = wide,
                                        .profile_size = wide_size}));
    /* a red of Adobe RGB is more than sRGB can show */
    for (size_t i = 0; i < (size_t)60 * 40; i++)
        memcpy(rgb.px + 3 * i, (uint8_t[]){200, 60, 60}, 3);
    ko_buf bytes = make_jpeg(&rgb, in_wide);
    ko_image_colour image = coloured(&bytes, 1000);
    const uint8_t *px = pixel_at(&image.raster, 30, 20);
    assert_in_range(px[0], 215, 255);
    assert_in_range(px[1], 40, 65);
    ko_image_colour_free(&image);
    ko_buf_free(&bytes);
    free(rgb.px);
    free(grey.px);
    free(cmyk.px);
}

static void assert_shrunk(ko_buf bytes, const pixels *p, uint32_t side_px, uint32_t shrink)
{
    ko_image_colour image = coloured(&bytes, side_px);
    assert_int_equal(image.full.width, p->width);
    assert_int_equal(image.full.height, p->height);
    assert_int_equal(image.full.shrink, shrink);
    assert_int_equal(image.raster.width, (p->width + shrink - 1) / shrink);
    assert_int_equal(image.raster.height, (p->height + shrink - 1) / shrink);
    assert_true(image.raster.width <= side_px && image.raster.height <= side_px);
    for (uint32_t y = 0; y + 1 < image.raster.height; y++)
        for (uint32_t x = 0; x + 1 < image.raster.width; x++)
            for (unsigned c = 0; c < 3; c++) {
                const uint32_t half = shrink / 2;
                assert_near(pixel_at(&image.raster, x, y)[c],
                            channel_at(p, x * shrink + half, y * shrink + half, c), 6);
            }
    ko_image_colour_free(&image);
    ko_buf_free(&bytes);
}

static void large_pictures_are_shrunk(void **state)
{
    (void)state;
    pixels p = vivid(901, 601, 3);
    const png_how rgb8 = {.colour = PNG_COLOR_TYPE_RGB, .depth = 8};
    assert_shrunk(make_jpeg(&p, (jpeg_how){0}), &p, 901, 1);
    assert_shrunk(make_jpeg(&p, (jpeg_how){0}), &p, 500, 2);
    assert_shrunk(make_jpeg(&p, (jpeg_how){0}), &p, 200, 6); /* 2 while decoding, then 3 */
    assert_shrunk(make_png(&p, rgb8), &p, 901, 1);
    assert_shrunk(make_png(&p, rgb8), &p, 300, 4);
    free(p.px);

    /* a long drawing is not drawn larger so that its height is that of side_px */
    static const char text[] = "<svg xmlns='http://www.w3.org/2000/svg' width='1000' height='10'>"
                               "<rect width='1000' height='10' fill='#f00'/></svg>";
    const ko_buf svg = {.data = (char *)text, .size = sizeof text - 1};
    ko_image_colour image = coloured(&svg, 4096);
    assert_int_equal(image.raster.width, 1024);
    assert_memory_equal(pixel_at(&image.raster, 500, 0), ((uint8_t[]){255, 0, 0}), 3);
    ko_image_colour_free(&image);
}

/* Hidden under the clear half is a red that must not tint what is seen. */
static void clear_pixels_have_no_colour(void **state)
{
    (void)state;
    pixels p = vivid(40, 20, 4);
    for (size_t i = 0; i < (size_t)40 * 20; i++)
        memcpy(p.px + 4 * i, i % 2 ? (uint8_t[]){0, 0, 200, 255} : (uint8_t[]){255, 0, 0, 0}, 4);
    ko_buf bytes = make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA, .depth = 8});
    ko_image_colour image = coloured(&bytes, 20);
    assert_memory_equal(pixel_at(&image.raster, 5, 5), ((uint8_t[]){0, 0, 200, 128}), 4);
    ko_image_colour_free(&image);
    ko_buf_free(&bytes);
    free(p.px);
}

static void assert_refused(const char *bytes, size_t size, ko_status expected)
{
    const ko_buf buf = {.data = (char *)bytes, .size = size};
    ko_image_colour image = {.full = {7, 7, 7}};
    ko_error err = {0};
    const long live = ko_alloc_live();
    assert_int_equal(decode_colour(&buf, false, 1000, &image, &err), expected);
    assert_true(err.text[0]);
    assert_int_equal(image.full.width, 7); /* outputs keep their old value */
    assert_int_equal(ko_alloc_live(), live);
}

static void hostile_bytes_are_refused(void **state)
{
    (void)state;
    pixels p = vivid(60, 40, 3);
    assert_refused("", 0, KO_E_FORMAT);
    assert_refused("<html>", 6, KO_E_FORMAT);
    assert_refused("<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>", 63,
                   KO_E_UNSUPPORTED);
    assert_refused("8BPS\0\1", 6, KO_E_UNSUPPORTED);
    ko_buf jpeg = make_jpeg(&p, (jpeg_how){0});
    assert_refused(jpeg.data, jpeg.size / 2, KO_E_FORMAT);
    ko_buf png = make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB, .depth = 8});
    assert_refused(png.data, png.size / 2, KO_E_FORMAT);
    ko_buf tiff = save(&p, ".tif", 0);
    assert_refused(tiff.data, tiff.size / 2, KO_E_FORMAT);
    /* a frame header of 65,000 x 65,000 px over the same few bytes */
    for (size_t i = 0; i + 9 < jpeg.size; i++)
        if ((uint8_t)jpeg.data[i] == 0xFF && (uint8_t)jpeg.data[i + 1] == 0xC0) {
            memcpy(jpeg.data + i + 5, "\xFD\xE8\xFD\xE8", 4);
            break;
        }
    assert_refused(jpeg.data, jpeg.size, KO_E_LIMIT);
    ko_buf_free(&jpeg);
    ko_buf_free(&png);
    ko_buf_free(&tiff);
    free(p.px);
}

static void lack_of_memory_is_survived(void **state)
{
    (void)state;
    pixels p = vivid(60, 40, 3);
    ko_buf bytes = make_jpeg(&p, (jpeg_how){.orientation = 6});
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_image_colour image = {0};
        ko_alloc_fault(nth, 0);
        const ko_status st = decode_colour(&bytes, false, 20, &image, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_image_colour_free(&image);
        assert_int_equal(ko_alloc_live(), live);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired) {
            assert_true(nth > 3);
            break;
        }
    }
    ko_buf_free(&bytes);
    free(p.px);
}

static int start(void **state)
{
    (void)state;
    return vips_init("test");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_keeps_its_colours),
        cmocka_unit_test(pictures_are_upright),
        cmocka_unit_test(profiles_and_inks_are_converted),
        cmocka_unit_test(large_pictures_are_shrunk),
        cmocka_unit_test(clear_pixels_have_no_colour),
        cmocka_unit_test(hostile_bytes_are_refused),
        cmocka_unit_test(lack_of_memory_is_survived),
    };
    return cmocka_run_group_tests_name("image/colour", tests, start, NULL);
}
