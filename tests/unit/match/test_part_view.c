/* Registering a view: what is described, and that its bytes bring it back and nothing else. */
#include "match/part_view.h"
#include "part_scene.h"

#define BYTES_MAX ((size_t)1 << 22)

static ko_part_view *make(const ko_grey *luma, const ko_grey *alpha)
{
    ko_part_view *v = NULL;
    ko_error err = {0};
    assert_int_equal(ko_part_view_make(luma, alpha, &v, &err), KO_OK);
    return v;
}

/* A drawing in the right half of an otherwise clear canvas. */
static void make_clear_work(ko_grey *luma, ko_grey *alpha)
{
    *luma = raster_new(300, 200, 255);
    *alpha = raster_new(300, 200, 0);
    const ko_grey right = {luma->px + 150, 150, 200, luma->stride};
    const ko_grey right_alpha = {alpha->px + 150, 150, 200, alpha->stride};
    draw_shapes(&right, &right_alpha, 25, .6, 5);
}

static void an_opaque_view_is_its_canvas(void **state)
{
    (void)state;
    ko_grey work = draw_work(300, 600, 3), opaque = raster_new(300, 600, 255);
    ko_part_view *v = make(&work, NULL), *same = make(&work, &opaque);
    assert_int_equal(v->n_grounds, 1);
    assert_int_equal(same->n_grounds, 1);
    assert_int_equal(v->width, 200);
    assert_int_equal(v->height, 400);
    assert_float_equal(v->canvas[0], 0, 1e-6);
    assert_float_equal(v->canvas[2], 200, 1e-3);
    assert_true(ko_part_view_keypoints(v) > 200);
    assert_true(ko_part_view_keypoints(v) <= 350);
    ko_part_view_free(v);
    ko_part_view_free(same);
    ko_free(work.px);
    ko_free(opaque.px);
}

static void a_clear_view_is_its_content_on_three_grounds(void **state)
{
    (void)state;
    ko_grey luma, alpha;
    make_clear_work(&luma, &alpha);
    ko_part_view *v = make(&luma, &alpha);
    assert_int_equal(v->n_grounds, KO_PART_GROUNDS);
    for (uint32_t g = 0; g < KO_PART_GROUNDS; g++)
        assert_true(v->first[g + 1] - v->first[g] > 50);
    assert_true(v->canvas[0] < -(float)v->width / 2); /* the empty half lies outside */
    assert_float_equal(v->canvas[2] / v->canvas[3], 1.5, .05);
    ko_part_view_free(v);
    ko_free(luma.px);
    ko_free(alpha.px);
}

static void plain_views_have_no_keypoints(void **state)
{
    (void)state;
    ko_grey white = raster_new(500, 300, 255), clear = raster_new(500, 300, 0);
    ko_part_view *v = make(&white, NULL), *nothing = make(&white, &clear);
    assert_int_equal(ko_part_view_keypoints(v), 0);
    assert_int_equal(ko_part_view_keypoints(nothing), 0);
    ko_part_view_free(v);
    ko_part_view_free(nothing);
    ko_free(white.px);
    ko_free(clear.px);
}

static void extreme_shapes_are_described_or_refused(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{1, 1}, {1, 2000}, {2000, 1}, {3, 900}, {17, 23}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        ko_grey work = draw_work(sides[i][0], sides[i][1], 9);
        ko_part_view *v = make(&work, NULL);
        assert_true(v->width <= KO_PART_VIEW_SIDE && v->height <= KO_PART_VIEW_SIDE);
        ko_part_view_free(v);
        ko_free(work.px);
    }
    ko_part_view *v = NULL;
    assert_int_equal(ko_part_view_make(&(ko_grey){NULL, 0, 5, 0}, NULL, &v, NULL), KO_E_LIMIT);
    assert_int_equal(ko_part_view_make(&(ko_grey){NULL, 5, 70000, 5}, NULL, &v, NULL), KO_E_LIMIT);
    assert_null(v);
}

static ko_buf packed(const ko_part_view *v)
{
    ko_buf bytes = KO_BUF(BYTES_MAX);
    assert_int_equal(ko_part_view_pack(v, &bytes, NULL), KO_OK);
    return bytes;
}

static void bytes_bring_a_view_back(void **state)
{
    (void)state;
    ko_grey luma, alpha;
    make_clear_work(&luma, &alpha);
    for (int transparent = 0; transparent <= 1; transparent++) {
        ko_part_view *v = make(&luma, transparent ? &alpha : NULL), *back = NULL;
        ko_buf bytes = packed(v);
        assert_int_equal(ko_part_view_unpack(bytes.data, bytes.size, &back, NULL), KO_OK);
        const size_t n = ko_part_view_keypoints(v);
        assert_int_equal(ko_part_view_keypoints(back), n);
        assert_int_equal(back->n_grounds, v->n_grounds);
        assert_memory_equal(back->canvas, v->canvas, sizeof v->canvas);
        assert_memory_equal(back->points, v->points, n * sizeof *v->points);
        assert_memory_equal(back->descriptors, v->descriptors, n * sizeof *v->descriptors);
        ko_buf again = packed(back);
        assert_int_equal(again.size, bytes.size);
        assert_memory_equal(again.data, bytes.data, bytes.size);
        ko_buf_free(&bytes);
        ko_buf_free(&again);
        ko_part_view_free(v);
        ko_part_view_free(back);
    }
    ko_free(luma.px);
    ko_free(alpha.px);
}

