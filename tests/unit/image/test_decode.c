#include "image/pictures.h"

#include "base/limits.h"
#include "base/parallel.h"

static void kinds_are_told_from_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        ko_image_kind kind;
    } cases[] = {
        {"\xFF\xD8\xFF\xE0", 4, KO_IMAGE_JPEG},
        {"\x89PNG\r\n\x1A\n", 8, KO_IMAGE_PNG},
        {"RIFF\x10\0\0\0WEBPVP8 ", 16, KO_IMAGE_WEBP},
        {"RIFF\x10\0\0\0WAVEfmt ", 16, KO_IMAGE_UNKNOWN},
        {"RIFF\x10\0\0\0WEB", 11, KO_IMAGE_UNKNOWN},
        {"GIF89a", 6, KO_IMAGE_GIF},
        {"MM\0*\0\0\0\10", 8, KO_IMAGE_TIFF},
        {"\0\0\0\34ftypavif\0\0\0\0mif1avifmiaf", 28, KO_IMAGE_AVIF},
        {"\0\0\0\34ftypmif1\0\0\0\0mif1miafavif", 28, KO_IMAGE_AVIF},
        {"\0\0\0\30ftypheic\0\0\0\0mif1heic", 24, KO_IMAGE_HEIC},
        {"\0\0\0\30ftypmp42\0\0\0\0mp42isom", 24, KO_IMAGE_UNKNOWN},
        {"8BPS\0\1", 6, KO_IMAGE_PSD},
        {"\xEF\xBB\xBF <!-- x --> <svg/>", 20, KO_IMAGE_SVG},
        {"<?xml version='1.0'?><!DOCTYPE svg><svg/>", 41, KO_IMAGE_SVG},
        {"<html><svg/></html>", 19, KO_IMAGE_UNKNOWN},
        {"<!-- never closed <svg/>", 24, KO_IMAGE_UNKNOWN},
        {"\x1F\x8B\x08\0", 4, KO_IMAGE_SVG},
        {"", 0, KO_IMAGE_UNKNOWN},
        {"\xFF\xD8", 2, KO_IMAGE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *exact = malloc(cases[i].size + 1);
        assert_non_null(exact);
        memcpy(exact + 1, cases[i].bytes, cases[i].size);
        assert_int_equal(ko_image_sniff(exact + 1, cases[i].size), cases[i].kind);
        free(exact);
    }
}

static void assert_refused(const void *bytes, size_t size, ko_status expected, const char *text)
{
    ko_image image = {.kind = KO_IMAGE_GIF};
    ko_error err = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    assert_int_equal(decode_with(bytes, size, &options, &image, &err), expected);
    assert_string_equal(err.text, text);
    assert_int_equal(image.kind, KO_IMAGE_GIF); /* outputs keep their old value */
}

static void what_is_no_picture_is_refused_with_its_reason(void **state)
{
    (void)state;
    assert_refused(NULL, 0, KO_E_FORMAT, "empty file");
    assert_refused("<html>Access denied</html>", 26, KO_E_FORMAT, "not a picture");
    assert_refused("BM\x36\0\0\0\0\0", 8, KO_E_UNSUPPORTED, "BMP, a kind that is not read");
    assert_refused("%PDF-1.7", 8, KO_E_UNSUPPORTED, "PDF, a kind that is not read");
}

static void strangers_cannot_reach_the_weak_decoders(void **state)
{
    (void)state;
    static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>";
    assert_refused(svg, strlen(svg), KO_E_UNSUPPORTED,
                   "SVG is read only from the artist's own files");
    assert_refused("\x1F\x8B\x08", 3, KO_E_UNSUPPORTED,
                   "SVG is read only from the artist's own files");
    assert_refused("8BPS\0\1", 6, KO_E_UNSUPPORTED, "PSD is read only from the artist's own files");
}

static void callers_can_lower_the_caps_but_not_raise_them(void **state)
{
    (void)state;
    pixels p = slope(60, 40, 1);
    ko_buf bytes = make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_GRAY, .depth = 8});
    ko_image image = {0};
    ko_error err = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    options.max_side_px = 59;
    assert_int_equal(decode_with(bytes.data, bytes.size, &options, &image, &err), KO_E_LIMIT);
    assert_string_equal(err.text, "width 60 px, limit 59");
    ko_image_options_init(&options);
    options.max_pixels = 2399;
    assert_int_equal(decode_with(bytes.data, bytes.size, &options, &image, NULL), KO_E_LIMIT);
    ko_image_options_init(&options);
    options.max_bytes = bytes.size - 1;
    assert_int_equal(decode_with(bytes.data, bytes.size, &options, &image, NULL), KO_E_LIMIT);
    options.max_bytes++;
    options.max_pixels = 2400;
    options.max_side_px = 60;
    assert_int_equal(decode_with(bytes.data, bytes.size, &options, &image, NULL), KO_OK);
    ko_image_free(&image);

    bytes.data[18] = 2; /* the header now says 2 * 256 * 256 + 60 px of width */
    options = (ko_image_options){
        .max_bytes = SIZE_MAX, .max_side_px = UINT32_MAX, .max_pixels = UINT64_MAX};
    const ko_status st = decode_with(bytes.data, bytes.size, &options, &image, NULL);
    assert_int_not_equal(st, KO_OK);
    ko_buf_free(&bytes);
    free(p.px);
}

