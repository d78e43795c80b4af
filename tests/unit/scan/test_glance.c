/* New works among photos seen before, without their files. */
#include "market.h"

#include "scan/catalogue.h"
#include "scan/glance.h"

static ko_status add_last(void *context, const ko_photo *photo)
{
    int64_t *last = context;
    *last = photo->id;
    return KO_OK;
}

static int64_t last_photo(market *m)
{
    int64_t last = 0;
    assert_int_equal(ko_photo_each(m->store, 0, INT64_MAX, 99, add_last, &last, NULL), KO_OK);
    return last;
}

/* The candidates that a glance finds. */
static size_t glance(market *m)
{
    ko_catalogue catalogue = {0};
    size_t pairs = 0, candidates = 0;
    assert_int_equal(ko_catalogue_load(m->store, 2, &m->problems, &catalogue, NULL), KO_OK);
    assert_int_equal(ko_glance(m->store, &catalogue, 2, last_photo(m), &pairs, &candidates, NULL),
                     KO_OK);
    ko_catalogue_free(&catalogue);
    return candidates;
}

static void copies_are_found_at_once_and_all_else_by_the_scan(void **state)
{
    market *m = *state;
    ingest_some(m);
    (void)scan_all(m);
    assert_int_equal(glance(m), 0);
    add_some(m);
    const size_t at_once = glance(m);
    assert_true(at_once > 0 && at_once < SOME_SHOWN);
    ko_buf first = queue_of(m);
    assert_null(strstr(first.data, "mug")); /* printed on something */
    assert_int_equal(glance(m), 0);         /* known by now */
    assert_int_equal(scan_all(m).new_candidates, SOME_SHOWN - at_once);
    assert_int_equal(glance(m), 0); /* no work is behind */
    ko_buf_free(&first);
}

static void the_scan_leaves_the_same_with_and_without(void **state)
{
    market *m = *state;
    add_some(m);
    ingest_some(m);
    (void)scan_all(m);
    ko_buf without = queue_of(m);
    assert_int_equal(close_market(state), 0);
    assert_int_equal(open_market(state), 0);
    m = *state;
    ingest_some(m);
    (void)scan_all(m);
    add_some(m);
    (void)glance(m);
    (void)scan_all(m);
    ko_buf with = queue_of(m);
    assert_int_equal(lines(&with), lines(&without));
    for (const char *at = with.data; *at; at = strchr(at, '\n') + 1) {
        char line[256];
        (void)snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        if (!strstr(without.data, line))
            fail_msg("only after a glance: %s", line);
    }
    ko_buf_free(&with);
    ko_buf_free(&without);
}

int main(void)
{
#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)
    const struct CMUnitTest tests[] = {
        MARKET_TEST(copies_are_found_at_once_and_all_else_by_the_scan),
        MARKET_TEST(the_scan_leaves_the_same_with_and_without),
    };
    return cmocka_run_group_tests_name("scan.glance", tests, NULL, NULL);
}
