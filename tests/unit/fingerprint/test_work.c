/* The variants of a work: what a seller makes of it is near one of them. */
#include "scene.h"

#define VARIANTS KO_FP_VARIANTS_MAX

/* A scene that shows through a disc right of the middle, with soft edges: what is seen of
 * it lies in 241 x 241 pixels from (120, 30) on. */
typedef struct work {
    ko_grey luma, alpha;
} work;

static work round_work(void)
{
    work w = {scene(400, 300, 11), raster_new(400, 300)};
    for (int y = 0; y < 300; y++)
        for (int x = 0; x < 400; x++) {
            const int d2 = (x - 240) * (x - 240) + (y - 150) * (y - 150);
            const int soft = 255 - (d2 - 110 * 110) / 20;
            w.alpha.px[y * 400 + x] = (uint8_t)(soft < 0 ? 0 : soft > 255 ? 255 : soft);
        }
    return w;
}

static void work_free(work *w)
{
    ko_free(w->luma.px);
    ko_free(w->alpha.px);
}

/* The part of the work from (x, y) on, laid on a ground. */
static ko_grey laid_on(const work *w, int ground, uint32_t x, uint32_t y, uint32_t width,
                       uint32_t height)
{
    const ko_grey out = raster_new(width, height);
    for (uint32_t v = 0; v < height; v++)
        for (uint32_t u = 0; u < width; u++) {
            const size_t at = (size_t)(y + v) * w->luma.stride + x + u;
            const int a = w->alpha.px[at];
            out.px[(size_t)v * width + u] =
                (uint8_t)((a * w->luma.px[at] + (255 - a) * ground + 127) / 255);
        }
    return out;
}

/* Distance of a picture to the nearest variant. */
static unsigned nearest(const ko_grey *picture, const ko_fp_variant *variants, size_t n,
                        ko_fp_variant *out_variant)
{
    ko_fp fp;
    unsigned best = KO_FP_BITS;
    assert_int_equal(ko_fp_from_grey(picture, NULL, &fp, NULL, NULL), KO_OK);
    for (size_t i = 0; i < n; i++) {
        const unsigned d = ko_fp_distance(&fp, &variants[i].fp);
        if (d < best) {
            best = d;
            *out_variant = variants[i];
        }
    }
    return best;
}

static void test_work_is_found_on_every_ground_whole_and_cut(void **state)
{
    (void)state;
    work w = round_work();
    ko_fp_variant variants[VARIANTS];
    ko_fp_variant found = {0};
    size_t n = 0;
    int quality;
    assert_int_equal(ko_fp_work(&w.luma, &w.alpha, variants, &n, &quality, NULL), KO_OK);
    assert_true(quality >= KO_FP_QUALITY_MIN);
    for (int ground = 0; ground < 256; ground += 17) {
        const ko_grey whole = laid_on(&w, ground, 0, 0, 400, 300);
        const ko_grey cut = laid_on(&w, ground, 120, 30, 241, 241);
        assert_in_range(nearest(&whole, variants, n, &found), 0, 28);
        assert_in_range(nearest(&cut, variants, n, &found), 0, 28);
        ko_free(whole.px);
        ko_free(cut.px);
    }
    work_free(&w);
}

static void test_whole_work_on_white_is_among_the_variants(void **state)
{
    (void)state;
    work w = round_work();
    ko_fp_variant variants[VARIANTS];
    ko_fp_variant found = {0};
    size_t n = 0;
    assert_int_equal(ko_fp_work(&w.luma, &w.alpha, variants, &n, NULL, NULL), KO_OK);
    const ko_grey on_white = laid_on(&w, 255, 0, 0, 400, 300);
    assert_in_range(nearest(&on_white, variants, n, &found), 0, 4);
    assert_int_equal(found.orientation, KO_ORIENT_NONE);
    assert_int_equal(found.ground, 255);
    assert_int_equal(found.cropped, 0);
    assert_int_equal(found.has_ground, 1);
    ko_free(on_white.px);
    work_free(&w);
}

