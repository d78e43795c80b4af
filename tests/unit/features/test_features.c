/* Keypoints and descriptors: found where corners are, on pictures of all kinds, and the
 * same when a drawing is turned, enlarged, mirrored or inverted. */
#include "drawing.h"
#include "features/pyramid.h"

#include <knockoff/features.h>

#define KEYPOINTS 500
#define PI 3.14159265358979

static ko_features features_of(const ko_grey *picture, uint32_t long_side_px, uint32_t max)
{
    ko_pyramid *pyramid = NULL;
    ko_features f = {0};
    const ko_features_options options = {.max_keypoints = max};
    assert_int_equal(ko_pyramid_build(picture, long_side_px, &pyramid, NULL), KO_OK);
    assert_int_equal(ko_features_find(pyramid, &options, &f, NULL), KO_OK);
    ko_pyramid_free(pyramid);
    assert_true(f.n <= max);
    return f;
}

static ko_features features_seen(uint32_t side, const view *v)
{
    const ko_grey picture = drawing_seen(side, v);
    const ko_features f = features_of(&picture, side, KEYPOINTS);
    ko_free(picture.px);
    assert_true(f.n > KEYPOINTS / 2);
    return f;
}

static unsigned code_distance(const ko_code *a, const ko_code *b)
{
    unsigned bits = 0;
    for (size_t i = 0; i < KO_CODE_WORDS; i++)
        bits += (unsigned)__builtin_popcountll(a->w[i] ^ b->w[i]);
    return bits;
}

/* --- where keypoints are --- */

static void test_corners_of_a_square(void **state)
{
    (void)state;
    const ko_grey picture = raster_of(200, 160, 40);
    for (size_t y = 50; y < 110; y++)
        memset(picture.px + y * 200 + 60, 200, 80);
    ko_features f = features_of(&picture, 200, KEYPOINTS);
    const float corners[4][2] = {
        {59.5f, 49.5f}, {139.5f, 49.5f}, {59.5f, 109.5f}, {139.5f, 109.5f}};
    unsigned seen = 0;
    assert_true(f.n >= 4);
    for (size_t i = 0; i < f.n; i++) {
        const ko_keypoint *k = &f.keypoints[i];
        size_t nearest = 4;
        for (size_t c = 0; c < 4; c++)
            if (hypotf(k->x - corners[c][0], k->y - corners[c][1]) < 2 + 2 * k->scale)
                nearest = c;
        assert_true(nearest < 4); /* none on edges or flat parts */
        seen |= 1u << nearest;
        /* the square is the lighter side: directions point to its middle */
        const float to_x = 99.5f - k->x, to_y = 79.5f - k->y;
        assert_true(cosf(k->angle) * to_x > 0 && sinf(k->angle) * to_y > 0);
    }
    assert_int_equal(seen, 15);
    ko_features_free(&f);
    ko_free(picture.px);
}

/* A dot has its corner on the level where it is as large as the ring of the test. */
static void test_scale_of_a_dot(void **state)
{
    (void)state;
    float found[2] = {0};
    for (int large = 0; large < 2; large++) {
        const int radius = large ? 6 : 2;
        const ko_grey picture = raster_of(240, 240, 30);
        for (int y = -radius; y <= radius; y++)
            for (int x = -radius; x <= radius; x++)
                if (x * x + y * y <= radius * radius)
                    picture.px[(120 + y) * 240 + 120 + x] = 220;
        ko_features f = features_of(&picture, 240, KEYPOINTS);
        assert_true(f.n > 0);
        float finest = 100;
        for (size_t i = 0; i < f.n; i++)
            if (hypotf(f.keypoints[i].x - 120, f.keypoints[i].y - 120) < f.keypoints[i].scale)
                finest = fminf(finest, f.keypoints[i].scale);
        found[large] = finest;
        ko_features_free(&f);
        ko_free(picture.px);
    }
    assert_true(found[0] < 1.5f);
    assert_true(found[1] > 1.8f && found[1] < 6);
}

