/* The evidence picture: what it shows is where it should be, and nothing that a seller
 * writes or a place that is none can harm it. */
#include "report/picture.h"

#include "image/metadata.h"
#include "match/part_scene.h"
#include "report/warp.h"

#define PNG_MAX ((size_t)64 << 20)

/* --- what goes in --- */

/* Grey as a colour raster, tinted so that colours can be told apart. */
static ko_image_colour coloured(const ko_grey *grey)
{
    const size_t stride = 4 * (size_t)grey->width;
    const ko_rgba r = {ko_alloc_array(grey->height, stride), grey->width, grey->height, stride};
    assert_non_null(r.px);
    for (size_t y = 0; y < r.height; y++)
        for (size_t x = 0; x < r.width; x++) {
            const uint8_t light = grey->px[y * grey->stride + x];
            memcpy(r.px + y * stride + 4 * x,
                   (uint8_t[]){light, (uint8_t)(light / 2 + 60), (uint8_t)(light / 4 + 90), 255},
                   4);
        }
    return (ko_image_colour){r, {r.width, r.height, 1}};
}

typedef struct scene {
    ko_grey work_grey;
    ko_image_colour work, listing;
    ko_report_picture_source source;
} scene;

static const ko_report_fact facts[] = {{"work", "Barn owl"}, {"listing", "https://a.example/1"}};

/* A photo of width x height with a work of 360 x 300 printed at a quad. */
static void scene_open(scene *s, uint32_t width, uint32_t height, const double quad[8])
{
    *s = (scene){.work_grey = draw_work(360, 300, 77)};
    ko_grey photo = draw_clutter(width, height, 31);
    print p = {0};
    memcpy(p.quad, quad, sizeof p.quad);
    print_work(&photo, &s->work_grey, NULL, &p);
    s->work = coloured(&s->work_grey);
    s->listing = coloured(&photo);
    s->source = (ko_report_picture_source){.size = &ko_report_on_screen,
                                           .listing = &s->listing,
                                           .work = &s->work,
                                           .facts = facts,
                                           .n_facts = 2,
                                           .software = "knockoff 1.2.3"};
    for (size_t i = 0; i < 8; i++)
        s->source.quad[i] = (float)quad[i];
    ko_free(photo.px);
}

static void scene_close(scene *s)
{
    ko_free(s->work_grey.px);
    ko_image_colour_free(&s->work);
    ko_image_colour_free(&s->listing);
}

/* --- what comes out --- */

static ko_buf drawn(const ko_report_picture_source *source)
{
    ko_buf png = KO_BUF(PNG_MAX);
    ko_error err = {0};
    if (ko_report_picture(source, &png, &err) != KO_OK)
        fail_msg("not drawn: %s", err.text);
    return png;
}

/* Reads a PNG and frees it. */
static ko_rgba read_png(ko_buf png)
{
    ko_image_options options;
    ko_image_options_init(&options);
    ko_image_colour image = {0};
    assert_int_equal(ko_image_decode_colour(png.data, png.size, &options, 4096, &image, NULL),
                     KO_OK);
    ko_buf_free(&png);
    return image.raster;
}

static const uint8_t *pixel_at(const ko_rgba *r, double x, double y)
{
    assert_true(x >= 0 && y >= 0 && x < r->width && y < r->height);
    return r->px + (size_t)y * r->stride + 4 * (size_t)x;
}

static bool is_yellow(const uint8_t *px)
{
    return px[0] > 220 && px[1] > 180 && px[2] < 90;
}

static bool is_dark(const uint8_t *px)
{
    return px[0] < 60 && px[1] < 60 && px[2] < 60;
}

/* Correlation of the red of two panels of one size, without their borders; the second may
 * be read from right to left. */
static double likeness(const ko_rgba *r, const ko_report_panel *a, const ko_report_panel *b,
                       bool from_right)
{
    double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (uint32_t y = 6; y + 6 < a->height; y++)
        for (uint32_t x = 6; x + 6 < a->width; x++) {
            const double p = *pixel_at(r, a->x + x, a->y + y);
            const double q = *pixel_at(r, b->x + (from_right ? b->width - 1 - x : x), b->y + y);
            n++;
            sa += p;
            sb += q;
            saa += p * p;
            sbb += q * q;
            sab += p * q;
        }
    return (n * sab - sa * sb) / sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
}

