/* A watch through hours, failures, kills and clocks that jump. Nothing here waits. */
#include "bench.h"

#include "crawl/crawl.h"
#include "server/server.h"
#include "watch/lock.h"

#define ALL "+0 crawl\n+0 scan\n+0 recheck\n+0 notify\n+0 keep\n"

static void all_is_done_once_and_then_by_its_interval(void **state)
{
    bench *b = *state;
    bench_once(b);
    assert_string_equal(b->said, ALL);
    bench_once(b); /* nothing is due any more */
    assert_string_equal(b->said, "");
    bench_until(b, 2 * 86400);
    assert_int_equal(bench_times(b, "crawl"), 47);
    assert_int_equal(bench_times(b, "notify"), 47);
    assert_int_equal(bench_times(b, "keep"), 1);
    assert_null(strstr(b->said, "failed"));
    assert_int_equal(bench_number(b, "SELECT count(*) FROM run WHERE ended_at IS NULL"), 0);
}

static void what_was_missed_is_done_once(void **state)
{
    bench *b = *state;
    bench_once(b);
    bench_now += 30 * 86400;
    bench_once(b);
    assert_int_equal(bench_times(b, ""), 5);
}

static void set_back(bench *b)
{
    if (b->n_waited != 3)
        return;
    bench_now -= 365 * 86400;
    b->until = 2 * 3600;
}

/* In the middle of a wait, and while no watch runs. */
static void a_clock_that_is_set_back_delays_nothing(void **state)
{
    bench *b = *state;
    b->meanwhile = set_back;
    bench_now += 365 * 86400;
    bench_until(b, 366 * 86400);
    assert_int_equal(bench_times(b, "scan"), 2); /* at first, and an hour after the clock was set */
    assert_int_equal(b->waited[3], 180);
    bench_now -= 90 * 86400;
    b->meanwhile = NULL;
    bench_until(b, 3 * 3600 + 1 - 90 * 86400);
    assert_int_equal(bench_times(b, "crawl"), 1);
}

static void a_run_that_was_cut_off_is_told_and_taken_up(void **state)
{
    bench *b = *state;
    int64_t run;
    bench_once(b);
    bench_now += 3600;
    assert_int_equal(ko_run_begin(b->store, "scan", bench_now, &run, NULL), KO_OK);
    bench_once(b);
    assert_int_equal(bench_times(b, "scan"), 1);
    assert_int_equal(bench_number(b, "SELECT failed FROM job WHERE name = 'scan'"), 1);
    assert_int_equal(bench_number(b, "SELECT count(*) FROM run WHERE job = 'scan' AND failed AND"
                                     " result = 'cut off before its end'"),
                     1);
    assert_int_equal(bench_number(b, "SELECT failures FROM job WHERE name = 'scan'"), 0);
}

static void a_job_that_fails_waits_and_the_others_go_on(void **state)
{
    static const char *const bad[] = {"not a host"};
    bench *b = *state;
    b->net.allow_hosts = bad; /* no net can be opened */
    b->net.n_allow_hosts = 1;
    bench_once(b);
    assert_int_equal(bench_times(b, "crawl failed"), 1);
    assert_int_equal(bench_times(b, "scan\n"), 1);
    bench_until(b, 3599);
    /* after 5, 15 and 35 minutes */
    assert_int_equal(bench_times(b, "crawl failed"), 3);
    assert_non_null(strstr(b->said, "+300 crawl failed"));
    assert_non_null(strstr(b->said, "+900 crawl failed"));
    assert_non_null(strstr(b->said, "+2100 crawl failed"));
    assert_int_equal(bench_number(b, "SELECT failures FROM job WHERE name = 'crawl'"), 4);
    b->net.n_allow_hosts = 0;
    bench_now += 86400;
    bench_once(b);
    assert_int_equal(bench_times(b, "crawl\n"), 1);
    assert_int_equal(bench_number(b, "SELECT failures FROM job WHERE name = 'crawl'"), 0);
}

static void mend_disk(bench *b)
{
    if (b->n_waited == 2)
        bench_execute(b, "PRAGMA query_only = OFF");
}

static void a_database_that_cannot_be_written_is_waited_for(void **state)
{
    bench *b = *state;
    bench_execute(b, "PRAGMA query_only = ON");
    b->meanwhile = mend_disk;
    bench_until(b, 1000);
    assert_int_equal(bench_times(b, "database failed"), 2);
    assert_int_equal(b->waited[0], 60);
    assert_int_equal(b->waited[1], 180);
    assert_non_null(strstr(b->said, "+180 crawl\n+180 scan\n"));
    bench_execute(b, "PRAGMA query_only = ON"); /* nobody would be there to wait with --once */
    ko_error err = {0};
    assert_int_equal(bench_watch(b, true, &err), KO_E_IO);
    bench_execute(b, "PRAGMA query_only = OFF");
}

