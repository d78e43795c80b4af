/* Fitting planar transforms: the truth comes back from pairs with noise and outliers, and
 * what pairs do not determine is refused. */
#include "match/part_fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SIDE 400.f
#define PAIRS 60

static uint32_t seed = 1;

/* -1..1 */
static float next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return (float)(seed >> 8) / (1 << 23) - 1;
}

static const ko_part_model truth[] = {
    {{.6, -.3, 200, .3, .6, 150, 0, 0, 1}},
    {{.7, -.2, 220, .35, .5, 90, 0, 0, 1}},
    {{.7, -.2, 220, .35, .6, 90, 4e-4, -3e-4, 1}},
};
static const ko_part_kind kinds[] = {KO_PART_SIMILARITY, KO_PART_AFFINE, KO_PART_HOMOGRAPHY};

/* Of every so many pairs one is anywhere in the photo. */
static void make_pairs(const ko_part_model *m, float noise_px, int outlier_every,
                       ko_part_pair out[PAIRS])
{
    for (int i = 0; i < PAIRS; i++) {
        const float x = (next_random() + 1) * SIDE / 2, y = (next_random() + 1) * SIDE / 2;
        const ko_part_spot s = ko_part_project(m, x, y);
        out[i] = (ko_part_pair){x, y, s.u + noise_px * next_random(),
                                s.v + noise_px * next_random(), 1 + next_random() / 2};
        if (outlier_every && i % outlier_every == 0) {
            out[i].u = 300 + 300 * next_random();
            out[i].v = 300 + 300 * next_random();
        }
    }
}

/* The largest error over the view's corners and centre, in photo pixels. */
static float error_of(const ko_part_model *m, const ko_part_model *expected)
{
    const float at[5][2] = {{0, 0}, {SIDE, 0}, {SIDE, SIDE}, {0, SIDE}, {SIDE / 2, SIDE / 2}};
    float worst = 0;
    for (int i = 0; i < 5; i++) {
        const ko_part_spot a = ko_part_project(m, at[i][0], at[i][1]);
        const ko_part_spot b = ko_part_project(expected, at[i][0], at[i][1]);
        worst = fmaxf(worst, hypotf(a.u - b.u, a.v - b.v));
    }
    return worst;
}

static void exact_pairs_give_the_truth(void **state)
{
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        ko_part_pair pairs[PAIRS];
        ko_part_model m;
        make_pairs(&truth[k], 0, 0, pairs);
        assert_true(ko_part_fit(pairs, PAIRS, kinds[k], SIDE, &m));
        assert_true(error_of(&m, &truth[k]) < .01f);
    }
}

/* A homography is pulled towards no perspective, which shows at the far corners. */
static void outliers_are_left_behind(void **state)
{
    static const float most_px[] = {2, 2, 12};
    (void)state;
    for (size_t k = 0; k < 3; k++)
        for (int round = 0; round < 20; round++) {
            ko_part_pair pairs[PAIRS], room[PAIRS];
            make_pairs(&truth[k], 1, 3, pairs);
            /* some pixels off, with too little perspective */
            ko_part_model m = truth[k];
            m.h[2] += 4 * next_random();
            m.h[5] += 4 * next_random();
            m.h[6] *= .8;
            m.h[7] *= .8;
            assert_true(ko_part_refit(pairs, PAIRS, kinds[k], SIDE, 8, room, &m));
            assert_true(error_of(&m, &truth[k]) < most_px[k]);
        }
}

static void too_little_is_refused(void **state)
{
    (void)state;
    ko_part_pair pairs[PAIRS], room[PAIRS];
    ko_part_model m = truth[0];
    make_pairs(&truth[0], 0, 0, pairs);
    assert_false(ko_part_fit(pairs, 0, KO_PART_SIMILARITY, SIDE, &m));
    assert_false(ko_part_fit(pairs, 1, KO_PART_SIMILARITY, SIDE, &m));
    assert_false(ko_part_fit(pairs, 2, KO_PART_AFFINE, SIDE, &m));
    assert_false(ko_part_refit(pairs, 2, KO_PART_SIMILARITY, SIDE, 10, room, &m));
    for (int i = 0; i < PAIRS; i++)
        pairs[i].y = pairs[i].x; /* all on one line */
    assert_false(ko_part_fit(pairs, PAIRS, KO_PART_AFFINE, SIDE, &m));
    assert_true(error_of(&m, &truth[0]) < 1e-6f);
}

static void slopes_are_those_of_the_projection(void **state)
{
    (void)state;
    const float h = .5f;
    const ko_part_spot s = ko_part_project(&truth[2], 120, 300);
    const ko_part_spot x0 = ko_part_project(&truth[2], 120 - h, 300);
    const ko_part_spot x1 = ko_part_project(&truth[2], 120 + h, 300);
    const ko_part_spot y0 = ko_part_project(&truth[2], 120, 300 - h);
    const ko_part_spot y1 = ko_part_project(&truth[2], 120, 300 + h);
    assert_float_equal(s.slope[0], x1.u - x0.u, 1e-3);
    assert_float_equal(s.slope[1], y1.u - y0.u, 1e-3);
    assert_float_equal(s.slope[2], x1.v - x0.v, 1e-3);
    assert_float_equal(s.slope[3], y1.v - y0.v, 1e-3);
}

static void only_prints_seen_from_their_front_are_plausible(void **state)
{
    (void)state;
    float side_px = 0;
    for (size_t k = 0; k < 3; k++)
        assert_true(ko_part_plausible(&truth[k], SIDE, SIDE, &side_px));
    const ko_part_model half = ko_part_similarity(0, 0, 50, 60, 1, .5f);
    assert_true(ko_part_plausible(&half, 400, 100, &side_px));
    assert_float_equal(side_px, 100, .01);
    const ko_part_model mirrored = {{-1, 0, 400, 0, 1, 0, 0, 0, 1}};
    const ko_part_model slanted = {{1, 0, 0, 0, .1, 0, 0, 0, 1}};
    const ko_part_model behind = {{1, 0, 0, 0, 1, 0, -.01, 0, 1}};
    const ko_part_model tiny = ko_part_similarity(0, 0, 50, 60, 1, .04f);
    const ko_part_model nonsense = {{NAN, 0, 0, 0, 1, 0, 0, 0, 1}};
    assert_false(ko_part_plausible(&mirrored, SIDE, SIDE, &side_px));
    assert_false(ko_part_plausible(&slanted, SIDE, SIDE, &side_px));
    assert_false(ko_part_plausible(&behind, SIDE, SIDE, &side_px));
    assert_false(ko_part_plausible(&tiny, SIDE, SIDE, &side_px));
    assert_false(ko_part_plausible(&nonsense, SIDE, SIDE, &side_px));
    assert_float_equal(side_px, 100, .01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_pairs_give_the_truth),
        cmocka_unit_test(outliers_are_left_behind),
        cmocka_unit_test(too_little_is_refused),
        cmocka_unit_test(slopes_are_those_of_the_projection),
        cmocka_unit_test(only_prints_seen_from_their_front_are_plausible),
    };
    return cmocka_run_group_tests_name("match part_fit", tests, NULL, NULL);
}
