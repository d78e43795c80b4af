/* The kinds that go through libvips: what libvips has written from our pixels must come
 * back as those pixels. AVIF and HEIC are skipped where their encoders are missing. */
#include "image/saved.h"

/* The HEVC encoder that writes our HEIC leaks; the leak checker shall look at us. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libx265";
}

static void check_colours(const char *suffix, ko_image_kind kind, int tolerance)
{
    pixels p = slope(70, 45, 3);
    ko_image image = decoded(save(&p, suffix, 0));
    assert_int_equal(image.kind, kind);
    assert_int_equal(image.full.shrink, 1);
    assert_null(image.alpha.px);
    assert_shows(&image.luma, &p, tolerance);
    ko_image_free(&image);
    free(p.px);
}

static void check_alpha(const char *suffix, int tolerance)
{
    pixels p = slope(70, 45, 4);
    ko_image image = decoded(save(&p, suffix, 0));
    assert_shows(&image.luma, &p, tolerance);
    for (uint32_t y = 0; y < 45; y++)
        for (uint32_t x = 0; x < 70; x++)
            assert_near(grey_at(&image.alpha, x, y), channel_at(&p, x, y, 3), tolerance);
    ko_image_free(&image);
    for (size_t i = 0; i < (size_t)70 * 45; i++)
        p.px[4 * i + 3] = 255;
    image = decoded(save(&p, suffix, 0));
    assert_null(image.alpha.px);
    ko_image_free(&image);
    free(p.px);
}

static void check_orientation(const char *suffix, int tolerance)
{
    pixels p = slope(70, 45, 3);
    for (unsigned orientation = 1; orientation <= 8; orientation++) {
        ko_image image = decoded(save(&p, suffix, orientation));
        assert_upright(&image, &p, orientation, tolerance);
        ko_image_free(&image);
    }
    free(p.px);
}

/* Cut anywhere in its first two thirds, a picture must not come out. */
static void check_truncation(const char *suffix)
{
    pixels p = slope(300, 200, 3);
    for (size_t i = 0; i < (size_t)300 * 200 * 3; i++)
        p.px[i] = (uint8_t)(p.px[i] ^ (i * i * 40503 >> 9 & 31));
    ko_buf bytes = save(&p, suffix, 0);
    for (size_t sixth = 0; sixth <= 4; sixth++) {
        const ko_buf part = {.data = bytes.data, .size = sixth ? bytes.size * sixth / 6 : 20};
        ko_image image = {0};
        ko_error err = {0};
        const long live = ko_alloc_live();
        assert_int_equal(decode(&part, &image, &err), KO_E_FORMAT);
        assert_true(err.text[0]);
        assert_int_equal(ko_alloc_live(), live);
    }
    ko_buf_free(&bytes);
    free(p.px);
}

static void webp(void **state)
{
    (void)state;
    check_colours(".webp[Q=100]", KO_IMAGE_WEBP, 4);
    check_alpha(".webp[lossless]", 1);
    check_orientation(".webp[lossless]", 1);
    check_truncation(".webp[Q=95]");
}

static void gif(void **state)
{
    (void)state;
    check_colours(".gif[dither=0]", KO_IMAGE_GIF, 8);
    check_truncation(".gif");
}

static void tiff(void **state)
{
    (void)state;
    check_colours(".tif", KO_IMAGE_TIFF, 1);
    check_colours(".tif[compression=deflate,tile]", KO_IMAGE_TIFF, 1);
    check_colours(".tif[bigtiff]", KO_IMAGE_TIFF, 1);
    check_alpha(".tif", 1);
    check_orientation(".tif", 1);
    check_truncation(".tif[compression=lzw]");
}

static void avif(void **state)
{
    (void)state;
    if (!can_save(".avif"))
        skip();
    check_colours(".avif[Q=95]", KO_IMAGE_AVIF, 5);
    check_truncation(".avif[Q=95]");
}

static void heic(void **state)
{
    (void)state;
    if (!can_save(".heic"))
        skip();
    check_colours(".heic[Q=95]", KO_IMAGE_HEIC, 5);
    check_truncation(".heic[Q=95]");
}

static void sixteen_bit_tiff(void **state)
{
    (void)state;
    uint16_t px[8] = {0, 0x00FF, 0x7FFF, 0x8000, 0xFFFF, 0x1234, 0xFE00, 0x0100};
    VipsImage *image = vips_image_new_from_memory(px, sizeof px, 8, 1, 1, VIPS_FORMAT_USHORT),
              *grey = NULL;
    void *bytes = NULL;
    size_t size = 0;
    assert_int_equal(vips_copy(image, &grey, "interpretation", VIPS_INTERPRETATION_GREY16, NULL),
                     0);
    assert_int_equal(vips_tiffsave_buffer(grey, &bytes, &size, NULL), 0);
    const ko_buf buf = {.data = bytes, .size = size};
    ko_image out = {0};
    assert_int_equal(decode(&buf, &out, NULL), KO_OK);
    for (uint32_t x = 0; x < 8; x++)
        assert_near(grey_at(&out.luma, x, 0), px[x] / 257, 1);
    ko_image_free(&out);
    g_free(bytes);
    g_object_unref(grey);
    g_object_unref(image);
}

