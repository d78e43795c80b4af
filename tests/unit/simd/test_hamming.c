/* Every level of the Hamming kernels against the scalar one, whose answer is checked
 * against counting bits one at a time. */
#include "base/alloc.h"
#include "simd/simd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CANARY 0xA5

/* Where the second of two fingerprints lies, seen from the first. */
typedef enum fill { RANDOM, EQUAL, OPPOSITE, AT_RADIUS, FILLS } fill;

static uint64_t state = 1;

static uint64_t random_word(void) /* splitmix64 */
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Flips n (at most 256) different bits: a run of them, its start by chance, of steps that
 * reach every bit. */
static void flip_bits(uint64_t *fp, unsigned n)
{
    unsigned bit = (unsigned)(random_word() % KO_HAMMING_SLICES);
    const unsigned step = (unsigned)(random_word() % (KO_HAMMING_SLICES / 2)) * 2 + 1;
    for (unsigned k = 0; k < n && k < KO_HAMMING_SLICES; k++, bit += step)
        fp[bit / 64 % 4] ^= UINT64_C(1) << bit % 64;
}

/* Rows in blocks of exactly their size, so that reading past them is seen. */
typedef struct fixture {
    uint64_t *rows, *queries;
    ko_hamming_slices *blocks;
    ko_hamming_rows view;
    size_t n_queries;
} fixture;

static fixture make(size_t n, size_t n_queries, fill how, unsigned radius)
{
    fixture f = {.n_queries = n_queries};
    f.rows = malloc(n * 32 + (n == 0));
    f.queries = malloc(n_queries * 32);
    f.blocks = ko_alloc_array(ko_hamming_blocks(n), sizeof *f.blocks);
    assert_non_null(f.rows);
    assert_non_null(f.queries);
    assert_non_null(f.blocks);
    for (size_t i = 0; i < 4 * n_queries; i++)
        f.queries[i] = how == RANDOM || i < 4 ? random_word() : f.queries[i % 4];
    for (size_t r = 0; r < n; r++) {
        for (size_t i = 0; i < 4; i++)
            f.rows[4 * r + i] = how == RANDOM     ? random_word()
                                : how == OPPOSITE ? ~f.queries[i]
                                                  : f.queries[i];
        if (how == AT_RADIUS) /* a bit less, just within, and just outside */
            flip_bits(f.rows + 4 * r, radius + (unsigned)(r % 3) - (radius ? 1 : 0));
    }
    for (size_t first = 0; first < n; first += KO_HAMMING_BLOCK)
        ko_hamming_slice(f.rows + 4 * first,
                         n - first < KO_HAMMING_BLOCK ? n - first : KO_HAMMING_BLOCK,
                         &f.blocks[first / KO_HAMMING_BLOCK]);
    f.view = (ko_hamming_rows){.rows = f.rows, .blocks = f.blocks, .n = n};
    return f;
}

static void drop(fixture *f)
{
    free(f->rows);
    free(f->queries);
    ko_free(f->blocks);
}

/* By query; the kernel's own order within one must be that of rows already. */
static void sort_by_query(const ko_hamming_hit *hits, size_t n, size_t n_queries,
                          ko_hamming_hit *out)
{
    size_t k = 0;
    for (size_t q = 0; q < n_queries; q++)
        for (size_t i = 0; i < n; i++)
            if (hits[i].query == q)
                out[k++] = hits[i];
    assert_int_equal(k, n);
}

/* All hits, through an output block of the given capacity with a canary behind it. */
static ko_hamming_hit *scan_all(const ko_simd *simd, const fixture *f, unsigned radius,
                                size_t capacity, size_t *out_n)
{
    const size_t most = f->view.n * f->n_queries;
    ko_hamming_hit *all = malloc((most + 1) * sizeof *all);
    ko_hamming_hit *sorted = malloc((most + 1) * sizeof *sorted);
    unsigned char *raw = malloc(capacity * sizeof *all + 8);
    assert_non_null(all);
    assert_non_null(sorted);
    assert_non_null(raw);
    memset(raw + capacity * sizeof *all, CANARY, 8);
    size_t total = 0;
    ko_hamming_cursor cursor = {0, 0};
    while (cursor.row < f->view.n) {
        const ko_hamming_cursor before = cursor;
        const size_t n = simd->hamming_scan(&f->view, &cursor, f->queries, f->n_queries, radius,
                                            (ko_hamming_hit *)(void *)raw, capacity);
        assert_true(cursor.row > before.row ||
                    (cursor.row == before.row && cursor.query > before.query));
        assert_true(n <= capacity && total + n <= most);
        memcpy(all + total, raw, n * sizeof *all);
        total += n;
    }
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(raw[capacity * sizeof *all + i], CANARY);
    sort_by_query(all, total, f->n_queries, sorted);
    free(raw);
    free(all);
    *out_n = total;
    return sorted;
}

static void assert_scan_agrees(const fixture *f, unsigned radius, size_t capacity)
{
    size_t expected_n;
    ko_hamming_hit *expected =
        scan_all(ko_simd_at(KO_SIMD_SCALAR), f, radius, (size_t)2 * KO_HAMMING_ROOM, &expected_n);
    for (int level = KO_SIMD_SCALAR + 1; level < KO_SIMD_LEVELS; level++) {
        const ko_simd *simd = ko_simd_at((ko_simd_level)level);
        if (!simd)
            continue;
        size_t n;
        ko_hamming_hit *hits = scan_all(simd, f, radius, capacity, &n);
        assert_int_equal(n, expected_n);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(hits[k].row, expected[k].row);
            assert_int_equal(hits[k].query, expected[k].query);
            assert_int_equal(hits[k].distance, expected[k].distance);
        }
        free(hits);
    }
    free(expected);
}