static ko_status unpack_copy(const void *bytes, size_t size)
{
    void *copy = malloc(size ? size : 1); /* exact, so that reads beyond are caught */
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    ko_part_view *v = NULL;
    const ko_status st = ko_part_view_unpack(copy, size, &v, NULL);
    assert_true((st == KO_OK) == (v != NULL));
    ko_part_view_free(v);
    free(copy);
    return st;
}

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    ko_grey work = draw_work(40, 40, 2);
    ko_part_view *v = make(&work, NULL);
    ko_buf bytes = packed(v);
    for (size_t size = 0; size < bytes.size; size += size < 200 ? 1 : 97)
        assert_int_equal(unpack_copy(bytes.data, size), KO_E_FORMAT);
    assert_int_equal(ko_buf_append(&bytes, "x", 1), KO_OK);
    assert_int_equal(unpack_copy(bytes.data, bytes.size), KO_E_FORMAT);
    bytes.size--;
    const size_t header = 4 + 4 * 4 + 4 * 4 + 4;
    for (size_t i = 0; i < header + 16; i++)
        for (unsigned value = 0; value < 256; value += 51) {
            const char was = bytes.data[i];
            bytes.data[i] = (char)value;
            const ko_status st = unpack_copy(bytes.data, bytes.size);
            assert_true(st == KO_OK || st == KO_E_FORMAT || st == KO_E_VERSION);
            bytes.data[i] = was;
        }
    bytes.data[4] = 2;
    assert_int_equal(unpack_copy(bytes.data, bytes.size), KO_E_VERSION);
    ko_buf_free(&bytes);
    ko_part_view_free(v);
    ko_free(work.px);
}

static void values_out_of_range_are_refused(void **state)
{
    (void)state;
    ko_grey work = draw_work(200, 200, 2);
    ko_part_view *v = make(&work, NULL);
    ko_buf bytes = packed(v);
    const size_t header = 4 + 4 * 4 + 4 * 4 + 4;
    const size_t n = ko_part_view_keypoints(v);
    const struct {
        size_t at;
        const char *value;
    } bad[] = {
        {8, "\xff\xff\xff\xff"},          /* width */
        {16, "\x02\0\0\0"},               /* transparent */
        {header - 4, "\xff\xff\xff\xff"}, /* keypoints */
        {header, "\0\0\xc0\x7f"},         /* x is no number */
        {header + 4, "\0\0\x80\x7f"},     /* y is infinite */
        {header + 12, "\0\0\0\0"},        /* scale is 0 */
        {header + 16 * n, "\0\0\0\x80"},  /* a bin above 127 */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char was[4];
        memcpy(was, bytes.data + bad[i].at, 4);
        memcpy(bytes.data + bad[i].at, bad[i].value, 4);
        assert_int_equal(unpack_copy(bytes.data, bytes.size), KO_E_FORMAT);
        memcpy(bytes.data + bad[i].at, was, 4);
    }
    assert_int_equal(unpack_copy(bytes.data, bytes.size), KO_OK);
    ko_buf_free(&bytes);
    ko_part_view_free(v);
    ko_free(work.px);
}

static void lack_of_memory_is_told(void **state)
{
    (void)state;
    ko_grey luma, alpha;
    make_clear_work(&luma, &alpha);
    ko_part_view *whole = make(&luma, &alpha);
    ko_buf bytes = packed(whole);
    const long live = ko_alloc_live();
    for (int unpacking = 0; unpacking <= 1; unpacking++)
        for (unsigned nth = 1;; nth++) {
            ko_part_view *v = NULL;
            ko_alloc_fault(nth, 0);
            const ko_status st = unpacking ? ko_part_view_unpack(bytes.data, bytes.size, &v, NULL)
                                           : ko_part_view_make(&luma, &alpha, &v, NULL);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
            assert_true((v == NULL) == (fired != 0));
            ko_part_view_free(v);
            assert_int_equal(ko_alloc_live(), live);
            if (!fired)
                break;
        }
    ko_buf_free(&bytes);
    ko_part_view_free(whole);
    ko_free(luma.px);
    ko_free(alpha.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opaque_view_is_its_canvas),
        cmocka_unit_test(a_clear_view_is_its_content_on_three_grounds),
        cmocka_unit_test(plain_views_have_no_keypoints),
        cmocka_unit_test(extreme_shapes_are_described_or_refused),
        cmocka_unit_test(bytes_bring_a_view_back),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(values_out_of_range_are_refused),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("match part_view", tests, NULL, NULL);
}