/* Hairlines three rows apart where every third row is picked: all that the picks would see. */
static void test_fine_lines_of_large_works_do_not_alias(void **state)
{
    (void)state;
    const ko_grey large = scene(2048, 1536, 15);
    for (uint32_t y = 0; y < large.height; y++)
        for (uint32_t x = 0; x < large.width; x++)
            if (y % 3 == 0 && x > large.width / 3)
                large.px[y * large.stride + x] = 0;
    const ko_grey half = halved(&large);
    const ko_grey listing = halved(&half);
    ko_fp_variant variants[VARIANTS];
    ko_fp_variant found = {0};
    size_t n = 0;
    assert_int_equal(ko_fp_work(&large, NULL, variants, &n, NULL, NULL), KO_OK);
    assert_in_range(nearest(&listing, variants, n, &found), 0, 12);
    ko_free(large.px);
    ko_free(half.px);
    ko_free(listing.px);
}

static void test_turned_work_is_found_as_turned(void **state)
{
    (void)state;
    work w = round_work();
    ko_fp_variant variants[VARIANTS];
    ko_fp_variant found = {0};
    size_t n = 0;
    assert_int_equal(ko_fp_work(&w.luma, &w.alpha, variants, &n, NULL, NULL), KO_OK);
    const ko_grey on_white = laid_on(&w, 255, 0, 0, 400, 300);
    for (unsigned o = 0; o < KO_ORIENT_COUNT; o++) {
        const ko_grey seen = turned(&on_white, (ko_orientation)o);
        assert_in_range(nearest(&seen, variants, n, &found), 0, 24);
        assert_int_equal(found.orientation, o);
        ko_free(seen.px);
    }
    ko_free(on_white.px);
    work_free(&w);
}

static void test_no_variant_is_near_another(void **state)
{
    (void)state;
    work w = round_work();
    ko_fp_variant variants[VARIANTS];
    size_t n = 0;
    assert_int_equal(ko_fp_work(&w.luma, &w.alpha, variants, &n, NULL, NULL), KO_OK);
    assert_in_range(n, KO_ORIENT_COUNT, VARIANTS);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(ko_fp_distance(&variants[i].fp, &variants[k].fp) > 8);
    work_free(&w);
}

static void assert_same(const ko_fp_variant *a, size_t n_a, const ko_fp_variant *b, size_t n_b)
{
    assert_int_equal(n_a, n_b);
    for (size_t i = 0; i < n_a; i++) {
        assert_memory_equal(&a[i].fp, &b[i].fp, sizeof a[i].fp);
        assert_int_equal(a[i].orientation, b[i].orientation);
        assert_int_equal(a[i].ground, b[i].ground);
        assert_int_equal(a[i].cropped, b[i].cropped);
        assert_int_equal(a[i].has_ground, b[i].has_ground);
    }
}

static void test_opaque_alpha_is_no_alpha(void **state)
{
    (void)state;
    const ko_grey luma = scene(300, 200, 12);
    const ko_grey opaque = raster_new(300, 200);
    const ko_grey absent = {0};
    memset(opaque.px, 255, (size_t)300 * 200);
    ko_fp_variant plain[VARIANTS];
    ko_fp_variant other[VARIANTS];
    size_t n = 0;
    size_t m;
    ko_fp fps[KO_ORIENT_COUNT];
    assert_int_equal(ko_fp_work(&luma, NULL, plain, &n, NULL, NULL), KO_OK);
    assert_int_equal(ko_fp_orientations(&luma, NULL, fps, NULL, NULL), KO_OK);
    assert_int_equal(n, KO_ORIENT_COUNT);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(plain[i].has_ground, 0);
        assert_int_equal(plain[i].ground, 255);
        assert_memory_equal(&plain[i].fp, &fps[plain[i].orientation], sizeof(ko_fp));
    }
    assert_int_equal(ko_fp_work(&luma, &opaque, other, &m, NULL, NULL), KO_OK);
    assert_same(other, m, plain, n);
    opaque.px[30000] = 250; /* as lossy compression leaves it */
    assert_int_equal(ko_fp_work(&luma, &opaque, other, &m, NULL, NULL), KO_OK);
    assert_same(other, m, plain, n);
    assert_int_equal(ko_fp_work(&luma, &absent, other, &m, NULL, NULL), KO_OK);
    assert_same(other, m, plain, n);
    ko_free(luma.px);
    ko_free(opaque.px);
}

