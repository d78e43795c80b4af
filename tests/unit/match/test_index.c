/* The index answers what comparing every pair answers, whichever way it takes. */
#include "base/alloc.h"
#include "match/tables.h"
#include "pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct hits {
    ko_hit *hit;
    size_t n, capacity, calls;
    size_t stop_after; /* calls, then KO_E_STOPPED */
} hits;

static ko_status take(void *context, const ko_hit *hit, size_t n)
{
    hits *h = context;
    assert_true(n > 0);
    if (++h->calls == h->stop_after)
        return KO_E_STOPPED;
    for (size_t k = 0; k < n; k++) {
        if (h->n == h->capacity) {
            h->capacity = h->capacity ? 2 * h->capacity : 64;
            h->hit = realloc(h->hit, h->capacity * sizeof *h->hit);
            assert_non_null(h->hit);
        }
        h->hit[h->n++] = hit[k];
    }
    return KO_OK;
}

static void assert_finds_all(const ko_index *index, const ko_fp *rows, size_t n,
                             const ko_fp *queries, size_t n_queries, unsigned radius)
{
    hits h = {0};
    ko_error err = {0};
    assert_int_equal(ko_index_search(index, queries, n_queries, radius, take, &h, &err), KO_OK);
    size_t k = 0;
    for (size_t q = 0; q < n_queries; q++)
        for (size_t r = 0; r < n; r++) {
            const unsigned distance = plain_distance(&queries[q], &rows[r]);
            if (distance > radius)
                continue;
            assert_true(k < h.n);
            assert_int_equal(h.hit[k].query, q);
            assert_int_equal(h.hit[k].row, r);
            assert_int_equal(h.hit[k].distance, distance);
            k++;
        }
    assert_int_equal(h.n, k);
    free(h.hit);
}

static ko_index *build(const ko_fp *rows, size_t n)
{
    ko_index *index = NULL;
    ko_error err = {0};
    assert_int_equal(ko_index_build(rows, n, &index, &err), KO_OK);
    assert_int_equal(ko_index_count(index), n);
    return index;
}

/* n rows by chance, of which every tenth lies 0..69 bits from some query. */
static ko_fp *rows_near(const ko_fp *queries, size_t n_queries, size_t n)
{
    ko_fp *rows = random_fps(n);
    for (size_t r = 0; r < n; r += 10)
        rows[r] = fp_at(queries[r % n_queries], (unsigned)(r / 10 % 70));
    return rows;
}

static void scan_finds_all(void **unused)
{
    (void)unused;
    enum { QUERIES = 300, ROWS = 1100 };
    ko_fp *queries = random_fps(QUERIES);
    ko_fp *rows = rows_near(queries, QUERIES, ROWS);
    ko_index *index = build(rows, ROWS);
    static const unsigned radii[] = {0, 1, 31, 46, 66, 110, 256};
    for (size_t i = 0; i < sizeof radii / sizeof *radii; i++) {
        assert_finds_all(index, rows, ROWS, queries, QUERIES, radii[i]);
        assert_finds_all(index, rows, ROWS, queries, 1, radii[i]);
    }
    ko_index_free(index);
    free(rows);
    free(queries);
}

static void nothing_is_found_in_nothing(void **unused)
{
    (void)unused;
    const ko_fp query = random_fp();
    ko_index *index = build(NULL, 0);
    assert_int_equal(ko_index_prepare(index, NULL), KO_OK);
    assert_finds_all(index, NULL, 0, &query, 1, 256);
    assert_finds_all(index, NULL, 0, NULL, 0, 256);
    ko_index_free(index);
}

static void lookup_finds_all(void **unused)
{
    (void)unused;
    enum { QUERIES = 12, ROWS = 5000, ROOM = 20000 };
    ko_fp *queries = random_fps(QUERIES);
    ko_fp *rows = rows_near(queries, QUERIES, ROWS);
    ko_hamming_hit *found = malloc(ROOM * sizeof *found);
    assert_non_null(found);
    for (unsigned n_tables = 12; n_tables <= 16; n_tables += 4) {
        ko_tables *tables = NULL;
        assert_int_equal(ko_tables_build(rows, ROWS, n_tables, &tables, NULL), KO_OK);
        for (unsigned radius = 0; radius <= 40; radius++) {
            const ko_tables_plan plan = ko_tables_plan_for(tables, radius);
            for (size_t q = 0; q < QUERIES; q++) {
                size_t n = 0, k = 0;
                assert_true(
                    ko_tables_find(tables, &plan, &queries[q], radius, SIZE_MAX, found, ROOM, &n));
                for (uint32_t r = 0; r < ROWS; r++) {
                    const unsigned distance = plain_distance(&queries[q], &rows[r]);
                    if (distance > radius)
                        continue;
                    assert_true(k < n);
                    assert_int_equal(found[k].row, r);
                    assert_int_equal(found[k].distance, distance);
                    k++;
                }
                assert_int_equal(n, k);
            }
        }
        ko_tables_free(tables);
    }
    free(found);
    free(rows);
    free(queries);
}

