/* Which sources are run by themselves, and when the next ones are. */
#include "crawl/due.h"

#include "site.h"

#define NOW 1800000000

static int64_t add_run(bench *b, const char *name, int64_t every_s, const ko_source *after)
{
    char url[64];
    int64_t id = 0;
    (void)snprintf(url, sizeof url, "https://%s.example/", name);
    ko_source source = {
        .name = name, .url = url, .kind = "", .every_s = every_s, .last_result = ""};
    assert_int_equal(ko_source_add(b->store, &source, &id, NULL), KO_OK);
    source = *after;
    source.id = id;
    source.kind = "";
    source.every_s = every_s;
    if (!source.last_result)
        source.last_result = "";
    assert_int_equal(ko_source_update(b->store, &source, NULL), KO_OK);
    return id;
}

/* Gives the source one request that is open and may be asked from that moment on. */
static void put_off(bench *b, int64_t source, int64_t not_before)
{
    char sql[160];
    bool fresh;
    assert_int_equal(
        ko_request_add(b->store, source, "https://x.example/1", KO_REQUEST_PAGE, &fresh, NULL),
        KO_OK);
    (void)snprintf(sql, sizeof sql, "UPDATE request SET not_before = %lld WHERE source_id = %lld",
                   (long long)not_before, (long long)source);
    assert_int_equal(sqlite3_exec(b->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void assert_due(bench *b, size_t n, int64_t begin_at, int64_t resume_at)
{
    ko_due_sources due;
    assert_int_equal(ko_due_find(b->store, NOW, &due, NULL), KO_OK);
    assert_int_equal(due.n, n);
    assert_int_equal(due.begin_at, begin_at);
    assert_int_equal(due.resume_at, resume_at);
    ko_due_free(&due);
}

static void sources_begin_anew_when_their_interval_is_over(void **state)
{
    bench *b = *state;
    assert_due(b, 0, 0, 0);
    (void)add_run(b, "told", 0, &(ko_source){.last_run = NOW - 86400});
    assert_due(b, 0, 0, 0);
    (void)add_run(b, "soon", 3600, &(ko_source){.last_run = NOW - 3000});
    assert_due(b, 0, NOW + 600, 0);
    (void)add_run(b, "over", 3600, &(ko_source){.last_run = NOW - 3600});
    assert_due(b, 1, NOW, 0);
    (void)add_run(b, "new", 0, &(ko_source){0});
    assert_due(b, 2, NOW, 0);
    /* By a clock that was wrong, or is set right by some seconds. */
    (void)add_run(b, "wrong", 3600, &(ko_source){.last_run = NOW + 86400});
    (void)add_run(b, "set", 3600, &(ko_source){.last_run = NOW + 30});
    assert_due(b, 3, NOW, 0);
}

static void what_was_put_off_is_gone_on_with_at_its_time(void **state)
{
    bench *b = *state;
    const ko_source running = {.last_run = NOW - 60, .running = true};
    put_off(b, add_run(b, "waits", 0, &running), NOW + 900);
    assert_due(b, 0, 0, NOW + 900);
    put_off(b, add_run(b, "goes-on", 0, &running), 0);
    assert_due(b, 1, 0, NOW);
}

static void a_source_that_was_refused_is_tried_again_but_not_as_a_new_one(void **state)
{
    bench *b = *state;
    (void)add_run(b, "no-key", 3600, &(ko_source){.last_result = "no key"});
    assert_due(b, 1, 0, NOW);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sources_begin_anew_when_their_interval_is_over),
        TEST(what_was_put_off_is_gone_on_with_at_its_time),
        TEST(a_source_that_was_refused_is_tried_again_but_not_as_a_new_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