static void only_the_first_frame_is_shown(void **state)
{
    (void)state;
    pixels p = slope(20, 40, 3); /* two frames of 20 x 20, one above the other */
    VipsImage *image = vips_image_new_from_memory(p.px, 2400, 20, 40, 3, VIPS_FORMAT_UCHAR),
              *film = NULL;
    void *bytes = NULL;
    size_t size = 0;
    assert_int_equal(vips_copy(image, &film, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), 0);
    vips_image_set_int(film, VIPS_META_PAGE_HEIGHT, 20);
    assert_int_equal(vips_gifsave_buffer(film, &bytes, &size, "dither", 0.0, NULL), 0);
    const ko_buf buf = {.data = bytes, .size = size};
    ko_image out = {0};
    assert_int_equal(decode(&buf, &out, NULL), KO_OK);
    p.height = 20;
    assert_shows(&out.luma, &p, 8);
    ko_image_free(&out);
    g_free(bytes);
    g_object_unref(film);
    g_object_unref(image);
    free(p.px);
}

static ko_image decoded_as_trusted(const void *bytes, size_t size, uint32_t min_side_px)
{
    ko_image image = {0};
    ko_error err = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = true;
    options.min_side_px = min_side_px;
    if (decode_with(bytes, size, &options, &image, &err) != KO_OK)
        fail_msg("refused: %s", err.text);
    return image;
}

static void drawings_are_rasterised_large_enough(void **state)
{
    (void)state;
    static const char svg[] = "<?xml version='1.0'?><!-- a drawing -->\n"
                              "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='10'>"
                              "<rect width='20' height='10' fill='#0f0'/></svg>";
    ko_image image = decoded_as_trusted(svg, strlen(svg), 0);
    assert_int_equal(image.kind, KO_IMAGE_SVG);
    assert_int_equal(image.luma.width, 1024);
    assert_int_equal(image.luma.height, 256);
    assert_int_equal(image.full.width, 1024);
    assert_int_equal(grey_at(&image.luma, 100, 100), 150);
    assert_int_equal(grey_at(&image.alpha, 100, 100), 255);
    assert_int_equal(grey_at(&image.alpha, 900, 100), 0);
    ko_image_free(&image);
    image = decoded_as_trusted(svg, strlen(svg), 512);
    assert_int_equal(image.luma.height, 512);
    ko_image_free(&image);
}

/* An A4 page drawn in px: at another resolution than CSS's the page would cut it off. */
static void a_page_in_millimetres_holds_what_is_drawn_in_pixels(void **state)
{
    (void)state;
    static const char svg[] =
        "<svg xmlns='http://www.w3.org/2000/svg' width='254mm' height='127mm'>"
        "<rect x='480' y='0' width='480' height='480' fill='#000'/></svg>";
    ko_image image = decoded_as_trusted(svg, strlen(svg), 0);
    assert_int_equal(image.luma.width, 1024);
    assert_int_equal(grey_at(&image.alpha, 500, 256), 0);
    assert_int_equal(grey_at(&image.alpha, 524, 256), 255);
    assert_int_equal(grey_at(&image.alpha, 1000, 500), 255);
    ko_image_free(&image);
}

static void photoshop_files_of_the_artist_are_read(void **state)
{
    (void)state;
    static const uint8_t psd[] = {'8', 'B', 'P', 'S', 0, 1, 0, 0,   0, 0, 0, 0, 0, 3, /* channels */
                                  0,   0,   0,   2,   0, 0, 0, 3,                     /* 3 x 2 px */
                                  0,   8,   0,   3,                             /* 8 bits, RGB */
                                  0,   0,   0,   0,   0, 0, 0, 0,   0, 0, 0, 0, /* no sections */
                                  0,   0,                                       /* not compressed */
                                  255, 0,   0,   9,   9, 9, 0, 255, 0, 9, 9, 9, 0, 0, 255, 9, 9, 9};
    ko_image image = decoded_as_trusted(psd, sizeof psd, 0);
    assert_int_equal(image.kind, KO_IMAGE_PSD);
    assert_int_equal(image.full.width, 3);
    assert_int_equal(image.full.height, 2);
    static const uint8_t luma[6] = {76, 150, 29, 9, 9, 9};
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(grey_at(&image.luma, i % 3, i / 3), luma[i]);
    ko_image_free(&image);

    uint8_t bomb[sizeof psd];
    memcpy(bomb, psd, sizeof psd);
    bomb[16] = bomb[20] = 0x80; /* 32770 rows, 32771 columns */
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = true;
    assert_int_equal(decode_with(bomb, sizeof bomb, &options, &image, NULL), KO_E_LIMIT);
}

static int start(void **state)
{
    (void)state;
    return vips_init("test");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(webp),
        cmocka_unit_test(gif),
        cmocka_unit_test(tiff),
        cmocka_unit_test(avif),
        cmocka_unit_test(heic),
        cmocka_unit_test(sixteen_bit_tiff),
        cmocka_unit_test(only_the_first_frame_is_shown),
        cmocka_unit_test(drawings_are_rasterised_large_enough),
        cmocka_unit_test(a_page_in_millimetres_holds_what_is_drawn_in_pixels),
        cmocka_unit_test(photoshop_files_of_the_artist_are_read),
    };
    return cmocka_run_group_tests_name("image/vips", tests, start, NULL);
}
