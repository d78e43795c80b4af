/* The lists of codes: nearly what comparing all finds, the same whatever the threads, and
 * exactly that for a collection too small to need lists. */
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

/* The distance of the nearest of all codes. */
static unsigned nearest_of_all(const indexed *x, const ko_code *code)
{
    unsigned best = KO_CODES_BITS;
    for (size_t v = 0; v < x->g.n; v++)
        for (size_t i = 0; i < ko_part_view_keypoints(x->g.view[v]); i++)
            for (unsigned variant = 0; variant < KO_VARIANTS; variant++) {
                ko_descriptor d;
                ko_code c;
                ko_descriptor_variant(&x->g.view[v]->descriptors[i], variant, &d);
                ko_descriptor_code(&d, &c);
                const unsigned now = distance(code, &c);
                best = now < best ? now : best;
            }
    return best;
}

/* Share of the queries with something within 50 bits for which the nearest is found. */
static double recall(const indexed *x)
{
    static ko_codes_hit hits[KO_PART_HITS_MAX];
    ko_features f = ask_features(x);
    size_t asked = 0, found = 0;
    for (size_t i = 0; i < f.n; i++) {
        const unsigned best = nearest_of_all(x, &f.codes[i]);
        ko_codes_harvest h;
        if (best > 50)
            continue;
        ko_part_cells_search(x->cells, &f.descriptors[i], &f.codes[i], hits, &h);
        asked++;
        found += h.at[best] > 0;
    }
    ko_features_free(&f);
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

static void small_collections_are_compared_in_full(void **state)
{
    (void)state;
    indexed x = {0};
    indexed_open(&x, 1, 1);
    assert_true(recall(&x) >= 1);
    indexed_close(&x);
}

static void threads_make_no_difference(void **state)
{
    (void)state;
    static ko_codes_hit hits[2][KO_PART_HITS_MAX];
    indexed one = {0}, three = {0};
    indexed_open(&one, 6, 1);
    indexed_open(&three, 6, 3);
    ko_features f = ask_features(&one);
    assert_true(f.n > 100);
    for (size_t i = 0; i < f.n; i++) {
        ko_codes_harvest a, b;
        ko_part_cells_search(one.cells, &f.descriptors[i], &f.codes[i], hits[0], &a);
        ko_part_cells_search(three.cells, &f.descriptors[i], &f.codes[i], hits[1], &b);
        assert_int_equal(a.n, b.n);
        assert_memory_equal(hits[0], hits[1], a.n * sizeof *hits[0]);
    }
    ko_features_free(&f);
    indexed_close(&one);
    indexed_close(&three);
}

static void entries_name_keypoint_and_variant(void **state)
{
    (void)state;
    static ko_codes_hit hits[KO_PART_HITS_MAX];
    indexed x = {0};
    indexed_open(&x, 2, 1);
    for (uint32_t point = 0; point < 50; point++)
        for (unsigned variant = 0; variant < KO_VARIANTS; variant++) {
            ko_descriptor d;
            ko_code code;
            ko_codes_harvest h;
            ko_descriptor_variant(&x.g.view[1]->descriptors[point], variant, &d);
            ko_descriptor_code(&d, &code);
            ko_part_cells_search(x.cells, &d, &code, hits, &h);
            bool itself = false;
            for (size_t i = 0; i < h.n; i++) {
                const ko_part_entry e = ko_part_cells_entry(x.cells, hits[i].slot);
                itself |= e.point == x.first_point[1] + point && e.variant == variant &&
                          hits[i].distance == 0;
            }
            assert_true(itself);
        }
    indexed_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_find_nearly_what_comparing_all_finds),
        cmocka_unit_test(small_collections_are_compared_in_full),
        cmocka_unit_test(threads_make_no_difference),
        cmocka_unit_test(entries_name_keypoint_and_variant),
    };
    return cmocka_run_group_tests_name("match part_cells", tests, NULL, NULL);
}