/* Black ink on black is nothing to look for. */
static void test_grounds_that_hide_the_work_are_left_out(void **state)
{
    (void)state;
    const ko_grey ink = scene(256, 256, 13);
    const ko_grey black = raster_new(256, 256);
    memset(black.px, 0, (size_t)256 * 256);
    ko_fp_variant variants[VARIANTS];
    size_t n = 0;
    int quality;
    assert_int_equal(ko_fp_work(&black, &ink, variants, &n, &quality, NULL), KO_OK);
    assert_true(quality >= KO_FP_QUALITY_MIN);
    for (size_t i = 0; i < n; i++)
        assert_int_not_equal(variants[i].ground, 0);
    ko_free(ink.px);
    ko_free(black.px);
}

/* Specks too faint to be seen do not keep a work from being cut to what is seen. */
static void test_faint_specks_do_not_widen_the_box(void **state)
{
    (void)state;
    work w = round_work();
    w.alpha.px[0] = 9;
    w.alpha.px[400 * 300 - 1] = 9;
    ko_fp_variant variants[VARIANTS];
    size_t n = 0;
    size_t cropped = 0;
    assert_int_equal(ko_fp_work(&w.luma, &w.alpha, variants, &n, NULL, NULL), KO_OK);
    for (size_t i = 0; i < n; i++)
        cropped += variants[i].cropped;
    assert_true(cropped > 0);
    work_free(&w);
}

static void test_plain_works_have_no_variants(void **state)
{
    (void)state;
    const ko_grey luma = scene(100, 100, 14);
    const ko_grey clear = raster_new(100, 100);
    memset(clear.px, 0, (size_t)100 * 100);
    const ko_grey flat = clear;
    const ko_grey speck = {luma.px, 3, 4, luma.stride};
    ko_fp_variant variants[VARIANTS];
    size_t n = 77;
    int quality = 77;
    assert_int_equal(ko_fp_work(&luma, &clear, variants, &n, &quality, NULL), KO_OK);
    assert_int_equal(n, 0);
    assert_int_equal(quality, 0);
    n = 77;
    assert_int_equal(ko_fp_work(&flat, NULL, variants, &n, NULL, NULL), KO_OK);
    assert_int_equal(n, 0);
    n = 77;
    assert_int_equal(ko_fp_work(&speck, NULL, variants, &n, NULL, NULL), KO_OK);
    assert_int_equal(n, 0);
    ko_free(luma.px);
    ko_free(clear.px);
}

static void test_no_memory_is_said_and_nothing_leaks(void **state)
{
    (void)state;
    work w = round_work();
    ko_fp_variant variants[VARIANTS];
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        size_t n = 77;
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_fp_work(&w.luma, &w.alpha, variants, &n, NULL, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_int_equal(ko_alloc_live(), live);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            assert_true(nth > 1);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
        assert_int_equal(n, 77);
    }
    work_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_work_is_found_on_every_ground_whole_and_cut),
        cmocka_unit_test(test_whole_work_on_white_is_among_the_variants),
        cmocka_unit_test(test_fine_lines_of_large_works_do_not_alias),
        cmocka_unit_test(test_turned_work_is_found_as_turned),
        cmocka_unit_test(test_no_variant_is_near_another),
        cmocka_unit_test(test_opaque_alpha_is_no_alpha),
        cmocka_unit_test(test_grounds_that_hide_the_work_are_left_out),
        cmocka_unit_test(test_faint_specks_do_not_widen_the_box),
        cmocka_unit_test(test_plain_works_have_no_variants),
        cmocka_unit_test(test_no_memory_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("fingerprint.work", tests, NULL, NULL);
}
