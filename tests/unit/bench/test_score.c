#include "score.h"

#include "base/alloc.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Works 0 and 1 are sisters, as are 1 and 2 of another group. Photos: 0 shows work 0, 1 shows
 * works 2 and 3, 2 and 3 show none. */
static const char *const names[] = {"a", "b", "c", "d", "e"};
static ko_bench_photo photos[] = {
    {.name = "p0", .set = "prints", .kind = "mug", .works = {0}, .n_works = 1},
    {.name = "p1", .set = "prints", .kind = "wall", .works = {2, 3}, .n_works = 2},
    {.name = "p2", .set = "none", .kind = "shop"},
    {.name = "p3", .set = "none", .kind = "shop"},
};
static ko_bench_membership memberships[] = {{0, "g"}, {1, "g"}, {1, "h"}, {2, "h"}};
static ko_bench_place places[] = {
    {0, 0, {0, 0, 10, 0, 10, 10, 0, 10}},
    {1, 3, {0, 0, 10, 0, 10, 10, 0, 10}},
};

static ko_bench_truth truth_of_all(void)
{
    return (ko_bench_truth){.n_works = 5,
                            .n_photos = 4,
                            .n_memberships = 4,
                            .n_places = 2,
                            .works = (const char **)names,
                            .photos = photos,
                            .memberships = memberships,
                            .places = places};
}

static void claim(ko_bench_answer *answer, uint32_t work, double score)
{
    answer->claims[answer->n++] = (ko_bench_claim){.work = work, .score = score};
}

static void claim_at(ko_bench_answer *answer, uint32_t work, double score, float right)
{
    claim(answer, work, score);
    ko_bench_claim *c = &answer->claims[answer->n - 1];
    const float quad[8] = {0, 0, right, 0, right, 10, 0, 10};
    c->placed = true;
    memcpy(c->quad, quad, sizeof quad);
}

static ko_bench_count count(const ko_bench_answer *answers, double threshold, const char *set,
                            const char *kind)
{
    const ko_bench_truth truth = truth_of_all();
    ko_bench_count c;
    assert_int_equal(ko_bench_count_photos(&truth, answers, threshold, set, kind, &c, NULL), KO_OK);
    return c;
}

static void sisters_are_neither_right_nor_wrong(void **unused)
{
    (void)unused;
    const ko_bench_truth t = truth_of_all();
    assert_int_equal(ko_bench_judge(&t, &photos[0], 0), KO_BENCH_RIGHT);
    assert_int_equal(ko_bench_judge(&t, &photos[0], 1), KO_BENCH_SISTER);
    assert_int_equal(ko_bench_judge(&t, &photos[0], 2), KO_BENCH_FALSE); /* a sister's sister */
    assert_int_equal(ko_bench_judge(&t, &photos[1], 1), KO_BENCH_SISTER);
    assert_int_equal(ko_bench_judge(&t, &photos[1], 3), KO_BENCH_RIGHT);
    assert_int_equal(ko_bench_judge(&t, &photos[1], 0), KO_BENCH_FALSE);
    for (uint32_t work = 0; work < 5; work++)
        assert_int_equal(ko_bench_judge(&t, &photos[2], work), KO_BENCH_FALSE);
}

static void claims_are_counted_at_the_threshold(void **unused)
{
    (void)unused;
    ko_bench_answer answers[4] = {0};
    claim(&answers[0], 0, 6); /* just reaches it */
    claim(&answers[0], 1, 7); /* sister */
    claim(&answers[1], 3, 5.9);
    claim(&answers[1], 4, 8);
    claim(&answers[2], 0, 6.5);
    claim(&answers[2], 1, 6.5);
    claim(&answers[3], 1, 2);
    const ko_bench_count all = count(answers, 6, NULL, NULL);
    assert_int_equal(all.positives, 2);
    assert_int_equal(all.distractors, 2);
    assert_int_equal(all.recognised, 1);
    assert_int_equal(all.shown, 3);
    assert_int_equal(all.found, 1);
    assert_int_equal(all.sisters, 1);
    assert_int_equal(all.wrong_works, 1);
    assert_int_equal(all.false_on_distractors, 2);
    assert_int_equal(all.distractors_hit, 1);
    const ko_bench_count low = count(answers, 2, NULL, NULL);
    assert_int_equal(low.recognised, 2);
    assert_int_equal(low.distractors_hit, 2);
    const ko_bench_count wall = count(answers, 2, "prints", "wall");
    assert_int_equal(wall.positives, 1);
    assert_int_equal(wall.distractors, 0);
    assert_int_equal(wall.found, 1);
}