/* --- tests --- */

static const double slanted[8] = {75, 65, 260, 45, 280, 240, 95, 260};
static const double mirrored[8] = {260, 45, 75, 65, 95, 260, 280, 240};

static void the_work_is_outlined_in_the_listing(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 400, 350, slanted);
    const ko_report_layout l = ko_report_picture_layout(&s.source);
    ko_rgba r = read_png(drawn(&s.source));
    assert_int_equal(r.width, KO_REPORT_PICTURE_WIDTH);
    assert_int_equal(r.height, l.height);
    const double scale = l.listing.width / 400.;
    for (size_t i = 0; i < 8; i += 2)
        for (int tenth = 1; tenth <= 9; tenth++) {
            const double t = tenth / 10.;
            const size_t k = (i + 2) % 8;
            const double dx = slanted[k] - slanted[i], dy = slanted[k + 1] - slanted[i + 1];
            const double x = l.listing.x + scale * (slanted[i] + t * dx);
            const double y = l.listing.y + scale * (slanted[i + 1] + t * dy);
            assert_true(is_yellow(pixel_at(&r, x, y)));
            const double across_x = 2.5 * dy / hypot(dx, dy), across_y = -2.5 * dx / hypot(dx, dy);
            assert_true(is_dark(pixel_at(&r, x + across_x, y + across_y)));
            assert_true(is_dark(pixel_at(&r, x - across_x, y - across_y)));
        }
    ko_free(r.px);
    scene_close(&s);
}

static void the_patch_looks_like_the_work(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 400, 350, slanted);
    const ko_report_layout l = ko_report_picture_layout(&s.source);
    ko_rgba r = read_png(drawn(&s.source));
    assert_true(likeness(&r, &l.work, &l.patch, false) > .93);
    assert_true(likeness(&r, &l.work, &l.patch, true) < .5);
    ko_free(r.px);
    s.listing.full = (ko_extent){1200, 1050, 3}; /* as if shrunk: places are of the full size */
    for (size_t i = 0; i < 8; i++)
        s.source.quad[i] *= 3;
    ko_rgba again = read_png(drawn(&s.source));
    assert_true(likeness(&again, &l.work, &l.patch, false) > .93);
    ko_free(again.px);
    scene_close(&s);
}

static void a_mirrored_print_is_mirrored_back(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 400, 350, mirrored);
    s.source.mirrored = true;
    const ko_report_layout l = ko_report_picture_layout(&s.source);
    ko_rgba r = read_png(drawn(&s.source));
    assert_true(likeness(&r, &l.work, &l.patch, false) > .93);
    ko_free(r.px);
    scene_close(&s);
}