static void test_places_are_of_the_first_level(void **state)
{
    (void)state;
    const ko_grey picture = raster_of(400, 300, 250);
    for (size_t y = 100; y < 300; y++)
        memset(picture.px + y * 400 + 200, 10, 200);
    const uint32_t sides[] = {200, 400, 800}; /* one corner, at (200, 100) of 400 */
    for (size_t i = 0; i < 3; i++) {
        const float s = (float)sides[i] / 400;
        ko_features f = features_of(&picture, sides[i], KEYPOINTS);
        assert_true(f.n > 0);
        for (size_t k = 0; k < f.n; k++)
            assert_true(hypotf(f.keypoints[k].x + .5f - 200 * s, f.keypoints[k].y + .5f - 100 * s) <
                        1.5f + 3 * f.keypoints[k].scale);
        ko_features_free(&f);
    }
    ko_free(picture.px);
}

/* A busy patch has more and better corners than there are keypoints to share out. */
static void test_quiet_parts_keep_theirs(void **state)
{
    (void)state;
    const ko_grey picture = raster_of(480, 480, 128);
    uint32_t seed = 1;
    for (size_t y = 48; y < 144; y++)
        for (size_t x = 48; x < 144; x++)
            picture.px[y * 480 + x] = (uint8_t)(drawing_random(&seed) % 2 * 255);
    for (size_t y = 330; y < 390; y++)
        memset(picture.px + y * 480 + 200, 145, 80); /* a pale card */
    ko_features f = features_of(&picture, 480, 400);
    unsigned quiet = 0;
    for (size_t i = 0; i < f.n; i++)
        quiet += f.keypoints[i].level == 0 && f.keypoints[i].y > 300;
    assert_true(quiet >= 4);
    ko_features_free(&f);
    ko_free(picture.px);
}

static void test_order_and_ranges(void **state)
{
    (void)state;
    const view plain = view_of(DRAWING_SIDE, 0, 1, false);
    ko_features f = features_seen(DRAWING_SIDE, &plain);
    for (size_t i = 0; i < f.n; i++) {
        const ko_keypoint *k = &f.keypoints[i];
        assert_true(k->x > -1 && k->y > -1 && k->x < DRAWING_SIDE && k->y < DRAWING_SIDE);
        assert_true(fabsf(k->angle) <= (float)PI + 1e-6f && k->response > 0);
        if (i > 0) {
            const ko_keypoint *l = k - 1;
            assert_true(l->level < k->level ||
                        (l->level == k->level && (l->y < k->y || (l->y == k->y && l->x < k->x))));
        }
        ko_code code;
        ko_descriptor_code(&f.descriptors[i], &code);
        assert_memory_equal(&code, &f.codes[i], sizeof code);
    }
    ko_features_free(&f);
}

/* --- hard pictures --- */

static void test_plain_pictures_have_none(void **state)
{
    (void)state;
    const uint32_t sides[][2] = {{300, 200}, {1, 1}, {1, 500}, {500, 1}, {3000, 30}, {19, 19}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        const ko_grey picture = raster_of(sides[i][0], sides[i][1], 255);
        ko_features f = features_of(&picture, 800, KEYPOINTS);
        assert_int_equal(f.n, 0);
        ko_features_free(&f);
        ko_free(picture.px);
    }
}

