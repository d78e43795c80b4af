/* Works are found where photos show them, turned, mirrored, inverted, small and slanted;
 * and nothing is found where there is nothing. */
#include "base/parallel.h"
#include "part_scene.h"

#include <knockoff/match.h>

#define WORKS 8

static size_t find(const ko_parts *parts, const ko_grey *photo, double floor,
                   ko_part_found found[KO_PARTS_FOUND_MAX])
{
    ko_parts_scratch *s = NULL;
    size_t n = 0;
    ko_error err = {0};
    assert_int_equal(ko_parts_scratch_make(&s, NULL), KO_OK);
    assert_int_equal(ko_parts_find(parts, s, photo, floor, found, &n, &err), KO_OK);
    ko_parts_cost cost;
    ko_parts_scratch_cost(s, &cost);
    assert_int_equal(cost.photos, 1);
    ko_parts_scratch_free(s);
    return n;
}

/* The angle from the top left to the top right corner, as printed. */
static double turn_of_top(const double q[8])
{
    return atan2(q[3] - q[1], q[2] - q[0]) * 180 / 3.14159265;
}

static void assert_found(const gallery *g, uint32_t work, const print *p, bool mirrored,
                         double turn)
{
    ko_grey photo = draw_clutter(800, 700, 31 + work);
    print_work(&photo, &g->work[work], NULL, p);
    ko_part_found found[KO_PARTS_FOUND_MAX];
    const size_t n = find(g->parts, &photo, KO_SCORE_DEFAULT, found);
    assert_int_equal(n, 1);
    assert_int_equal(found[0].work, work);
    assert_true(quad_iou(p->quad, found[0].quad, &photo) >= .9);
    assert_int_equal(found[0].mirrored, mirrored);
    assert_int_equal(found[0].inverted, p->inverted);
    assert_true(fabs(remainder(found[0].turn - turn, 360)) < 12);
    assert_true(found[0].share > .5f);
    assert_true(found[0].inliers >= 5);
    ko_free(photo.px);
}

static const double slanted[8] = {150, 130, 520, 90, 560, 480, 190, 520};
static const double turned[8] = {560, 100, 600, 480, 260, 520, 220, 140}; /* by 84 degrees */
static const double small[8] = {400, 300, 490, 300, 490, 410, 400, 410};
static const double mirrored[8] = {520, 90, 150, 130, 190, 520, 560, 480};

static void works_are_found_where_they_are(void **state)
{
    const gallery *g = *state;
    print p = {0};
    memcpy(p.quad, slanted, sizeof slanted);
    assert_found(g, 0, &p, false, turn_of_top(slanted));
    p.inverted = true;
    assert_found(g, 1, &p, false, turn_of_top(slanted));
    p.inverted = false;
    memcpy(p.quad, turned, sizeof turned);
    assert_found(g, 2, &p, false, turn_of_top(turned));
    memcpy(p.quad, small, sizeof small);
    assert_found(g, 3, &p, false, 0);
}

/* A mirrored print's own top runs from right to left: its turn is that of the mirror
 * image, which is printed from left to right. */
static void mirrored_works_are_found(void **state)
{
    const gallery *g = *state;
    print p = {0};
    memcpy(p.quad, mirrored, sizeof mirrored);
    const double turn = remainder(turn_of_top(mirrored) + 180, 360);
    assert_found(g, 4, &p, true, turn);
    p.inverted = true;
    assert_found(g, 5, &p, true, turn);
}

static void two_works_in_one_photo_are_both_found(void **state)
{
    const gallery *g = *state;
    ko_grey photo = draw_clutter(900, 500, 3);
    const print left = {.quad = {40, 60, 340, 60, 340, 420, 40, 420}};
    const print right = {.quad = {500, 70, 820, 90, 810, 440, 490, 420}};
    print_work(&photo, &g->work[6], NULL, &left);
    print_work(&photo, &g->work[7], NULL, &right);
    ko_part_found found[KO_PARTS_FOUND_MAX];
    assert_int_equal(find(g->parts, &photo, KO_SCORE_DEFAULT, found), 2);
    assert_true(found[0].score >= found[1].score);
    assert_int_equal(found[0].work + found[1].work, 13);
    ko_free(photo.px);
}

