/* The lists of codes: nearly what comparing all finds, the same whatever the threads; each
 * keypoint once, in whatever variant it is asked for. */
#include "match/part_cells.h"
#include "part_scene.h"

typedef struct indexed {
    gallery g;
    uint32_t first_point[WORKS_MAX + 1];
    ko_part_cells *cells;
} indexed;

static void indexed_open(indexed *x, size_t n, unsigned jobs)
{
    gallery_open(&x->g, n, jobs);
    for (size_t i = 0; i < n; i++)
        x->first_point[i + 1] = x->first_point[i] + (uint32_t)ko_part_view_keypoints(x->g.view[i]);
    const ko_part_view *const *views = (const ko_part_view *const *)x->g.view;
    assert_int_equal(ko_part_cells_build(views, x->first_point, n, jobs, &x->cells, NULL), KO_OK);
}

static void indexed_close(indexed *x)
{
    ko_part_cells_free(x->cells);
    gallery_close(&x->g);
}

/* Keypoints of a warped print of work 0: what a photo asks. */
static ko_features ask_features(const indexed *x)
{
    ko_grey photo = draw_clutter(600, 600, 77);
    print_work(&photo, &x->g.work[0], NULL,
               &(print){.quad = {90, 120, 480, 60, 520, 500, 130, 540}});
    ko_pyramid *pyramid = NULL;
    ko_features f = {0};
    assert_int_equal(ko_pyramid_build(&photo, 800, &pyramid, NULL), KO_OK);
    assert_int_equal(
        ko_features_find(pyramid, &(ko_features_options){.max_keypoints = 400}, &f, NULL), KO_OK);
    ko_pyramid_free(pyramid);
    ko_free(photo.px);
    return f;
}

static unsigned distance(const ko_code *a, const ko_code *b)
{
    unsigned d = 0;
    for (size_t w = 0; w < KO_CODE_WORDS; w++)
        d += (unsigned)__builtin_popcountll(a->w[w] ^ b->w[w]);
    return d;
}

/* The codes of all keypoints in all variants; to be freed. */
static ko_code *all_codes(const indexed *x, size_t *out_n)
{
    ko_code *codes = ko_alloc_array((size_t)x->first_point[x->g.n] * KO_VARIANTS, sizeof *codes);
    assert_non_null(codes);
    size_t n = 0;
    for (size_t v = 0; v < x->g.n; v++)
        for (size_t i = 0; i < ko_part_view_keypoints(x->g.view[v]); i++)
            for (unsigned variant = 0; variant < KO_VARIANTS; variant++) {
                ko_descriptor d;
                ko_descriptor_variant(&x->g.view[v]->descriptors[i], variant, &d);
                ko_descriptor_code(&d, &codes[n++]);
            }
    *out_n = n;
    return codes;
}

static unsigned nearest_of(const ko_code *codes, size_t n, const ko_code *code)
{
    unsigned best = KO_CODES_BITS;
    for (size_t i = 0; i < n; i++) {
        const unsigned now = distance(code, &codes[i]);
        best = now < best ? now : best;
    }
    return best;
}

/* Share of the queries with something within 50 bits for which the nearest is found: of
 * keypoints that repeat, one as near to a few bits. */
#define SLACK 10

static double recall(const indexed *x)
{
    static ko_codes_hit hits[KO_PART_HITS_MAX];
    static uint16_t order[KO_PART_HITS_MAX];
    ko_features f = ask_features(x);
    size_t asked = 0, found = 0, n_codes;
    ko_code *codes = all_codes(x, &n_codes);
    for (size_t i = 0; i < f.n; i++) {
        const unsigned best = nearest_of(codes, n_codes, &f.codes[i]);
        if (best > 50)
            continue;
        const size_t n = ko_part_cells_search(x->cells, &f.descriptors[i], &f.codes[i],
                                              KO_PART_RADIUS, hits, order);
        asked++;
        found += n > 0 && hits[order[0]].distance <= best + SLACK;
    }
    ko_features_free(&f);
    ko_free(codes);
    assert_true(asked > 50);
    return (double)found / (double)asked;
}

static void lists_find_nearly_what_comparing_all_finds(void **state)
{
    (void)state;
    indexed x = {0};
    indexed_open(&x, WORKS_MAX, 1);
    assert_true(recall(&x) >= .9);
    indexed_close(&x);
}

static void small_collections_are_searched_as_well(void **state)
{
    (void)state;
    indexed x = {0};
    indexed_open(&x, 1, 1);
    assert_true(recall(&x) >= .95);
    indexed_close(&x);
}

