/* Points that are said to agree do so, wherever and however the photo shows the work. */
#include "match/part_lines.h"

#include "part_scene.h"

#define LINES 64

/* How far the photo's point lies from where the work's is printed. */
static double error_of(const ko_part_line *line, const double h[9])
{
    const double x = (double)line->work[0], y = (double)line->work[1];
    const double w = h[6] * x + h[7] * y + h[8];
    return hypot((h[0] * x + h[1] * y + h[2]) / w - (double)line->photo[0],
                 (h[3] * x + h[4] * y + h[5]) / w - (double)line->photo[1]);
}

static size_t lines_of(const ko_part_view *view, const ko_grey *photo, const print *p,
                       bool mirrored, size_t max, ko_part_line out[LINES])
{
    ko_part_found found = {.mirrored = mirrored, .inverted = p->inverted};
    for (size_t i = 0; i < 8; i++)
        found.quad[i] = (float)p->quad[i];
    size_t n = 0;
    ko_error err = {0};
    if (ko_part_lines(view, photo, &found, max, out, &n, &err) != KO_OK)
        fail_msg("no lines: %s", err.text);
    assert_true(n <= max);
    return n;
}

/* Prints a work of that number and expects at_least pairs within tolerance_px. */
static void check_print(const print *p, bool mirrored, uint32_t width, size_t at_least,
                        double tolerance_px)
{
    ko_grey work = draw_work(360, 300, 77), photo = draw_clutter(width, 700, 31);
    print_work(&photo, &work, NULL, p);
    ko_part_view *view = NULL;
    assert_int_equal(ko_part_view_make(&work, NULL, &view, NULL), KO_OK);
    ko_part_line lines[LINES];
    const size_t n = lines_of(view, &photo, p, mirrored, LINES, lines);
    assert_true(n >= at_least);
    double h[9];
    square_to_quad(p->quad, h);
    unsigned quarters[4] = {0};
    double sum_px = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(error_of(&lines[i], h) < tolerance_px);
        sum_px += error_of(&lines[i], h);
        quarters[(lines[i].work[0] > .5f) + 2 * (lines[i].work[1] > .5f)]++;
        for (size_t k = 0; k < i; k++) {
            assert_true(lines[i].work[0] != lines[k].work[0] ||
                        lines[i].work[1] != lines[k].work[1]);
            assert_true(lines[i].photo[0] != lines[k].photo[0] ||
                        lines[i].photo[1] != lines[k].photo[1]);
        }
    }
    assert_true(sum_px < (double)n * tolerance_px / 5); /* most are exact */
    for (size_t i = 0; i < 4; i++)
        assert_true(quarters[i] >= n / 10); /* spread over the work */
    ko_part_line again[LINES];
    assert_int_equal(lines_of(view, &photo, p, mirrored, 9, again), 9);
    assert_memory_equal(again, lines, 9 * sizeof *lines); /* fewer: the first of them */
    ko_part_view_free(view);
    ko_free(photo.px);
    ko_free(work.px);
}

static void points_agree_where_the_work_is_printed(void **state)
{
    (void)state;
    print p = {.quad = {150, 130, 620, 90, 660, 480, 190, 520}};
    check_print(&p, false, 800, 40, 12);
    p.inverted = true;
    check_print(&p, false, 800, 40, 12);
    check_print(&p, false, 1500, 30, 14); /* searched at about half its size */
    p = (print){.quad = {560, 100, 600, 560, 220, 600, 180, 140}}; /* turned */
    check_print(&p, false, 800, 40, 12);
    p = (print){.quad = {400, 300, 560, 300, 560, 430, 400, 430}}; /* small */
    check_print(&p, false, 800, 12, 5);
}

static void points_agree_in_a_mirror(void **state)
{
    (void)state;
    print p = {.quad = {620, 90, 150, 130, 190, 520, 660, 480}};
    check_print(&p, true, 800, 40, 12);
    p.inverted = true;
    check_print(&p, true, 800, 40, 12);
}

/* The points are shares of the canvas, of which only a part may be seen. */
static void clear_works_are_measured_on_their_canvas(void **state)
{
    (void)state;
    ko_grey luma = raster_new(400, 300, 255), alpha = raster_new(400, 300, 0);
    const ko_grey part = {luma.px + 180, 220, 300, luma.stride};
    const ko_grey part_alpha = {alpha.px + 180, 220, 300, alpha.stride};
    draw_shapes(&part, &part_alpha, 30, .6, 8);
    ko_part_view *view = NULL;
    assert_int_equal(ko_part_view_make(&luma, &alpha, &view, NULL), KO_OK);
    ko_grey photo = raster_new(700, 600, 90);
    const print p = {.quad = {60, 90, 610, 110, 600, 520, 50, 500}};
    print_work(&photo, &luma, &alpha, &p);
    ko_part_line lines[LINES];
    const size_t n = lines_of(view, &photo, &p, false, LINES, lines);
    assert_true(n >= 15);
    double h[9];
    square_to_quad(p.quad, h);
    for (size_t i = 0; i < n; i++) {
        assert_true(error_of(&lines[i], h) < 9);
        assert_true(lines[i].work[0] > .4f && lines[i].work[0] < 1);
    }
    ko_part_view_free(view);
    ko_free(photo.px);
    ko_free(luma.px);
    ko_free(alpha.px);
}