/* Quads of the eight ways in which a whole photo of 600 x 500 shows a work. */
static void whole_photos_are_turned_like_the_work(void **state)
{
    (void)state;
    static const double quads[KO_ORIENT_COUNT][8] = {
        [KO_ORIENT_NONE] = {0, 0, 600, 0, 600, 500, 0, 500},
        [KO_ORIENT_ROT90] = {600, 0, 600, 500, 0, 500, 0, 0},
        [KO_ORIENT_ROT180] = {600, 500, 0, 500, 0, 0, 600, 0},
        [KO_ORIENT_ROT270] = {0, 500, 0, 0, 600, 0, 600, 500},
        [KO_ORIENT_MIRROR] = {600, 0, 0, 0, 0, 500, 600, 500},
        [KO_ORIENT_FLIP] = {0, 500, 600, 500, 600, 0, 0, 0},
        [KO_ORIENT_TRANSPOSE] = {0, 0, 0, 500, 600, 500, 600, 0},
        [KO_ORIENT_TRANSVERSE] = {600, 500, 600, 0, 0, 0, 0, 500},
    };
    const ko_extent full = {600, 500, 1};
    float quad[8];
    for (ko_orientation o = KO_ORIENT_NONE; o < KO_ORIENT_COUNT; o++) {
        const bool swapped = ko_report_whole_quad(o, (float[]){0, 0, 1, 1}, &full, quad);
        assert_int_equal(swapped, o >= KO_ORIENT_MIRROR);
        for (size_t i = 0; i < 8; i++)
            assert_true(fabs((double)quad[i] - quads[o][i]) < 1e-3);
    }
    scene s;
    scene_open(&s, 600, 500, quads[KO_ORIENT_TRANSVERSE]);
    s.source.whole = s.source.mirrored = true;
    const ko_report_layout l = ko_report_picture_layout(&s.source);
    ko_rgba r = read_png(drawn(&s.source));
    assert_true(likeness(&r, &l.work, &l.patch, false) > .93);
    ko_free(r.px);
    scene_close(&s);
    /* the photo is the middle of the canvas, upside down */
    assert_false(ko_report_whole_quad(KO_ORIENT_ROT180, (float[]){.25f, .5f, .5f, .25f},
                                      &(ko_extent){400, 100, 1}, quad));
    static const float expected[8] = {600, 300, -200, 300, -200, -100, 600, -100};
    for (size_t i = 0; i < 8; i++)
        assert_true(fabsf(quad[i] - expected[i]) < 1e-3f);
}

static void lines_join_what_agrees(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 400, 350, slanted);
    const ko_part_line line = {.work = {.25f, .5f}, .photo = {200, 175}};
    s.source.lines = &line;
    s.source.n_lines = 1;
    const ko_report_layout l = ko_report_picture_layout(&s.source);
    ko_rgba r = read_png(drawn(&s.source));
    s.source.n_lines = 0;
    ko_rgba without = read_png(drawn(&s.source));
    const double x0 = l.work.x + .25 * l.work.width, y0 = l.work.y + .5 * l.work.height;
    const double x1 = l.listing.x + .5 * l.listing.width, y1 = l.listing.y + .5 * l.listing.height;
    assert_memory_equal(pixel_at(&r, x0, y0), pixel_at(&r, x1, y1), 3); /* two dots, one colour */
    for (int eighth = 0; eighth <= 8; eighth++) {
        const double t = eighth / 8., x = x0 + t * (x1 - x0), y = y0 + t * (y1 - y0);
        assert_true(memcmp(pixel_at(&r, x, y), pixel_at(&without, x, y), 3) != 0);
    }
    ko_free(r.px);
    ko_free(without.px);
    scene_close(&s);
}

static void what_lies_outside_the_photo_is_grey(void **state)
{
    (void)state;
    static const double beyond[8] = {-150, 50, 150, 50, 150, 300, -150, 300};
    scene s;
    scene_open(&s, 400, 350, beyond);
    ko_report_layout l = ko_report_picture_layout(&s.source);
    ko_rgba r = read_png(drawn(&s.source));
    for (uint32_t y = 1; y + 1 < l.patch.height; y += 7)
        for (uint32_t x = 1; x + 1 < l.patch.width / 2; x += 7)
            assert_int_equal(*pixel_at(&r, l.patch.x + x, l.patch.y + y), KO_REPORT_OUTSIDE);
    const ko_report_panel work = {l.work.x + l.work.width / 2, l.work.y, l.work.width / 2,
                                  l.work.height};
    const ko_report_panel patch = {l.patch.x + l.patch.width / 2, l.patch.y, l.patch.width / 2,
                                   l.patch.height};
    assert_true(likeness(&r, &work, &patch, false) > .93);
    /* the outline ends where the photo does */
    for (uint32_t y = l.listing.y; y < l.listing.y + l.listing.height; y++)
        assert_int_equal(*pixel_at(&r, l.listing.x - 8., y), 255);
    ko_free(r.px);

    for (size_t i = 0; i < 8; i += 2)
        s.source.quad[i] -= 5000;
    r = read_png(drawn(&s.source));
    assert_int_equal(*pixel_at(&r, l.patch.x + l.patch.width / 2., l.patch.y + 9.),
                     KO_REPORT_OUTSIDE);
    ko_free(r.px);
    scene_close(&s);
}

