/* A claimed place that is some pixels off moves to where the print is, and blocks of the view
 * tell prints that are there from those that are not. */
#include "match/part_claim.h"
#include "part_scene.h"

#define SIDE 360

typedef struct scene {
    ko_grey work;
    ko_part_view *view;
    ko_parts_scratch *scratch;
    ko_grey photo;
    ko_pyramid *pyramid;
} scene;

static const double place[8] = {210, 150, 560, 170, 540, 520, 200, 500};

/* A photo of the pyramid's own size, so that places are the same in both. */
static void scene_open(scene *s, bool shows_work, bool inverted)
{
    *s = (scene){.work = draw_work(SIDE, SIDE, 77), .photo = draw_clutter(800, 700, 12)};
    assert_int_equal(ko_part_view_make(&s->work, NULL, &s->view, NULL), KO_OK);
    assert_int_equal(ko_parts_scratch_make(&s->scratch, NULL), KO_OK);
    print p = {.inverted = inverted};
    memcpy(p.quad, place, sizeof place);
    if (shows_work)
        print_work(&s->photo, &s->work, NULL, &p);
    assert_int_equal(ko_pyramid_build(&s->photo, KO_PART_PHOTO_SIDE, &s->pyramid, NULL), KO_OK);
    s->scratch->photo.pyramid = s->pyramid;
}

static void scene_close(scene *s)
{
    ko_pyramid_free(s->pyramid);
    ko_parts_scratch_free(s->scratch);
    ko_part_view_free(s->view);
    ko_free(s->work.px);
    ko_free(s->photo.px);
}

/* The true place, its corners moved by some pixels each. */
static ko_part_claim claim_beside(const scene *s, float off_px)
{
    const float side = (float)s->view->width;
    const float sign[8] = {1, -1, 1, 1, -.5f, 1, 1, .5f};
    const float at[4][2] = {{0, 0}, {side, 0}, {side, side}, {0, side}};
    ko_part_pair pairs[4];
    for (size_t i = 0; i < 4; i++)
        pairs[i] = (ko_part_pair){at[i][0] - .5f, at[i][1] - .5f,
                                  (float)place[2 * i] - .5f + sign[2 * i] * off_px,
                                  (float)place[2 * i + 1] - .5f + sign[2 * i + 1] * off_px, 1};
    ko_part_claim c = {0};
    assert_true(ko_part_fit(pairs, 4, KO_PART_AFFINE, side, &c.model));
    assert_true(ko_part_fit(pairs, 4, KO_PART_HOMOGRAPHY, side, &c.model));
    assert_true(ko_part_plausible(&c.model, side, side, &c.side_px));
    return c;
}

/* The farthest corner's, in pixels of the photo. */
static float error_of(const scene *s, const ko_part_claim *c)
{
    const float side = (float)s->view->width;
    const float at[4][2] = {{0, 0}, {side, 0}, {side, side}, {0, side}};
    float worst = 0;
    for (size_t i = 0; i < 4; i++) {
        const ko_part_spot spot = ko_part_project(&c->model, at[i][0] - .5f, at[i][1] - .5f);
        worst = fmaxf(worst, hypotf(spot.u + .5f - (float)place[2 * i],
                                    spot.v + .5f - (float)place[2 * i + 1]));
    }
    return worst;
}

static void look_closely(scene *s, ko_part_claim *c)
{
    for (ko_part_depth d = KO_PART_COARSE; d <= KO_PART_FINE; d++) {
        ko_part_align(s->view, s->scratch, c, d);
        ko_part_look_at(s->view, s->scratch, c, d);
    }
}

static void claims_move_to_the_print(void **state)
{
    (void)state;
    for (int inverted = 0; inverted <= 1; inverted++) {
        scene s;
        scene_open(&s, true, inverted);
        ko_part_claim c = claim_beside(&s, 9);
        assert_true(error_of(&s, &c) > 8);
        look_closely(&s, &c);
        assert_true(error_of(&s, &c) < 3);
        assert_true(c.central > c.corners * .75f);
        assert_true(c.fine > .6f && c.coarse > .6f);
        scene_close(&s);
    }
}

/* What covers half of it hides the blocks there, and leaves the others where they are. */
static void a_covered_print_stays_where_it_is(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, true, false);
    ko_pyramid_free(s.pyramid);
    for (uint32_t y = 330; y < s.photo.height; y++)
        memset(s.photo.px + y * s.photo.stride, 90, s.photo.width);
    assert_int_equal(ko_pyramid_build(&s.photo, KO_PART_PHOTO_SIDE, &s.pyramid, NULL), KO_OK);
    s.scratch->photo.pyramid = s.pyramid;
    ko_part_claim c = claim_beside(&s, 4);
    look_closely(&s, &c);
    assert_true(c.central > c.corners / 3);
    scene_close(&s);
}