/* Only the content box is described; the quad is still the canvas. */
static void clear_works_are_found_on_any_ground(void **state)
{
    (void)state;
    ko_grey luma = raster_new(400, 300, 255), alpha = raster_new(400, 300, 0);
    const ko_grey part = {luma.px + 180, 220, 300, luma.stride};
    const ko_grey part_alpha = {alpha.px + 180, 220, 300, alpha.stride};
    draw_shapes(&part, &part_alpha, 30, .6, 8);
    ko_part_view *view = NULL;
    ko_parts *parts = NULL;
    assert_int_equal(ko_part_view_make(&luma, &alpha, &view, NULL), KO_OK);
    assert_int_equal(ko_parts_build((const ko_part_view *const[]){view}, (uint32_t[]){0}, 1, 1, 1,
                                    1, &parts, NULL),
                     KO_OK);
    for (unsigned ground = 20; ground < 256; ground += 100) {
        ko_grey photo = raster_new(700, 600, (uint8_t)ground);
        const print p = {.quad = {60, 90, 610, 110, 600, 520, 50, 500}};
        print_work(&photo, &luma, &alpha, &p);
        ko_part_found found[KO_PARTS_FOUND_MAX];
        assert_int_equal(find(parts, &photo, KO_SCORE_DEFAULT, found), 1);
        assert_true(quad_iou(p.quad, found[0].quad, &photo) >= .9);
        ko_free(photo.px);
    }
    ko_parts_free(parts);
    ko_part_view_free(view);
    ko_free(luma.px);
    ko_free(alpha.px);
}

static void views_of_one_work_make_one_claim(void **state)
{
    const gallery *g = *state;
    const ko_part_view *const views[] = {g->view[0], g->view[1], g->view[1]};
    ko_parts *parts = NULL;
    assert_int_equal(ko_parts_build(views, (uint32_t[]){0, 1, 1}, 3, 2, 2, 1, &parts, NULL), KO_OK);
    ko_grey photo = draw_clutter(700, 700, 4);
    print p = {0};
    memcpy(p.quad, slanted, sizeof slanted);
    print_work(&photo, &g->work[1], NULL, &p);
    ko_part_found found[KO_PARTS_FOUND_MAX];
    assert_int_equal(find(parts, &photo, KO_SCORE_DEFAULT, found), 1);
    assert_int_equal(found[0].work, 1);
    assert_true(found[0].view == 1 || found[0].view == 2);
    ko_parts_free(parts);
    ko_free(photo.px);
}

/* --- nothing --- */

static uint8_t noise_at(uint32_t x, uint32_t y)
{
    uint32_t seed = x * 7919 + y * 104729;
    (void)scene_random(&seed);
    return (uint8_t)scene_random(&seed);
}

static uint8_t board_at(uint32_t x, uint32_t y)
{
    return (x / 20 + y / 20) % 2 ? 230 : 30;
}

static uint8_t lattice_at(uint32_t x, uint32_t y)
{
    return (x + y) % 40 < 6 || (x + 800 - y) % 40 < 6 ? 60 : 210;
}

/* Lines of little strokes, as text looks. */
static uint8_t text_at(uint32_t x, uint32_t y)
{
    const uint32_t letter = x / 12 * 31 + y / 24 * 17;
    if (y % 24 > 14 || x % 12 > 8 || letter % 7 == 0)
        return 245;
    const bool stroke = x % 12 < 2 || (letter % 3 == 0 && y % 24 < 3) ||
                        (letter % 2 == 0 && y % 24 > 12) || (letter % 5 == 0 && x % 12 > 6);
    return stroke ? 20 : 245;
}

static uint8_t blank_at(uint32_t x, uint32_t y)
{
    return (uint8_t)(200 + (x + y) / 60);
}

static void nothing_is_found_where_nothing_is(void **state)
{
    const gallery *g = *state;
    uint8_t (*const kinds[])(uint32_t, uint32_t) = {noise_at, board_at, lattice_at, text_at,
                                                    blank_at};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        ko_grey photo = raster_new(800, 640, 0);
        for (uint32_t y = 0; y < photo.height; y++)
            for (uint32_t x = 0; x < photo.width; x++)
                photo.px[y * photo.stride + x] = kinds[k](x, y);
        ko_part_found found[KO_PARTS_FOUND_MAX];
        assert_int_equal(find(g->parts, &photo, 3, found), 0);
        ko_free(photo.px);
    }
    for (uint32_t seed = 500; seed < 505; seed++) {
        ko_grey photo = draw_clutter(800, 700, seed);
        ko_part_found found[KO_PARTS_FOUND_MAX];
        assert_int_equal(find(g->parts, &photo, KO_SCORE_DEFAULT, found), 0);
        ko_free(photo.px);
    }
}

static void odd_photos_and_empty_collections_find_nothing(void **state)
{
    const gallery *g = *state;
    static const uint32_t sides[][2] = {{1, 1}, {1, 900}, {900, 1}, {5, 7}, {3000, 9}};
    ko_part_found found[KO_PARTS_FOUND_MAX];
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        ko_grey photo = draw_clutter(sides[i][0], sides[i][1], 5);
        assert_int_equal(find(g->parts, &photo, KO_SCORE_DEFAULT, found), 0);
        ko_free(photo.px);
    }
    ko_grey white = raster_new(100, 100, 255);
    ko_part_view *plain = NULL;
    assert_int_equal(ko_part_view_make(&white, NULL, &plain, NULL), KO_OK);
    for (size_t n = 0; n <= 1; n++) {
        ko_parts *parts = NULL;
        assert_int_equal(ko_parts_build((const ko_part_view *const[]){plain}, (uint32_t[]){0}, n, n,
                                        n, 1, &parts, NULL),
                         KO_OK);
        assert_int_equal(find(parts, &g->work[0], -100, found), 0);
        ko_parts_free(parts);
    }
    ko_part_view_free(plain);
    ko_free(white.px);
}