static void threads_make_no_difference(void **state)
{
    (void)state;
    static ko_codes_hit hits[2][KO_PART_HITS_MAX];
    static uint16_t order[2][KO_PART_HITS_MAX];
    indexed one = {0}, three = {0};
    indexed_open(&one, 6, 1);
    indexed_open(&three, 6, 3);
    ko_features f = ask_features(&one);
    assert_true(f.n > 100);
    for (size_t i = 0; i < f.n; i++) {
        const ko_descriptor *d = &f.descriptors[i];
        const size_t n = ko_part_cells_search(one.cells, d, &f.codes[i], 60, hits[0], order[0]);
        assert_int_equal(ko_part_cells_search(three.cells, d, &f.codes[i], 60, hits[1], order[1]),
                         n);
        assert_memory_equal(hits[0], hits[1], n * sizeof *hits[0]);
        assert_memory_equal(order[0], order[1], n * sizeof *order[0]);
    }
    ko_features_free(&f);
    indexed_close(&one);
    indexed_close(&three);
}

static void hits_come_by_distance_and_within_the_radius(void **state)
{
    (void)state;
    static ko_codes_hit hits[KO_PART_HITS_MAX];
    static uint16_t order[KO_PART_HITS_MAX];
    indexed x = {0};
    indexed_open(&x, 3, 1);
    ko_features f = ask_features(&x);
    size_t sum = 0;
    for (size_t i = 0; i < f.n; i++) {
        const size_t n =
            ko_part_cells_search(x.cells, &f.descriptors[i], &f.codes[i], 40, hits, order);
        for (size_t k = 0; k < n; k++) {
            assert_true(hits[order[k]].distance <= 40);
            assert_true(k == 0 || hits[order[k - 1]].distance <= hits[order[k]].distance);
        }
        sum += n;
    }
    assert_true(sum > 50);
    ko_features_free(&f);
    indexed_close(&x);
}

/* Whether a keypoint of a view in a variant, asked for, is found as such. */
static bool finds_itself(const indexed *x, size_t view, uint32_t point, unsigned variant)
{
    static ko_codes_hit hits[KO_PART_HITS_MAX];
    static uint16_t order[KO_PART_HITS_MAX];
    ko_descriptor d;
    ko_descriptor_variant(&x->g.view[view]->descriptors[point], variant, &d);
    ko_code code;
    ko_descriptor_code(&d, &code);
    const size_t n = ko_part_cells_search(x->cells, &d, &code, KO_PART_RADIUS, hits, order);
    for (size_t i = 0; i < n && hits[order[i]].distance == 0; i++) {
        const ko_part_entry e = ko_part_cells_entry(x->cells, hits[order[i]].slot);
        if (e.point == x->first_point[view] + point && e.variant == variant)
            return true;
    }
    return false;
}

static void entries_name_keypoint_and_variant(void **state)
{
    (void)state;
    indexed x = {0};
    indexed_open(&x, 2, 1);
    for (uint32_t point = 0; point < 50; point++)
        for (unsigned variant = 0; variant < KO_VARIANTS; variant++)
            assert_true(finds_itself(&x, 1, point, variant));
    indexed_close(&x);
}

/* On its three grounds a work is the same but for its outline. */
static void what_grounds_share_is_kept_once(void **state)
{
    (void)state;
    ko_grey luma = raster_new(300, 300, 255), alpha = raster_new(300, 300, 0);
    draw_shapes(&luma, &alpha, 40, .6, 8);
    indexed x = {.g.n = 1};
    assert_int_equal(ko_part_view_make(&luma, &alpha, &x.g.view[0], NULL), KO_OK);
    const ko_part_view *view = x.g.view[0];
    const uint32_t n = (uint32_t)ko_part_view_keypoints(view), n_first = view->first[1];
    x.first_point[1] = n;
    assert_int_equal(ko_part_cells_build(&view, x.first_point, 1, 1, &x.cells, NULL), KO_OK);
    uint32_t kept_first = 0, kept = 0;
    for (uint32_t point = 0; point < n; point++) {
        const bool itself = finds_itself(&x, 0, point, 0);
        kept += itself;
        kept_first += itself && point < n_first;
    }
    assert_true(kept_first > n_first * .98);
    assert_in_range(kept, n_first + 1, n * 9 / 10);
    ko_part_cells_free(x.cells);
    ko_part_view_free(x.g.view[0]);
    ko_free(luma.px);
    ko_free(alpha.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_find_nearly_what_comparing_all_finds),
        cmocka_unit_test(small_collections_are_searched_as_well),
        cmocka_unit_test(threads_make_no_difference),
        cmocka_unit_test(hits_come_by_distance_and_within_the_radius),
        cmocka_unit_test(entries_name_keypoint_and_variant),
        cmocka_unit_test(what_grounds_share_is_kept_once),
    };
    return cmocka_run_group_tests_name("match part_cells", tests, NULL, NULL);
}