static void nothing_is_in_the_middle_where_nothing_is(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, false, false);
    ko_part_claim c = claim_beside(&s, 0);
    look_closely(&s, &c);
    assert_true(c.corners > 15);
    assert_true(c.central < c.corners / 3);
    assert_true(c.fine < .4f);
    scene_close(&s);
}

/* --- scores --- */

static const ko_part_claim good = {.support = 900,
                                   .votes = 1100,
                                   .inliers = 40,
                                   .side_px = 250,
                                   .corners = 30,
                                   .central = 22,
                                   .fine = .7f,
                                   .coarse = .8f,
                                   .share = .8f};

static void each_kind_of_evidence_counts(void **state)
{
    (void)state;
    const double score = ko_part_score(&good, 416);
    assert_true(score > 6);
    ko_part_claim lesser[6];
    for (size_t i = 0; i < 6; i++)
        lesser[i] = good;
    lesser[0].votes = 8000; /* as letters have in a page of text */
    lesser[1].inliers = 4;
    lesser[2].central = 4;
    lesser[3].fine = .2f;
    lesser[4].share = .3f;
    lesser[5].side_px = 40;
    for (size_t i = 0; i < 6; i++)
        assert_true(ko_part_score(&lesser[i], 416) < score - .5);
    ko_part_claim best = good;
    best.support = best.votes = 14000;
    best.inliers = 500;
    best.central = best.corners = 60;
    best.fine = best.coarse = best.share = 1;
    assert_true(ko_part_score(&best, 1) > score && ko_part_score(&best, 1) < 18);
    assert_true(fabs(ko_part_score(&good, 41600) - score + 2) < 1e-9);
    assert_true(fabs(ko_part_score(&good, 1) - score) < 1e-9);
}

/* A coarse look gives up only what a fine one could not save. */
static void hope_is_no_less_than_what_comes(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, true, false);
    ko_part_claim c = claim_beside(&s, 9);
    c.support = c.votes = 80;
    c.inliers = 4;
    ko_part_align(s.view, s.scratch, &c, KO_PART_COARSE);
    ko_part_look_at(s.view, s.scratch, &c, KO_PART_COARSE);
    assert_true(ko_part_hope(&c, 416) > 3);
    c.coarse = .1f;
    assert_true(ko_part_hope(&c, 416) < 3);
    scene_close(&s);
}

/* --- sharing --- */

/* Two claims of one view on the same keypoints: the second has half of them left. */
static void what_two_claims_share_counts_half_for_the_lesser(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, true, false);
    ko_part_photo *photo = &s.scratch->photo;
    const ko_features_options options = {.max_keypoints = KO_PART_PHOTO_KEYPOINTS};
    assert_int_equal(ko_features_find(s.pyramid, &options, &photo->features, NULL), KO_OK);
    ko_part_claim c = claim_beside(&s, 0);
    const ko_keypoint *k = photo->features.keypoints;
    size_t n = 0; /* matches of the view's keypoints to what lies on them in the photo */
    for (uint32_t i = 0; i < s.view->first[1]; i++) {
        const ko_part_point p = ko_part_point_seen(s.view, i, 0);
        const ko_part_spot at = ko_part_project(&c.model, p.x, p.y);
        for (size_t q = 0; q < photo->features.n; q++)
            if (hypotf(at.u - k[q].x, at.v - k[q].y) < 2 &&
                fabsf(remainderf(p.angle - k[q].angle, 6.2831853f)) < .2f &&
                fabsf(logf(k[q].scale / p.scale)) < .3f)
                s.scratch->matches[n++] =
                    (ko_part_match){.point = i, .query = (uint16_t)q, .weight = KO_PART_WEIGHT};
    }
    assert_true(n > 40);
    c.to = n;
    c.support = 1000 * KO_PART_WEIGHT;
    c.inliers = 1000;
    ko_part_claim lesser = c;
    bool taken[KO_PART_PHOTO_KEYPOINTS] = {false};
    ko_part_claim_own(s.view, s.scratch, &c, taken);
    assert_int_equal(c.inliers, 1000);
    size_t n_taken = 0;
    for (size_t i = 0; i < KO_PART_PHOTO_KEYPOINTS; i++)
        n_taken += taken[i];
    assert_true(n_taken > 20);
    ko_part_claim_own(s.view, s.scratch, &lesser, taken);
    assert_int_equal(lesser.inliers, 1000 - n_taken / 2);
    assert_true(lesser.support < c.support);
    ko_features_free(&photo->features);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_move_to_the_print),
        cmocka_unit_test(a_covered_print_stays_where_it_is),
        cmocka_unit_test(nothing_is_in_the_middle_where_nothing_is),
        cmocka_unit_test(each_kind_of_evidence_counts),
        cmocka_unit_test(hope_is_no_less_than_what_comes),
        cmocka_unit_test(what_two_claims_share_counts_half_for_the_lesser),
    };
    return cmocka_run_group_tests_name("match part align", tests, NULL, NULL);
}