/* --- the same everywhere --- */

#define ASKED 9

typedef struct asking {
    const ko_parts *parts;
    ko_grey photo;
    ko_parts_scratch *scratch[3];
    ko_part_found found[ASKED][KO_PARTS_FOUND_MAX];
    size_t n[ASKED];
    ko_status status[ASKED];
} asking;

static void ask(void *context, size_t i, unsigned worker)
{
    asking *a = context;
    a->status[i] =
        ko_parts_find(a->parts, a->scratch[worker], &a->photo, 0, a->found[i], &a->n[i], NULL);
}

static void threads_and_order_make_no_difference(void **state)
{
    const gallery *g = *state;
    asking a = {.photo = draw_clutter(700, 700, 4)};
    print p = {0};
    memcpy(p.quad, slanted, sizeof slanted);
    print_work(&a.photo, &g->work[1], NULL, &p);
    ko_part_found alone[KO_PARTS_FOUND_MAX];
    const size_t n = find(g->parts, &a.photo, 0, alone);
    assert_true(n >= 1);
    gallery other;
    gallery_open(&other, WORKS, 3);
    a.parts = other.parts;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ko_parts_scratch_make(&a.scratch[i], NULL), KO_OK);
    assert_int_equal(ko_parallel_for(ASKED, 3, ask, &a), KO_OK);
    for (size_t i = 0; i < ASKED; i++) {
        assert_int_equal(a.status[i], KO_OK);
        assert_int_equal(a.n[i], n);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(a.found[i][k].work, alone[k].work);
            assert_true(a.found[i][k].score >= alone[k].score &&
                        a.found[i][k].score <= alone[k].score);
            assert_memory_equal(a.found[i][k].quad, alone[k].quad, sizeof alone[k].quad);
        }
    }
    for (size_t i = 0; i < 3; i++)
        ko_parts_scratch_free(a.scratch[i]);
    gallery_close(&other);
    ko_free(a.photo.px);
}

static void larger_collections_lower_scores(void **state)
{
    const gallery *g = *state;
    const ko_part_view *const *views = (const ko_part_view *const *)g->view;
    uint32_t works[WORKS];
    for (uint32_t i = 0; i < WORKS; i++)
        works[i] = i;
    ko_parts *large = NULL;
    assert_int_equal(ko_parts_build(views, works, WORKS, WORKS, 41600, 1, &large, NULL), KO_OK);
    ko_part_found a[KO_PARTS_FOUND_MAX], b[KO_PARTS_FOUND_MAX];
    assert_true(find(g->parts, &g->work[2], KO_SCORE_DEFAULT, a) >= 1);
    assert_true(find(large, &g->work[2], KO_SCORE_DEFAULT, b) >= 1);
    assert_true(fabs(a[0].score - b[0].score - 2) < 1e-9);
    ko_parts_free(large);
}

static void lack_of_memory_is_told(void **state)
{
    const gallery *g = *state;
    const ko_part_view *const *views = (const ko_part_view *const *)g->view;
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_parts *parts = NULL;
        ko_parts_scratch *s = NULL;
        ko_part_found found[KO_PARTS_FOUND_MAX];
        size_t n = 99;
        ko_alloc_fault(nth, 0);
        ko_status st = ko_parts_build(views, (uint32_t[]){0, 1}, 2, 2, 2, 1, &parts, NULL);
        if (st == KO_OK)
            st = ko_parts_scratch_make(&s, NULL);
        if (st == KO_OK)
            st = ko_parts_find(parts, s, &g->work[0], 0, found, &n, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        assert_true((n == 99) == (fired != 0));
        ko_parts_scratch_free(s);
        ko_parts_free(parts);
        assert_int_equal(ko_alloc_live(), live);
        if (!fired)
            break;
    }
}

static gallery shared;

static int open_shared(void **state)
{
    gallery_open(&shared, WORKS, 1);
    *state = &shared;
    return 0;
}

static int close_shared(void **state)
{
    (void)state;
    gallery_close(&shared);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(works_are_found_where_they_are),
        cmocka_unit_test(mirrored_works_are_found),
        cmocka_unit_test(two_works_in_one_photo_are_both_found),
        cmocka_unit_test(clear_works_are_found_on_any_ground),
        cmocka_unit_test(views_of_one_work_make_one_claim),
        cmocka_unit_test(nothing_is_found_where_nothing_is),
        cmocka_unit_test(odd_photos_and_empty_collections_find_nothing),
        cmocka_unit_test(threads_and_order_make_no_difference),
        cmocka_unit_test(larger_collections_lower_scores),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("match parts", tests, open_shared, close_shared);
}