/* A large index, where a lookup pays, and a crowd of equal rows, where it does not. */
static void prepared_index_finds_all(void **unused)
{
    (void)unused;
    enum { QUERIES = 9, ROWS = 150000, CROWD = 40000 };
    ko_fp *queries = random_fps(QUERIES);
    ko_fp *rows = rows_near(queries, QUERIES, ROWS);
    for (size_t r = 0; r < CROWD; r++)
        rows[3 * r] = queries[8];
    ko_index *index = build(rows, ROWS);
    const size_t bytes = ko_index_bytes(index);
    assert_true(bytes >= ROWS * sizeof(ko_fp));
    assert_int_equal(ko_index_prepare(index, NULL), KO_OK);
    assert_int_equal(ko_index_prepare(index, NULL), KO_OK);
    assert_true(ko_index_bytes(index) > bytes);
    assert_finds_all(index, rows, ROWS, queries, QUERIES, 12);
    assert_finds_all(index, rows, ROWS, queries, 1, 31);
    assert_finds_all(index, rows, ROWS, queries + 8, 1, 3);
    ko_index_free(index);
    free(rows);
    free(queries);
}

/* More hits than are kept at once, from one query and from many. */
static void crowds_are_handed_on_in_order(void **unused)
{
    (void)unused;
    enum { QUERIES = 5, ROWS = 40000 };
    ko_fp *rows = random_fps(ROWS);
    for (size_t r = 0; r < ROWS; r++)
        rows[r] = fp_at(rows[0], (unsigned)(r % 3));
    ko_index *index = build(rows, ROWS);
    const ko_fp queries[QUERIES] = {rows[0], random_fp(), rows[0], rows[0], rows[1]};
    assert_finds_all(index, rows, ROWS, queries, 1, 1);
    assert_finds_all(index, rows, ROWS, queries, QUERIES, 1);
    ko_index_free(index);
    free(rows);
}

static void the_receiver_can_end_the_search(void **unused)
{
    (void)unused;
    enum { QUERIES = 600, ROWS = 2000 };
    ko_fp *rows = random_fps(ROWS);
    ko_index *index = build(rows, ROWS);
    hits h = {.stop_after = 2};
    assert_int_equal(ko_index_search(index, rows, QUERIES, 0, take, &h, NULL), KO_E_STOPPED);
    assert_int_equal(h.calls, 2);
    assert_int_equal(h.n, 256); /* the first batch found itself, and no more was asked */
    free(h.hit);
    ko_index_free(index);
    free(rows);
}

static void too_many_rows_are_refused(void **unused)
{
    (void)unused;
    ko_index *index = NULL;
    ko_error err = {0};
    const ko_fp fp = random_fp();
    assert_int_equal(ko_index_build(&fp, (size_t)UINT32_MAX + 1, &index, &err), KO_E_LIMIT);
    assert_string_equal(err.text, "index of 4294967296 fingerprints, limit 4294967295");
    assert_null(index);
}

static ko_status build_and_search(const ko_fp *rows, size_t n, ko_index **out_index)
{
    ko_index *index = NULL;
    ko_status st = ko_index_build(rows, n, &index, NULL);
    if (st == KO_OK)
        st = ko_index_prepare(index, NULL);
    hits h = {0};
    if (st == KO_OK)
        st = ko_index_search(index, rows, 1, 0, take, &h, NULL);
    if (st == KO_OK)
        assert_int_equal(h.n, 1);
    free(h.hit);
    if (st == KO_OK)
        *out_index = index;
    else
        ko_index_free(index);
    return st;
}

static void no_memory_is_survived(void **unused)
{
    (void)unused;
    const ko_fp rows[3] = {random_fp(), random_fp(), random_fp()};
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth++) {
            const long before = ko_alloc_live();
            ko_index *index = NULL;
            ko_alloc_fault(nth, sticky);
            const ko_status st = build_and_search(rows, 3, &index);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            ko_index_free(index);
            assert_int_equal(ko_alloc_live(), before);
            if (!fired) {
                assert_int_equal(st, KO_OK);
                break;
            }
            assert_int_equal(st, KO_E_NOMEM);
            assert_null(index);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_finds_all),
        cmocka_unit_test(nothing_is_found_in_nothing),
        cmocka_unit_test(lookup_finds_all),
        cmocka_unit_test(prepared_index_finds_all),
        cmocka_unit_test(crowds_are_handed_on_in_order),
        cmocka_unit_test(the_receiver_can_end_the_search),
        cmocka_unit_test(too_many_rows_are_refused),
        cmocka_unit_test(no_memory_is_survived),
    };
    return cmocka_run_group_tests_name("match index", tests, NULL, NULL);
}
