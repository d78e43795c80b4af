/* A database that an older Knockoff left: nothing is lost, and what it could not find is. */
#include "market.h"

#include <sqlite3.h>

/* The dump of the first schema with its pictures in the given folder, in place of the
 * market's database. */
static void open_older(market *m, const char *folder)
{
    static const char placeholder[] = "@MARKET@";
    ko_buf dump = KO_BUF(1 << 20), sql = KO_BUF(1 << 20);
    assert_int_equal(ko_file_read(KO_FIXTURES "/database/schema-1.sql", &dump, NULL), KO_OK);
    for (const char *at = dump.data; *at;) {
        const char *next = strstr(at, placeholder);
        const size_t n = next ? (size_t)(next - at) : strlen(at);
        assert_int_equal(ko_buf_append(&sql, at, n), KO_OK);
        if (next)
            assert_int_equal(ko_buf_text(&sql, folder), KO_OK);
        at += n + (next ? sizeof placeholder - 1 : 0);
    }
    char path[96];
    (void)snprintf(path, sizeof path, "%s/older.db", m->folder);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql.data, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    ko_buf_free(&dump);
    ko_buf_free(&sql);
    ko_store_close(m->store);
    m->store = NULL;
    assert_int_equal(ko_store_open(path, KO_STORE_OPEN, &m->store, NULL), KO_OK);
}

static ko_status number(void *context, const ko_candidate *c)
{
    int64_t *of_goldfish_pin = context;
    if (strstr(c->photo->path, "goldfish-pin"))
        *of_goldfish_pin = c->id;
    return KO_OK;
}

static void what_was_found_stays_and_prints_are_found_now(void **state)
{
    market *m = *state;
    open_older(m, KO_FIXTURES "/market");
    ko_buf before = queue_of(m);
    assert_string_equal(before.data, "goldfish<goldfish-pin.jpg 13.296000\n");
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(m->problems.count, 0);
    assert_int_equal(counts.photos_read + counts.photos_gone, 0);
    assert_int_equal(counts.new_candidates, 1);
    ko_buf after = queue_of(m);
    assert_non_null(strstr(after.data, "goldfish<goldfish-mug.jpg"));
    int64_t id = 0;
    const ko_candidate_filter all = {.all = true};
    assert_int_equal(ko_candidate_each(m->store, &all, number, &id, NULL), KO_OK);
    assert_int_equal(id, 1);
    assert_int_equal(scan_all(m).pairs_found, 0);
    ko_buf_free(&before);
    ko_buf_free(&after);
}

static void files_that_are_gone_are_named_and_the_rest_goes_on(void **state)
{
    market *m = *state;
    open_older(m, "/nowhere");
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(m->problems.count, 1); /* the work's; photos are counted */
    assert_int_equal(counts.photos_gone, 2);
    assert_int_equal(counts.new_candidates, 0);
    ko_buf queue = queue_of(m);
    assert_string_equal(queue.data, "goldfish<goldfish-pin.jpg 13.296000\n");
    ko_buf_free(&queue);
}

int main(void)
{
#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)
    const struct CMUnitTest tests[] = {
        MARKET_TEST(what_was_found_stays_and_prints_are_found_now),
        MARKET_TEST(files_that_are_gone_are_named_and_the_rest_goes_on),
    };
    return cmocka_run_group_tests_name("scan/older", tests, NULL, NULL);
}