static void test_busy_pictures_of_any_shape(void **state)
{
    (void)state;
    const uint32_t sides[][2] = {{256, 256}, {2000, 50}, {50, 2000}, {5000, 3}, {1, 900}, {33, 20}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        for (int checks = 0; checks < 2; checks++) {
            const ko_grey picture = raster_new(sides[i][0], sides[i][1]);
            uint32_t seed = 1;
            for (size_t k = 0; k < (size_t)picture.width * picture.height; k++) {
                const size_t cell = k % picture.width / 8 + k / picture.width / 8;
                picture.px[k] = (uint8_t)(checks ? cell % 2 * 255 : drawing_random(&seed));
            }
            ko_features f = features_of(&picture, 800, KEYPOINTS);
            ko_features_free(&f);
            f = features_of(&picture, 800, 0);
            assert_int_equal(f.n, 0);
            ko_features_free(&f);
            ko_free(picture.px);
        }
}

static void test_limits(void **state)
{
    (void)state;
    ko_pyramid *pyramid = NULL;
    ko_error err = {0};
    uint8_t px = 0;
    const ko_grey none = {&px, 0, 5, 1}, wide = {&px, 70000, 1, 70000}, one = {&px, 1, 1, 1};
    assert_int_equal(ko_pyramid_build(&none, 800, &pyramid, &err), KO_E_LIMIT);
    assert_non_null(strstr(err.text, "0 x 5"));
    assert_int_equal(ko_pyramid_build(&wide, 800, &pyramid, NULL), KO_E_LIMIT);
    assert_int_equal(ko_pyramid_build(&one, 0, &pyramid, NULL), KO_E_LIMIT);
    assert_int_equal(ko_pyramid_build(&one, 5000, &pyramid, NULL), KO_E_LIMIT);
    assert_null(pyramid);
    ko_pyramid_free(NULL);
}

/* --- changed pictures --- */

/* Of the keypoints of f whose place lies well inside the other view, how many have their
 * nearest code there at that place, in per cent. */
static unsigned found_again(const ko_features *f, const view *v, const ko_features *other,
                            const view *w, unsigned variant)
{
    size_t right = 0;
    assert_true(f->n > 0);
    for (size_t i = 0; i < f->n; i++) {
        ko_descriptor seen;
        ko_code code;
        ko_descriptor_variant(&f->descriptors[i], variant, &seen);
        ko_descriptor_code(&seen, &code);
        size_t best = 0;
        for (size_t j = 1; j < other->n; j++)
            if (code_distance(&code, &other->codes[j]) < code_distance(&code, &other->codes[best]))
                best = j;
        double x, y, u, z;
        on_drawing(v, f->keypoints[i].x, f->keypoints[i].y, &x, &y);
        on_drawing(w, other->keypoints[best].x, other->keypoints[best].y, &u, &z);
        right += hypot(x - u, y - z) < 2.5 * f->keypoints[i].scale;
    }
    return f->n ? (unsigned)(100 * right / f->n) : 0;
}

static void check_found_again(double degrees, double scale, bool mirrored, unsigned least)
{
    const uint32_t side = (uint32_t)(DRAWING_SIDE * scale);
    const view plain = view_of(DRAWING_SIDE, 0, 1, false);
    const view changed = view_of(side, degrees, scale, mirrored);
    ko_features a = features_seen(DRAWING_SIDE, &plain);
    ko_features b = features_seen(side, &changed);
    const unsigned variant = mirrored ? KO_VARIANT_MIRRORED : KO_VARIANT_PLAIN;
    const unsigned share = found_again(&a, &plain, &b, &changed, variant);
    print_message("turned %.0f, scaled %.2f, mirrored %d: %u %%\n", degrees, scale, mirrored,
                  share);
    assert_true(share >= least);
    const unsigned wrong = found_again(&a, &plain, &b, &changed, variant ^ KO_VARIANT_MIRRORED);
    assert_true(wrong < share / 2);
    ko_features_free(&a);
    ko_features_free(&b);
}

static void test_turned_and_enlarged_drawings_match(void **state)
{
    (void)state;
    check_found_again(0, 1.5, false, 50);
    check_found_again(90, 1, false, 50);
    check_found_again(33, 1, false, 40);
    check_found_again(-110, 0.8, false, 40);
    check_found_again(0, 1, true, 50);
    check_found_again(25, 1.3, true, 40);
}

/* Inverting leaves corners where they are and turns their directions by half. */
static void test_inverted_drawing_is_the_variant(void **state)
{
    (void)state;
    const view plain = view_of(DRAWING_SIDE, 0, 1, false);
    const ko_grey picture = drawing_seen(DRAWING_SIDE, &plain);
    ko_features a = features_of(&picture, DRAWING_SIDE, KEYPOINTS);
    for (size_t i = 0; i < picture.stride * picture.height; i++)
        picture.px[i] = (uint8_t)(255 - picture.px[i]);
    ko_features b = features_of(&picture, DRAWING_SIDE, KEYPOINTS);
    size_t same = 0;
    for (size_t i = 0; i < a.n; i++)
        for (size_t j = 0; j < b.n; j++) {
            const ko_keypoint *p = &a.keypoints[i], *q = &b.keypoints[j];
            if (p->level != q->level || p->x != q->x || p->y != q->y)
                continue;
            ko_descriptor seen;
            ko_code code;
            ko_descriptor_variant(&a.descriptors[i], KO_VARIANT_INVERTED, &seen);
            ko_descriptor_code(&seen, &code);
            same += code_distance(&code, &b.codes[j]) <= 16 &&
                    fabs(fabs(remainder(p->angle - q->angle, 2 * PI)) - PI) < .05;
        }
    print_message("inverted: %zu of %zu\n", same, a.n);
    assert_true(same > a.n * 9 / 10);
    ko_features_free(&a);
    ko_features_free(&b);
    ko_free(picture.px);
}

/* --- habits --- */

static void test_deterministic(void **state)
{
    (void)state;
    const view plain = view_of(DRAWING_SIDE, 10, 1, false);
    ko_features a = features_seen(DRAWING_SIDE, &plain);
    ko_features b = features_seen(DRAWING_SIDE, &plain);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.codes, b.codes, a.n * sizeof *a.codes);
    assert_memory_equal(a.descriptors, b.descriptors, a.n * sizeof *a.descriptors);
    for (size_t i = 0; i < a.n; i++)
        assert_true(a.keypoints[i].x == b.keypoints[i].x && a.keypoints[i].y == b.keypoints[i].y &&
                    a.keypoints[i].angle == b.keypoints[i].angle);
    ko_features_free(&a);
    ko_features_free(&b);
}

