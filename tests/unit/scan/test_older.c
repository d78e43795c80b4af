/* A database that an older Knockoff left: nothing is lost, and what it could not find is. */
#include "market.h"

#include <sqlite3.h>

/* The dump of an older schema with its pictures in the given folder, in place of the market's
 * database. */
static void open_older(market *m, int schema, const char *folder)
{
    static const char placeholder[] = "@MARKET@";
    ko_buf dump = KO_BUF(1 << 20), sql = KO_BUF(1 << 20);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/database/schema-%d.sql", KO_FIXTURES, schema);
    assert_int_equal(ko_file_read(path, &dump, NULL), KO_OK);
    for (const char *at = dump.data; *at;) {
        const char *next = strstr(at, placeholder);
        const size_t n = next ? (size_t)(next - at) : strlen(at);
        assert_int_equal(ko_buf_append(&sql, at, n), KO_OK);
        if (next)
            assert_int_equal(ko_buf_text(&sql, folder), KO_OK);
        at += n + (next ? sizeof placeholder - 1 : 0);
    }
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
    open_older(m, 1, KO_FIXTURES "/market");
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
    open_older(m, 1, "/nowhere");
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(m->problems.count, 1); /* the work's; photos are counted */
    assert_int_equal(counts.photos_gone, 2);
    assert_int_equal(counts.new_candidates, 0);
    ko_buf queue = queue_of(m);
    assert_string_equal(queue.data, "goldfish<goldfish-pin.jpg 13.296000\n");
    ko_buf_free(&queue);
}

static ko_status write_listing(void *context, const ko_seen *seen)
{
    const ko_listing *r = &seen->record;
    ko_status st = ko_buf_printf(
        context, "%lld %s %s|%s|%s|%s|%s %lld|%lld..%lld|", (long long)seen->id,
        r->key[0] == '/' ? "(path)" : r->key, r->url, r->title, r->seller, r->price, r->currency,
        (long long)r->amount.low_minor, (long long)seen->first_seen, (long long)seen->last_seen);
    for (size_t i = 0; st == KO_OK && i < r->n_pictures; i++)
        st = ko_buf_printf(context, " %s", ko_path_name(r->pictures[i].path));
    return st == KO_OK ? ko_buf_text(context, "\n") : st;
}

static ko_status write_candidate(void *context, const ko_candidate *c)
{
    return ko_buf_printf(context, "%lld: listing %lld, %zu photos\n", (long long)c->id,
                         (long long)c->listing->id, c->n_photos_matched);
}

/* Two URLs of one listing were two listings to the second schema, each with its candidate. */
static void two_urls_of_one_listing_become_one(void **state)
{
    market *m = *state;
    open_older(m, 2, KO_FIXTURES "/market");
    ko_buf text = KO_BUF(1 << 20);
    assert_int_equal(ko_seen_each(m->store, 0, write_listing, &text, NULL), KO_OK);
    assert_string_equal(text.data,
                        "1 etsy:1234567890 https://www.etsy.com/listing/1234567890|Goldfish Pin|"
                        "PinPalace88|5,20 €|EUR 520|1795311289..1795318489|"
                        " goldfish-mug.jpg goldfish-pin.jpg\n"
                        "2 https://stall.test/p/goldfish-pin https://stall.test/p/goldfish-pin|"
                        "Goldfish Pin gold|Koi & Co|£4,80|GBP 480|1795314889..1795314889|"
                        " goldfish-pin.jpg\n"
                        "4 (path) |||| 0|1795314889..1795314889| cats-clipart.webp\n");
    ko_buf_clear(&text);
    const ko_candidate_filter filter = {0};
    assert_int_equal(ko_candidate_each(m->store, &filter, write_candidate, &text, NULL), KO_OK);
    assert_string_equal(text.data, "1: listing 1, 2 photos\n2: listing 2, 1 photos\n");
    ko_buf_free(&text);
}

int main(void)
{
#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)
    const struct CMUnitTest tests[] = {
        MARKET_TEST(what_was_found_stays_and_prints_are_found_now),
        MARKET_TEST(files_that_are_gone_are_named_and_the_rest_goes_on),
        MARKET_TEST(two_urls_of_one_listing_become_one),
    };
    return cmocka_run_group_tests_name("scan/older", tests, NULL, NULL);
}