static void what_is_no_place_is_refused(void **state)
{
    (void)state;
    static const float quads[][8] = {{0},
                                     {0, 0, 100, 0, 0, 100, 100, 100},
                                     {0, 0, 9, 9, 18, 18, 27, 27},
                                     {0, 0, NAN, 0, 100, 100, 0, 100},
                                     {0, 0, INFINITY, 0, 100, 100, 0, 100}};
    scene s;
    scene_open(&s, 400, 350, slanted);
    for (size_t q = 0; q < sizeof quads / sizeof *quads; q++) {
        memcpy(s.source.quad, quads[q], sizeof s.source.quad);
        ko_buf png = KO_BUF(PNG_MAX);
        ko_error err = {0};
        assert_int_equal(ko_report_picture(&s.source, &png, &err), KO_E_FORMAT);
        assert_true(err.text[0]);
        assert_int_equal(png.size, 0);
    }
    scene_close(&s);
}

/* Needles of places, which have next to no depth at one corner. */
static void slanted_beyond_sense_is_still_drawn(void **state)
{
    (void)state;
    static const float quads[][8] = {{0, 0, 400, 0, 400, 1, 0, 350},
                                     {100, 100, 101, 100, 101, 101, 100, 101.1f},
                                     {-9e5f, -9e5f, 9e5f, -9e5f, 9e5f, 9e5f, -9e5f, 9e5f}};
    scene s;
    scene_open(&s, 400, 350, slanted);
    for (size_t q = 0; q < sizeof quads / sizeof *quads; q++) {
        memcpy(s.source.quad, quads[q], sizeof s.source.quad);
        ko_buf png = drawn(&s.source);
        ko_buf_free(&png);
    }
    scene_close(&s);
}

static void panels_fit_whatever_the_shapes(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {1, 900}, {300, 300}, {900, 1}};
    for (size_t i = 0; i < 4; i++) {
        const uint32_t *other = sizes[(i + 2) % 4];
        ko_grey a = draw_clutter(sizes[i][0], sizes[i][1], 5);
        ko_grey b = draw_clutter(other[0], other[1], 6);
        ko_image_colour listing = coloured(&a), work = coloured(&b);
        const ko_report_picture_source source = {
            .size = &ko_report_on_screen,
            .listing = &listing,
            .work = &work,
            .quad = {0, 0, (float)a.width, 0, (float)a.width, (float)a.height, 0, (float)a.height},
            .facts = facts,
            .n_facts = 2,
            .software = ""};
        const ko_report_layout l = ko_report_picture_layout(&source);
        const ko_report_panel panels[3] = {l.listing, l.work, l.patch};
        for (size_t k = 0; k < 3; k++) {
            assert_true(panels[k].width > 0 && panels[k].height > 0);
            assert_true(panels[k].x + panels[k].width < l.width);
            assert_true(panels[k].y + panels[k].height < l.height);
        }
        ko_rgba r = read_png(drawn(&source));
        assert_int_equal(r.height, l.height);
        ko_free(r.px);
        ko_image_colour_free(&listing);
        ko_image_colour_free(&work);
        ko_free(a.px);
        ko_free(b.px);
    }
}

/* A white drawing stands on dark squares, a black one on light ones. */
static void clear_works_stand_out(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 400, 350, slanted);
    for (int white = 0; white <= 1; white++) {
        for (size_t i = 0; i < (size_t)s.work.raster.width * s.work.raster.height; i++) {
            memset(s.work.raster.px + 4 * i, white ? 255 : 0, 3);
            s.work.raster.px[4 * i + 3] = i % s.work.raster.width < 100 ? 255 : 0;
        }
        const ko_report_layout l = ko_report_picture_layout(&s.source);
        ko_rgba r = read_png(drawn(&s.source));
        const int ink = *pixel_at(&r, l.work.x + l.work.width * .1, l.work.y + 50.);
        const int ground = *pixel_at(&r, l.work.x + l.work.width * .8, l.work.y + 50.);
        assert_int_equal(ink, white ? 255 : 0);
        assert_true(abs(ink - ground) > 150);
        ko_free(r.px);
    }
    scene_close(&s);
}