static void one_watch_runs_for_a_database(void **state)
{
    bench *b = *state;
    ko_error err = {0};
    ko_watcher watcher;
    char text[256];
    int lock;
    assert_false(ko_watch_is_running(b->database, &watcher));
    assert_int_equal(ko_watch_lock(b->database, &lock, NULL), KO_OK);
    assert_true(ko_watch_is_running(b->database, &watcher));
    assert_int_equal(watcher.pid, getpid());
    assert_int_equal(watcher.since, BEGIN);
    assert_int_equal(bench_watch(b, true, &err), KO_E_BUSY);
    (void)snprintf(text, sizeof text, "%s: another watch is running (process %d)", b->database,
                   (int)getpid());
    assert_string_equal(err.text, text);
    (void)close(lock);
    assert_false(ko_watch_is_running(b->database, &watcher));
    bench_once(b);
    assert_false(ko_watch_is_running(b->database, &watcher));
}

static int crawl_lock;

static void end_crawl(bench *b)
{
    if (b->n_waited == 3)
        (void)close(crawl_lock);
}

static void a_crawl_of_a_person_is_left_to_end(void **state)
{
    bench *b = *state;
    assert_int_equal(ko_crawl_lock(b->archive, &crawl_lock, NULL), KO_OK);
    b->meanwhile = end_crawl;
    bench_until(b, 1000);
    assert_string_equal(b->said, "+0 scan\n+0 notify\n+0 keep\n+180 crawl\n+180 recheck\n");
}

/* --- sources --- */

static const char shop_page[] = "<html><head><title>Owls</title></head><body>"
                                "<a href='/a'>a</a></body></html>";

static bool on_request(void *context, const test_request *request)
{
    (void)context;
    if (strcmp(request->target, "/robots.txt") == 0)
        return test_answer_text(request, 404, "", "");
    bench_now += 2000; /* a large shop: the turn is over */
    return test_answer_text(request, 200, "Content-Type: text/html\r\n", shop_page);
}

static int64_t add_source(ko_store *store, const char *url, int64_t every_s)
{
    int64_t id = 0;
    const ko_source source = {.name = "",
                              .url = url,
                              .kind = "",
                              .every_s = every_s,
                              .added_at = bench_now,
                              .last_result = ""};
    assert_int_equal(ko_source_add(store, &source, &id, NULL), KO_OK);
    return id;
}

static void add_elsewhere(bench *b)
{
    ko_store *other = NULL;
    if (b->n_waited != 2)
        return;
    assert_int_equal(ko_store_open(b->database, KO_STORE_OPEN, &other, NULL), KO_OK);
    (void)add_source(other, "/no/such/list.csv", 600);
    ko_store_close(other);
}

static void a_source_that_is_added_meanwhile_is_run_and_then_by_its_interval(void **state)
{
    bench *b = *state;
    b->meanwhile = add_elsewhere;
    bench_until(b, 1800);
    assert_string_equal(strstr(b->said, "keep\n") + 5, "+120 crawl\n+120 notify\n+720 crawl\n"
                                                       "+720 notify\n+1320 crawl\n+1320 notify\n");
}

static void a_crawl_gives_way_when_its_turn_is_over(void **state)
{
    static const char *const allowed[] = {"127.0.0.1"};
    bench *b = *state;
    char url[64];
    test_server *server = test_server_start(&(test_server_options){.handler = on_request});
    assert_non_null(server);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", test_server_port(server));
    (void)add_source(b->store, url, 86400);
    b->net.allow_hosts = allowed;
    b->net.n_allow_hosts = 1;
    bench_once(b);
    test_server_stop(server);
    assert_true(bench_times(b, "crawl") > 1);
    /* The others had their turn before it went on. */
    assert_true(strstr(b->said, "keep") < strstr(strstr(b->said, "crawl") + 1, "crawl"));
    assert_int_equal(bench_number(b, "SELECT count(*) FROM source WHERE running"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_is_done_once_and_then_by_its_interval),
        TEST(what_was_missed_is_done_once),
        TEST(a_clock_that_is_set_back_delays_nothing),
        TEST(a_run_that_was_cut_off_is_told_and_taken_up),
        TEST(a_job_that_fails_waits_and_the_others_go_on),
        TEST(a_database_that_cannot_be_written_is_waited_for),
        TEST(one_watch_runs_for_a_database),
        TEST(a_crawl_of_a_person_is_left_to_end),
        TEST(a_source_that_is_added_meanwhile_is_run_and_then_by_its_interval),
        TEST(a_crawl_gives_way_when_its_turn_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
