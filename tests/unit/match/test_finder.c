/* Whole pictures and parts come together: one claim a work, with all that speaks for it. */
#include "match/finder.h"
#include "part_scene.h"

#include <knockoff/match.h>

#define WORKS 6

/* The works of a gallery with their fingerprints, and two photos of work 0. */
typedef struct shop {
    gallery gallery;
    ko_fp_variant variants[WORKS][KO_FP_VARIANTS_MAX];
    ko_finder_view views[WORKS + 1]; /* the last one: work 1 shown by work 0's picture */
    double thresholds[WORKS];
    ko_grey copy, printed;
} shop;

static int open_shop(void **state)
{
    static const print on_wall = {.quad = {150, 130, 520, 90, 560, 480, 190, 520}};
    shop *s = ko_alloc_zero(1, sizeof *s);
    assert_non_null(s);
    gallery_open(&s->gallery, WORKS, 1);
    for (uint32_t i = 0; i < WORKS; i++) {
        s->views[i] =
            (ko_finder_view){.work = i, .variants = s->variants[i], .part = s->gallery.view[i]};
        assert_int_equal(ko_fp_work(&s->gallery.work[i], NULL, s->variants[i],
                                    &s->views[i].n_variants, NULL, NULL),
                         KO_OK);
        s->thresholds[i] = KO_SCORE_DEFAULT;
    }
    s->views[WORKS] = s->views[0];
    s->views[WORKS].work = 1;
    s->copy = s->gallery.work[0];
    s->printed = draw_clutter(800, 700, 31);
    print_work(&s->printed, &s->gallery.work[0], NULL, &on_wall);
    *state = s;
    return 0;
}

static int close_shop(void **state)
{
    shop *s = *state;
    gallery_close(&s->gallery);
    ko_free(s->printed.px);
    ko_free(s);
    return 0;
}

/* The claims about a photo of which the decoder left half the size. */
static ko_claims ask(const shop *s, size_t n_views, const ko_grey *luma, bool with_luma)
{
    const ko_finder_works works = {
        .views = s->views, .n_views = n_views, .thresholds = s->thresholds, .n_works = WORKS};
    ko_finder *finder = NULL;
    ko_parts_scratch *scratch = NULL;
    ko_claims claims = {0};
    ko_fp fp;
    assert_int_equal(ko_finder_build(&works, 2, &finder, NULL), KO_OK);
    assert_int_equal(ko_parts_scratch_make(&scratch, NULL), KO_OK);
    assert_int_equal(ko_fp_from_grey(luma, NULL, &fp, NULL, NULL), KO_OK);
    const ko_finder_photo photo = {
        .fp = &fp, .luma = with_luma ? luma : NULL, .full = {2 * luma->width, 2 * luma->height, 2}};
    assert_int_equal(ko_finder_ask(finder, scratch, &photo, &claims, NULL), KO_OK);
    ko_parts_scratch_free(scratch);
    ko_finder_free(finder);
    return claims;
}

static void a_copy_is_one_claim_with_both_kinds_of_evidence(void **state)
{
    const shop *s = *state;
    ko_claims claims = ask(s, WORKS, &s->copy, true);
    assert_int_equal(claims.n, 1);
    const ko_evidence *e = &claims.items[0].evidence;
    assert_int_equal(claims.items[0].work, 0);
    assert_true(e->has_whole && e->has_part);
    assert_int_equal(e->whole.distance, 0);
    assert_int_equal(e->whole.orientation, KO_ORIENT_NONE);
    assert_int_equal(e->whole.ground, -1);
    /* pixels of the photo as displayed: twice those of the raster */
    assert_true(fabsf(e->part.quad[4] - 2 * (float)s->copy.width) < 8);
    assert_true(fabsf(e->part.quad[5] - 2 * (float)s->copy.height) < 8);
    ko_free(claims.items);
}

static void a_print_is_found_in_a_part_alone(void **state)
{
    const shop *s = *state;
    ko_claims claims = ask(s, WORKS, &s->printed, true);
    assert_int_equal(claims.n, 1);
    assert_int_equal(claims.items[0].evidence.method, KO_METHOD_PART);
    assert_true(claims.items[0].evidence.has_part && !claims.items[0].evidence.has_whole);
    ko_free(claims.items);
    claims = ask(s, WORKS, &s->printed, false);
    assert_int_equal(claims.n, 0);
}

static void a_copy_is_known_without_its_pixels(void **state)
{
    const shop *s = *state;
    ko_claims claims = ask(s, WORKS, &s->copy, false);
    assert_int_equal(claims.n, 1);
    assert_int_equal(claims.items[0].evidence.method, KO_METHOD_WHOLE);
    assert_false(claims.items[0].evidence.has_part);
    ko_free(claims.items);
}

static void a_work_has_one_claim_by_the_view_that_fits(void **state)
{
    const shop *s = *state;
    ko_claims claims = ask(s, WORKS + 1, &s->copy, true); /* now work 1 shows it, too */
    assert_int_equal(claims.n, 2);
    assert_true(claims.items[0].work != claims.items[1].work);
    for (size_t i = 0; i < 2; i++) {
        const ko_claim *c = &claims.items[i];
        assert_int_equal(c->view, c->work == 0 ? 0 : WORKS);
    }
    ko_free(claims.items);
}

static void a_score_given_back_as_threshold_is_reached(void **state)
{
    shop *s = *state;
    ko_claims claims = ask(s, WORKS, &s->copy, true);
    assert_int_equal(claims.n, 1);
    const double score = claims.items[0].evidence.score;
    ko_free(claims.items);
    s->thresholds[0] = score;
    claims = ask(s, WORKS, &s->copy, true);
    assert_int_equal(claims.n, 1);
    ko_free(claims.items);
    s->thresholds[0] = score + .001;
    claims = ask(s, WORKS, &s->copy, true);
    assert_int_equal(claims.n, 0);
    ko_free(claims.items);
}

static void of_works_not_looked_for_only_the_number_counts(void **state)
{
    shop *s = *state;
    ko_claims among_all = ask(s, WORKS, &s->copy, false);
    for (size_t i = 1; i < WORKS; i++)
        s->thresholds[i] = INFINITY;
    ko_claims alone = ask(s, WORKS, &s->copy, false);
    assert_int_equal(alone.n, 1);
    assert_true(alone.items[0].evidence.score == among_all.items[0].evidence.score);
    ko_free(among_all.items);
    ko_free(alone.items);
}

int main(void)
{
#define SHOP_TEST(f) cmocka_unit_test_setup_teardown(f, open_shop, close_shop)
    const struct CMUnitTest tests[] = {
        SHOP_TEST(a_copy_is_one_claim_with_both_kinds_of_evidence),
        SHOP_TEST(a_print_is_found_in_a_part_alone),
        SHOP_TEST(a_copy_is_known_without_its_pixels),
        SHOP_TEST(a_work_has_one_claim_by_the_view_that_fits),
        SHOP_TEST(a_score_given_back_as_threshold_is_reached),
        SHOP_TEST(of_works_not_looked_for_only_the_number_counts),
    };
    return cmocka_run_group_tests_name("match/finder", tests, NULL, NULL);
}