/* Whatever stands below them, the pictures are the same. */
static void hostile_words_are_harmless(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 400, 350, slanted);
    static char longest[200001], accents[2001];
    memset(longest, 'x', sizeof longest - 1);
    for (size_t i = 0; i + 1 < sizeof accents; i++)
        accents[i] = i % 2 ? '\x81' : '\xCC';
    const char *const texts[8] = {"",
                                  longest,
                                  accents,
                                  "\x1b[2J\r\n\t\a\x7f two\nlines",
                                  "\xff\xfe\xc0\x80\xed\xa0\x80 broken",
                                  "\xE2\x80\xAE turned round",
                                  "<span size='999999'>&bogus;</span> %s%n",
                                  "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"};
    ko_report_fact hostile[8], harmless[8];
    for (size_t i = 0; i < 8; i++) {
        hostile[i] = (ko_report_fact){texts[i], texts[i]};
        harmless[i] = facts[0];
    }
    s.source.n_facts = 8;
    s.source.facts = harmless;
    const ko_report_layout l = ko_report_picture_layout(&s.source);
    ko_rgba plain = read_png(drawn(&s.source));
    s.source.facts = hostile;
    ko_rgba r = read_png(drawn(&s.source));
    assert_int_equal(r.height, plain.height);
    assert_memory_equal(r.px, plain.px,
                        (l.listing.y + l.listing.height) * (size_t)KO_REPORT_PICTURE_WIDTH * 4);
    ko_free(r.px);
    ko_free(plain.px);
    scene_close(&s);
}

static void the_file_says_what_made_it_and_is_the_same_twice(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 400, 350, slanted);
    ko_buf a = drawn(&s.source), b = drawn(&s.source);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    const ko_image_span text =
        ko_image_png_text((ko_image_span){(const uint8_t *)a.data, a.size}, "Software");
    assert_int_equal(text.size, strlen("knockoff 1.2.3"));
    assert_memory_equal(text.at, "knockoff 1.2.3", text.size);
    ko_buf_free(&a);
    ko_buf_free(&b);
    scene_close(&s);
}

static void lack_of_memory_is_survived(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, 60, 50, (const double[]){5, 5, 55, 5, 55, 45, 5, 45});
    s.source.n_facts = 0; /* labels take the same way */
    ko_buf small = KO_BUF(1000);
    assert_int_equal(ko_report_picture(&s.source, &small, NULL), KO_E_NOMEM);
    assert_null(small.data);
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_buf png = KO_BUF(PNG_MAX);
        assert_non_null(ko_buf_extend(&png, 1 << 20)); /* so that it need not grow in steps */
        ko_buf_clear(&png);
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_report_picture(&s.source, &png, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_buf_free(&png);
        assert_int_equal(ko_alloc_live(), live);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired) {
            assert_true(nth > 3);
            break;
        }
    }
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_work_is_outlined_in_the_listing),
        cmocka_unit_test(the_patch_looks_like_the_work),
        cmocka_unit_test(a_mirrored_print_is_mirrored_back),
        cmocka_unit_test(whole_photos_are_turned_like_the_work),
        cmocka_unit_test(lines_join_what_agrees),
        cmocka_unit_test(what_lies_outside_the_photo_is_grey),
        cmocka_unit_test(what_is_no_place_is_refused),
        cmocka_unit_test(slanted_beyond_sense_is_still_drawn),
        cmocka_unit_test(panels_fit_whatever_the_shapes),
        cmocka_unit_test(clear_works_stand_out),
        cmocka_unit_test(hostile_words_are_harmless),
        cmocka_unit_test(the_file_says_what_made_it_and_is_the_same_twice),
        cmocka_unit_test(lack_of_memory_is_survived),
    };
    return cmocka_run_group_tests_name("report/picture", tests, NULL, NULL);
}