/* One of two works in a photo is enough to recognise it; both are two pairs. */
static void photos_and_pairs_are_counted_apart(void **unused)
{
    (void)unused;
    ko_bench_answer answers[4] = {0};
    claim(&answers[1], 2, 9);
    claim(&answers[1], 3, 9);
    const ko_bench_count c = count(answers, 6, NULL, NULL);
    assert_int_equal(c.recognised, 1);
    assert_int_equal(c.found, 2);
}

static void lowest_thresholds_lie_above_false_claims_anywhere(void **unused)
{
    (void)unused;
    ko_bench_answer answers[4] = {0};
    const ko_bench_truth t = truth_of_all();
    assert_true(ko_bench_highest_false(&t, answers).anywhere == -INFINITY);
    claim(&answers[0], 0, 3);
    claim(&answers[0], 1, 9); /* a sister holds nothing up */
    claim(&answers[1], 2, 5);
    claim(&answers[1], 4, 5); /* as sure as the right one */
    claim(&answers[3], 0, 2);
    const ko_bench_highest highest = ko_bench_highest_false(&t, answers);
    assert_true(highest.on_distractors == 2);
    assert_true(highest.anywhere == 5);
    const ko_bench_count c = count(answers, 100, NULL, NULL);
    assert_int_equal(c.recognised, 0);
    assert_int_equal(c.above_distractors, 2);
    assert_int_equal(c.above_all, 0);
    /* a set is held against the false claims of all sets */
    assert_int_equal(count(answers, 100, "prints", "mug").above_all, 0);
    answers[3].claims[0].score = 4;
    assert_int_equal(count(answers, 100, "prints", "mug").above_distractors, 0);
    assert_int_equal(count(answers, 100, "prints", "wall").above_distractors, 1);
}

static void without_claims_nothing_is_recognised(void **unused)
{
    (void)unused;
    const ko_bench_answer answers[4] = {0};
    const ko_bench_count c = count(answers, -INFINITY, NULL, NULL);
    assert_int_equal(c.recognised, 0);
    assert_int_equal(c.above_distractors, 0);
    assert_int_equal(c.above_all, 0);
}

static void places_count_for_right_claims_that_have_one(void **unused)
{
    (void)unused;
    ko_bench_answer answers[4] = {0};
    claim_at(&answers[0], 0, 7, 5);
    claim_at(&answers[0], 1, 7, 10); /* sister */
    claim_at(&answers[1], 3, 7, 10);
    claim_at(&answers[1], 2, 7, 10); /* its place is not known */
    ko_bench_count c = count(answers, 6, NULL, NULL);
    assert_int_equal(c.placed, 2);
    assert_true(fabs(c.iou_mean - .75) < 1e-9);
    assert_true(fabs(c.iou_median - .75) < 1e-9);
    answers[0].claims[0].score = 5;
    answers[1].claims[0].placed = false;
    c = count(answers, 6, NULL, NULL);
    assert_int_equal(c.placed, 0);
}