/* One failure, or all from the nth on: nothing leaks, nothing crashes, no half picture. */
static void lack_of_memory_is_survived(void **state)
{
    (void)state;
    pixels p = slope(40, 30, 4), rgb = slope(40, 30, 3);
    uint8_t profile[512];
    const size_t n = make_profile(profile, adobe_primaries, 2.2);
    ko_buf pictures[] = {
        make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA, .depth = 8, .exif_before = 6}),
        make_png(&p, (png_how){.colour = PNG_COLOR_TYPE_RGB_ALPHA, .depth = 8, .interlaced = 1}),
        make_jpeg(&rgb, (jpeg_how){.orientation = 5}),
        make_jpeg(&rgb, (jpeg_how){.profile = profile, .profile_size = n}),
        make_jpeg(&p, (jpeg_how){0}),
    };
    const size_t count = sizeof pictures / sizeof *pictures;
    const long live = ko_alloc_live();
    for (size_t i = 0; i < count; i++)
        for (int sticky = 0; sticky <= 1; sticky++)
            for (unsigned nth = 1;; nth++) {
                ko_image image = {0};
                ko_alloc_fault(nth, sticky);
                const ko_status st = decode(&pictures[i], &image, NULL);
                const unsigned fired = ko_alloc_fault_hits();
                ko_alloc_fault(0, 0);
                ko_image_free(&image);
                assert_int_equal(ko_alloc_live(), live);
                assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
                if (!fired) {
                    assert_true(nth > 1);
                    break;
                }
            }
    for (size_t i = 0; i < count; i++)
        ko_buf_free(&pictures[i]);
    free(p.px);
    free(rgb.px);
}

typedef struct crowd {
    ko_buf pictures[4];
    ko_status status[64];
    uint8_t luma[64];
} crowd;

static void decode_one(void *context, size_t item, unsigned worker)
{
    (void)worker;
    crowd *c = context;
    ko_image image = {0};
    c->status[item] = decode(&c->pictures[item % 4], &image, NULL);
    if (c->status[item] == KO_OK)
        c->luma[item] = image.luma.px[image.luma.stride * 3 + 7];
    ko_image_free(&image);
}

/* Half of them start libvips, all at the same moment. */
static void many_threads_decode_at_once(void **state)
{
    (void)state;
    pixels grey = slope(50, 30, 1), rgb = slope(50, 30, 3), cmyk = slope(50, 30, 4);
    uint8_t profile[512];
    const size_t n = make_profile(profile, adobe_primaries, 2.2);
    crowd c = {.pictures = {
                   make_jpeg(&cmyk, (jpeg_how){0}),
                   make_png(&rgb, (png_how){.colour = PNG_COLOR_TYPE_RGB,
                                            .depth = 8,
                                            .profile = profile,
                                            .profile_size = n}),
                   make_jpeg(&grey, (jpeg_how){0}),
                   make_png(&rgb, (png_how){.colour = PNG_COLOR_TYPE_RGB, .depth = 8}),
               }};
    assert_int_equal(ko_parallel_for(64, 8, decode_one, &c), KO_OK);
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(c.status[i], KO_OK);
        assert_int_equal(c.luma[i], c.luma[i % 4]);
    }
    for (size_t i = 0; i < 4; i++)
        ko_buf_free(&c.pictures[i]);
    free(grey.px);
    free(rgb.px);
    free(cmyk.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_threads_decode_at_once),
        cmocka_unit_test(kinds_are_told_from_bytes),
        cmocka_unit_test(what_is_no_picture_is_refused_with_its_reason),
        cmocka_unit_test(strangers_cannot_reach_the_weak_decoders),
        cmocka_unit_test(callers_can_lower_the_caps_but_not_raise_them),
        cmocka_unit_test(lack_of_memory_is_survived),
    };
    return cmocka_run_group_tests_name("image/decode", tests, NULL, NULL);
}
