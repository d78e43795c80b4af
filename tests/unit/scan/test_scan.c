/* The scan: every photo is compared with every work, once, whatever order they come in. */
#include "market.h"

static void finds_the_copies_and_the_prints_and_nothing_else(void **state)
{
    market *m = *state;
    add_works(m, WORKS, 0);
    (void)ingest_all(m);
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(counts.photos_read, 69);
    assert_int_equal(counts.photos_refused, 1);
    assert_int_equal(m->problems.count, 1);
    assert_int_equal(counts.new_candidates, 47);
    ko_buf queue = queue_of(m);
    assert_int_equal(lines(&queue), 47);
    /* names of photos begin with that of the work they show */
    assert_non_null(strstr(queue.data, "Wolf Spirit (night edition)<wolf-"));
    assert_null(strstr(queue.data, "pale moon<"));
    ko_buf_free(&queue);
}

static void a_second_scan_changes_nothing(void **state)
{
    market *m = *state;
    add_some(m);
    ingest_some(m);
    (void)scan_all(m);
    ko_buf before = queue_of(m);
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(counts.photos_read + counts.photos_refused, 0);
    assert_int_equal(counts.pairs_found, 0);
    assert_int_equal(counts.new_candidates, 0);
    ko_buf after = queue_of(m);
    assert_string_equal(after.data, before.data);
    ko_buf_free(&before);
    ko_buf_free(&after);
}

static void a_new_work_is_looked_for_among_old_listings(void **state)
{
    market *m = *state;
    ingest_some(m);
    assert_int_equal(scan_all(m).new_candidates, 0);
    add_works(m, WORKS "/goldfish.png", 0);
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(counts.photos_read, 0);
    assert_true(counts.new_candidates >= 4);
    ko_buf queue = queue_of(m);
    assert_int_equal(lines(&queue), counts.new_candidates);
    ko_buf_free(&queue);
}

static void a_new_view_brings_its_work_back_to_the_first_listing(void **state)
{
    market *m = *state;
    add_works(m, WORKS "/pale moon.png", 0);
    ingest_some(m);
    assert_int_equal(scan_all(m).new_candidates, 0);
    int64_t id = 0;
    assert_int_equal(ko_work_find(m->store, "1", &id, NULL), KO_OK);
    add_works(m, WORKS "/goldfish.png", id);
    assert_true(scan_all(m).new_candidates >= 4);
}

static void works_added_one_by_one_find_what_they_find_together(void **state)
{
    market *m = *state;
    ingest_some(m);
    static const char *const some[] = {"/goldfish.png", "/Geranium.png", "/two-cats.svg"};
    size_t one_by_one = 0;
    for (size_t i = 0; i < 3; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s%s", WORKS, some[i]);
        add_works(m, path, 0);
        one_by_one += scan_all(m).new_candidates;
    }
    ko_buf queue = queue_of(m);
    assert_int_equal(lines(&queue), one_by_one);
    assert_non_null(strstr(queue.data, "goldfish<goldfish-"));
    assert_non_null(strstr(queue.data, "Geranium<geranium-"));
    assert_non_null(strstr(queue.data, "<cats-"));
    ko_buf_free(&queue);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Half of the scores of the queue are above it. */
static double middle_score(market *m)
{
    double scores[SOME_SHOWN];
    size_t n = 0;
    ko_buf queue = queue_of(m);
    for (const char *at = queue.data; (at = strchr(at, ' ')) != NULL && n < SOME_SHOWN; at++) {
        char *end;
        const double score = strtod(at, &end);
        if (*end == '\n')
            scores[n++] = score;
    }
    ko_buf_free(&queue);
    qsort(scores, n, sizeof *scores, by_value);
    return scores[n / 2] + .0005; /* between two that can be told apart */
}

static void the_threshold_is_honoured_and_can_move_both_ways(void **state)
{
    market *m = *state;
    add_some(m);
    ingest_some(m);
    assert_int_equal(scan_all(m).new_candidates, SOME_SHOWN);
    const double middle = middle_score(m);
    assert_int_equal(close_market(state), 0);
    assert_int_equal(open_market(state), 0);
    m = *state;
    add_some(m);
    ingest_some(m);
    assert_int_equal(ko_store_set_threshold(m->store, middle, NULL), KO_OK);
    const size_t strict = scan_all(m).new_candidates;
    assert_true(strict > 0 && strict < SOME_SHOWN);
    assert_int_equal(ko_store_set_threshold(m->store, 6, NULL), KO_OK);
    assert_int_equal(strict + scan_all(m).new_candidates, SOME_SHOWN);
    assert_int_equal(ko_store_set_threshold(m->store, middle, NULL), KO_OK);
    assert_int_equal(scan_all(m).new_candidates, 0);
    ko_buf queue = queue_of(m);
    assert_int_equal(lines(&queue), strict);
    ko_buf_free(&queue);
}

static void any_number_of_threads_finds_the_same(void **state)
{
    market *m = *state;
    add_some(m);
    ingest_some(m);
    ko_scan_counts counts = {0};
    assert_int_equal(ko_scan(m->store, 1, &m->problems, &counts, NULL), KO_OK);
    ko_buf one = queue_of(m);
    market *p = NULL;
    if (open_market((void **)&p) != 0 || !p) {
        fail();
        return;
    }
    add_some(p);
    ingest_some(p);
    assert_int_equal(ko_scan(p->store, 7, &p->problems, &counts, NULL), KO_OK);
    ko_buf seven = queue_of(p);
    assert_string_equal(one.data, seven.data);
    ko_buf_free(&one);
    ko_buf_free(&seven);
    assert_int_equal(close_market((void **)&p), 0);
}

static void ingesting_again_adds_nothing(void **state)
{
    market *m = *state;
    const ko_ingest_counts first = ingest_all(m);
    assert_int_equal(first.new_listings, 70);
    assert_int_equal(first.new_photos, 70);
    const ko_ingest_counts again = ingest_all(m);
    assert_int_equal(again.listings, 70);
    assert_int_equal(again.new_listings, 0);
    assert_int_equal(again.new_photos, 0);
}

int main(void)
{
#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)
    const struct CMUnitTest tests[] = {
        MARKET_TEST(finds_the_copies_and_the_prints_and_nothing_else),
        MARKET_TEST(a_second_scan_changes_nothing),
        MARKET_TEST(a_new_work_is_looked_for_among_old_listings),
        MARKET_TEST(a_new_view_brings_its_work_back_to_the_first_listing),
        MARKET_TEST(works_added_one_by_one_find_what_they_find_together),
        MARKET_TEST(the_threshold_is_honoured_and_can_move_both_ways),
        MARKET_TEST(any_number_of_threads_finds_the_same),
        MARKET_TEST(ingesting_again_adds_nothing),
    };
    return cmocka_run_group_tests_name("scan.scan", tests, NULL, NULL);
}