static void scalar_counts_bits(void **unused)
{
    (void)unused;
    fixture f = make(40, 5, RANDOM, 0);
    size_t n;
    ko_hamming_hit *hits = scan_all(ko_simd_at(KO_SIMD_SCALAR), &f, 256, KO_HAMMING_ROOM, &n);
    assert_int_equal(n, 40 * 5);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(hits[k].query, k / 40);
        assert_int_equal(hits[k].row, k % 40);
        unsigned differing = 0;
        for (unsigned bit = 0; bit < 256; bit++)
            differing += (f.rows[4 * (k % 40) + bit / 64] >> bit % 64 & 1) !=
                         (f.queries[4 * (k / 40) + bit / 64] >> bit % 64 & 1);
        assert_int_equal(hits[k].distance, differing);
    }
    free(hits);
    drop(&f);
}

static void slices_hold_every_bit(void **unused)
{
    (void)unused;
    enum { N = 500 };
    fixture f = make(N, 1, RANDOM, 0);
    for (size_t r = 0; r < KO_HAMMING_BLOCK; r++)
        for (size_t g = 0; g < 64; g++)
            for (size_t i = 0; i < 4; i++) {
                const uint64_t sliced = f.blocks[0].bits[4 * g + i][r / 64] >> r % 64 & 1;
                assert_int_equal(sliced, r < N ? f.rows[4 * r + i] >> g & 1 : 0);
            }
    drop(&f);
}

static void scan_agrees_at_small_sizes(void **unused)
{
    (void)unused;
    static const unsigned radii[] = {0, 31, 46};
    for (size_t n = 0; n < 70; n++)
        for (int how = RANDOM; how < FILLS; how++)
            for (size_t i = 0; i < sizeof radii / sizeof *radii; i++) {
                fixture f = make(n, 1 + n % 17, (fill)how, radii[i]);
                assert_scan_agrees(&f, radii[i], KO_HAMMING_ROOM);
                drop(&f);
            }
}

/* Each radius that changes how many digits are counted, or how many signs. */
static void scan_agrees_at_every_radius(void **unused)
{
    (void)unused;
    for (unsigned radius = 0; radius <= 256; radius += radius < 140 ? 1 : 29) {
        fixture few = make(300, 3, AT_RADIUS, radius);
        assert_scan_agrees(&few, radius, (size_t)2 * KO_HAMMING_ROOM);
        drop(&few);
        fixture many = make(300, 20, AT_RADIUS, radius);
        assert_scan_agrees(&many, radius, (size_t)2 * KO_HAMMING_ROOM);
        drop(&many);
    }
}

static void scan_agrees_across_blocks(void **unused)
{
    (void)unused;
    static const size_t sizes[] = {255, 256, 257, 511, 512, 513, 1300, 4700};
    static const size_t counts[] = {1, 5, 6, 48, 49};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
            for (int how = RANDOM; how < FILLS; how += AT_RADIUS) {
                fixture f = make(sizes[i], counts[j], (fill)how, 40);
                assert_scan_agrees(&f, 40, (size_t)3 * KO_HAMMING_ROOM);
                drop(&f);
            }
    fixture full = make(600, KO_HAMMING_QUERIES, RANDOM, 0);
    assert_scan_agrees(&full, 112, KO_HAMMING_ROOM);
    drop(&full);
}

static void pick_agrees(void **unused)
{
    (void)unused;
    for (size_t n = 0; n < 70; n++) {
        fixture f = make(100, 1, AT_RADIUS, 30);
        uint32_t *ids = malloc(n * sizeof *ids + (n == 0));
        assert_non_null(ids);
        for (size_t k = 0; k < n; k++)
            ids[k] = (uint32_t)(random_word() % 100);
        for (int level = KO_SIMD_SCALAR; level < KO_SIMD_LEVELS; level++) {
            const ko_simd *simd = ko_simd_at((ko_simd_level)level);
            if (!simd)
                continue;
            ko_hamming_hit hits[71];
            memset(hits, CANARY, sizeof hits);
            const size_t found = simd->hamming_pick(f.rows, ids, n, f.queries, 30, hits);
            size_t k = 0;
            for (size_t i = 0; i < n; i++)
                if (ids[i] % 3 < 2) { /* rows lie at 29, 30 and 31 bits in turn */
                    assert_true(k < found);
                    assert_int_equal(hits[k].row, ids[i]);
                    assert_int_equal(hits[k].distance, 29 + ids[i] % 3);
                    k++;
                }
            assert_int_equal(k, found);
            ko_hamming_hit untouched;
            memset(&untouched, CANARY, sizeof untouched);
            assert_memory_equal(&hits[n], &untouched, sizeof untouched);
        }
        free(ids);
        drop(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalar_counts_bits),         cmocka_unit_test(slices_hold_every_bit),
        cmocka_unit_test(scan_agrees_at_small_sizes), cmocka_unit_test(scan_agrees_at_every_radius),
        cmocka_unit_test(scan_agrees_across_blocks),  cmocka_unit_test(pick_agrees),
    };
    return cmocka_run_group_tests_name("simd hamming", tests, NULL, NULL);
}