static void test_refused_memory_is_reported(void **state)
{
    (void)state;
    const view plain = view_of(100, 0, .25, false);
    const ko_grey picture = drawing_seen(100, &plain);
    const ko_features_options options = {.max_keypoints = 50};
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth++) {
            const long live = ko_alloc_live();
            ko_pyramid *pyramid = NULL;
            ko_features f = {0};
            ko_alloc_fault(nth, sticky);
            ko_status st = ko_pyramid_build(&picture, 45, &pyramid, NULL);
            if (st == KO_OK)
                st = ko_features_find(pyramid, &options, &f, NULL);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
            if (fired)
                assert_true(f.n == 0 && !f.keypoints);
            ko_features_free(&f);
            ko_pyramid_free(pyramid);
            assert_int_equal(ko_alloc_live(), live);
            if (!fired)
                break;
        }
    ko_free(picture.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corners_of_a_square),
        cmocka_unit_test(test_scale_of_a_dot),
        cmocka_unit_test(test_places_are_of_the_first_level),
        cmocka_unit_test(test_quiet_parts_keep_theirs),
        cmocka_unit_test(test_order_and_ranges),
        cmocka_unit_test(test_plain_pictures_have_none),
        cmocka_unit_test(test_busy_pictures_of_any_shape),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_turned_and_enlarged_drawings_match),
        cmocka_unit_test(test_inverted_drawing_is_the_variant),
        cmocka_unit_test(test_deterministic),
        cmocka_unit_test(test_refused_memory_is_reported),
    };
    return cmocka_run_group_tests_name("features.features", tests, NULL, NULL);
}