/* Chance finds something alike near by, but little. */
static void photos_without_the_work_agree_hardly_anywhere(void **state)
{
    (void)state;
    ko_grey work = draw_work(360, 300, 77), photo = draw_clutter(800, 700, 32);
    ko_grey plain = raster_new(500, 400, 128);
    ko_part_view *view = NULL, *nothing = NULL;
    assert_int_equal(ko_part_view_make(&work, NULL, &view, NULL), KO_OK);
    assert_int_equal(ko_part_view_make(&plain, NULL, &nothing, NULL), KO_OK);
    const print p = {.quad = {150, 130, 620, 90, 660, 480, 190, 520}};
    ko_part_line lines[LINES];
    assert_true(lines_of(view, &photo, &p, false, LINES, lines) <= 3);
    assert_int_equal(lines_of(view, &plain, &p, false, LINES, lines), 0);
    assert_int_equal(lines_of(nothing, &photo, &p, false, LINES, lines), 0);
    assert_int_equal(lines_of(view, &photo, &p, false, 0, lines), 0);
    ko_part_view_free(view);
    ko_part_view_free(nothing);
    ko_free(work.px);
    ko_free(photo.px);
    ko_free(plain.px);
}

static void a_square_goes_to_the_corners_of_a_quad(void **state)
{
    (void)state;
    static const float corners[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    static const float quads[3][8] = {{150, 130, 520, 90, 560, 480, 190, 520},
                                      {520, 90, 150, 130, 190, 520, 560, 480}, /* mirrored */
                                      {-90, -50, 4000, 0, 3000, 900, 0, 2000}};
    for (size_t q = 0; q < 3; q++) {
        ko_part_model model;
        assert_true(ko_part_square_to_quad(quads[q], &model));
        for (size_t i = 0; i < 4; i++) {
            const ko_part_spot s = ko_part_project(&model, corners[i][0], corners[i][1]);
            assert_true(fabsf(s.u - quads[q][2 * i]) < .01f);
            assert_true(fabsf(s.v - quads[q][2 * i + 1]) < .01f);
        }
    }
}

static void what_is_no_place_is_refused(void **state)
{
    (void)state;
    static const float quads[][8] = {
        {0, 0, 100, 0, 0, 100, 100, 100},        /* crosses itself */
        {0, 0, 100, 0, 100, 100, 90, 10},        /* a dent */
        {0, 0, 100, 0, 100, 0, 0, 100},          /* a triangle */
        {5, 5, 5, 5, 5, 5, 5, 5},                /* a point */
        {0, 0, 100, 100, 200, 200, 300, 300},    /* a line */
        {0, 0, .5f, 0, .5f, .5f, 0, .5f},        /* less than a pixel */
        {0, 0, NAN, 0, 100, 100, 0, 100},        /* no number */
        {0, 0, INFINITY, 0, 100, 100, 0, 100},   /* endless */
        {0, 0, 1e30f, 0, 1e30f, 1e30f, 0, 1e30f} /* all but endless */
    };
    ko_grey work = draw_work(360, 300, 77);
    ko_part_view *view = NULL;
    assert_int_equal(ko_part_view_make(&work, NULL, &view, NULL), KO_OK);
    for (size_t q = 0; q < sizeof quads / sizeof *quads; q++) {
        ko_part_found found = {0};
        memcpy(found.quad, quads[q], sizeof found.quad);
        ko_part_line lines[LINES];
        size_t n = 7;
        ko_error err = {0};
        assert_int_equal(ko_part_lines(view, &work, &found, LINES, lines, &n, &err), KO_E_FORMAT);
        assert_true(err.text[0]);
        assert_int_equal(n, 7);
    }
    ko_part_view_free(view);
    ko_free(work.px);
}

static void lack_of_memory_is_survived(void **state)
{
    (void)state;
    ko_grey work = draw_work(360, 300, 77);
    ko_part_view *view = NULL;
    assert_int_equal(ko_part_view_make(&work, NULL, &view, NULL), KO_OK);
    const ko_part_found found = {.quad = {0, 0, 360, 0, 360, 300, 0, 300}};
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_part_line lines[LINES];
        size_t n = 0;
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_part_lines(view, &work, &found, LINES, lines, &n, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_int_equal(ko_alloc_live(), live);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired) {
            assert_true(nth > 3);
            break;
        }
    }
    ko_part_view_free(view);
    ko_free(work.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_agree_where_the_work_is_printed),
        cmocka_unit_test(points_agree_in_a_mirror),
        cmocka_unit_test(clear_works_are_measured_on_their_canvas),
        cmocka_unit_test(photos_without_the_work_agree_hardly_anywhere),
        cmocka_unit_test(a_square_goes_to_the_corners_of_a_quad),
        cmocka_unit_test(what_is_no_place_is_refused),
        cmocka_unit_test(lack_of_memory_is_survived),
    };
    return cmocka_run_group_tests_name("match/part_lines", tests, NULL, NULL);
}