static void overlap_of_quads(void **unused)
{
    (void)unused;
    static const float unit[8] = {0, 0, 1, 0, 1, 1, 0, 1};
    static const float mirrored[8] = {1, 0, 0, 0, 0, 1, 1, 1};
    static const float half[8] = {.5f, 0, 1.5f, 0, 1.5f, 1, .5f, 1};
    static const float diamond[8] = {.5f, 0, 1, .5f, .5f, 1, 0, .5f};
    static const float beyond[8] = {2, 0, 3, 0, 3, 1, 2, 1};
    static const float crossed[8] = {0, 0, 1, 1, 1, 0, 0, 1};
    static const float dented[8] = {0, 0, 1, 0, .1f, .1f, 0, 1};
    static const float flat[8] = {0, 0, 1, 0, 1, 0, 0, 0};
    assert_true(fabs(ko_bench_iou(unit, unit) - 1) < 1e-9);
    assert_true(fabs(ko_bench_iou(unit, mirrored) - 1) < 1e-9);
    assert_true(fabs(ko_bench_iou(unit, half) - 1. / 3) < 1e-6);
    assert_true(fabs(ko_bench_iou(half, unit) - 1. / 3) < 1e-6);
    assert_true(fabs(ko_bench_iou(unit, diamond) - .5) < 1e-6);
    assert_true(ko_bench_iou(unit, beyond) == 0);
    assert_true(ko_bench_iou(unit, crossed) == 0);
    assert_true(ko_bench_iou(dented, unit) == 0);
    assert_true(ko_bench_iou(unit, flat) == 0);
}

static void tradeoffs_run_from_sure_to_doubtful(void **unused)
{
    (void)unused;
    ko_bench_answer answers[4] = {0};
    claim(&answers[0], 0, 9);
    claim(&answers[1], 2, 3);
    claim(&answers[1], 3, 4); /* the surer of two right ones counts */
    claim(&answers[2], 0, 4);
    claim(&answers[2], 1, 4);
    claim(&answers[3], 0, 1);
    const ko_bench_truth t = truth_of_all();
    ko_bench_tradeoff *points;
    size_t n;
    assert_int_equal(ko_bench_tradeoffs(&t, answers, &points, &n, NULL), KO_OK);
    assert_int_equal(n, 3);
    static const ko_bench_tradeoff expected[] = {{9, .5, 0}, {4, 1, 1}, {1, 1, 1.5}};
    for (size_t i = 0; i < n; i++) {
        assert_true(points[i].threshold == expected[i].threshold);
        assert_true(fabs(points[i].recall - expected[i].recall) < 1e-9);
        assert_true(fabs(points[i].false_a_photo - expected[i].false_a_photo) < 1e-9);
    }
    ko_free(points);
}

static void promises_are_held_against_distractors_alone(void **unused)
{
    (void)unused;
    ko_bench_answer answers[4] = {0};
    claim(&answers[1], 4, 2); /* wrong, but on a photo with a work */
    claim(&answers[2], 0, 1);
    claim(&answers[3], 0, .5);
    const ko_bench_truth t = truth_of_all();
    const ko_bench_promise p = ko_bench_promise_at(&t, answers, 1);
    assert_true(fabs(p.promised - .2) < 1e-9);
    assert_int_equal(p.made, 1);
    assert_int_equal(p.low, 0);
    assert_int_equal(p.high, 1); /* P(X <= 1) is .982 */
}

static void quantiles_of_poisson(void **unused)
{
    (void)unused;
    assert_int_equal(ko_bench_poisson_quantile(0, .975), 0);
    /* from tables of the distribution */
    assert_int_equal(ko_bench_poisson_quantile(10, .025), 4);
    assert_int_equal(ko_bench_poisson_quantile(10, .975), 17);
    assert_int_equal(ko_bench_poisson_quantile(100, .975), 120);
    /* where exp(-mean) is 0 in a double */
    const size_t high = ko_bench_poisson_quantile(2000, .975);
    assert_true(high > 2080 && high < 2095);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sisters_are_neither_right_nor_wrong),
        cmocka_unit_test(claims_are_counted_at_the_threshold),
        cmocka_unit_test(photos_and_pairs_are_counted_apart),
        cmocka_unit_test(lowest_thresholds_lie_above_false_claims_anywhere),
        cmocka_unit_test(without_claims_nothing_is_recognised),
        cmocka_unit_test(places_count_for_right_claims_that_have_one),
        cmocka_unit_test(overlap_of_quads),
        cmocka_unit_test(tradeoffs_run_from_sure_to_doubtful),
        cmocka_unit_test(promises_are_held_against_distractors_alone),
        cmocka_unit_test(quantiles_of_poisson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
