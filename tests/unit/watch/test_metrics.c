/* The file of metrics, and the status, of a database in which something happened. */
#include "bench.h"

#include "base/limits.h"
#include "report/json.h"
#include "watch/lock.h"
#include "watch/metrics.h"
#include "watch/status.h"

static void add_source(bench *b, const char *name, bool paused)
{
    int64_t id;
    const ko_source source = {.name = name,
                              .url = name,
                              .kind = "",
                              .every_s = 3600,
                              .paused = paused,
                              .added_at = BEGIN,
                              .last_result = ""};
    assert_int_equal(ko_source_add(b->store, &source, &id, NULL), KO_OK);
}

static void fill(bench *b)
{
    const ko_job_plan scan = {.name = "scan", .every_s = 3600, .next_at = BEGIN + 3600};
    const ko_job_plan odd = {
        .name = "a \"b\"\\\n", .every_s = 3600, .next_at = BEGIN + 60, .failures = 1};
    ko_run run = {.ended_at = BEGIN + 90, .result = "3 photos read"};
    assert_int_equal(ko_job_put(b->store, &scan, NULL), KO_OK);
    assert_int_equal(ko_job_put(b->store, &odd, NULL), KO_OK);
    assert_int_equal(ko_run_begin(b->store, "scan", BEGIN, &run.id, NULL), KO_OK);
    assert_int_equal(ko_run_end(b->store, &run, NULL), KO_OK);
    assert_int_equal(ko_run_begin(b->store, "scan", BEGIN + 100, &run.id, NULL), KO_OK);
    run = (ko_run){.id = run.id, .ended_at = BEGIN + 101, .failed = true, .result = "no disk"};
    assert_int_equal(ko_run_end(b->store, &run, NULL), KO_OK);
    add_source(b, "/one.csv", false);
    add_source(b, "/two.csv", true);
}

static void assert_line(const ko_buf *text, const char *line)
{
    char whole[256];
    (void)snprintf(whole, sizeof whole, "\n%s\n", line);
    if (!strstr(text->data, whole))
        fail_msg("no line\n%s\nin\n%s", line, text->data);
}

static void metrics_are_a_whole_file_of_open_metrics(void **state)
{
    bench *b = *state;
    char path[128];
    ko_buf text = KO_BUF(KO_MAX_METRICS_BYTES);
    fill(b);
    (void)snprintf(path, sizeof path, "%s/m.prom", b->folder);
    assert_int_equal(ko_metrics_write(b->store, path, NULL), KO_OK);
    assert_int_equal(ko_file_read(path, &text, NULL), KO_OK);
    assert_line(&text, "# TYPE knockoff_job_runs counter");
    assert_line(&text, "knockoff_job_runs_total{job=\"scan\"} 2");
    assert_line(&text, "knockoff_job_failures_total{job=\"scan\"} 1");
    assert_line(&text, "knockoff_job_last_success_timestamp_seconds{job=\"scan\"} 1800000090");
    assert_line(&text, "knockoff_job_last_duration_seconds{job=\"scan\"} 90");
    assert_line(&text, "knockoff_job_failures_in_a_row{job=\"a \\\"b\\\"\\\\\\n\"} 1");
    assert_line(&text, "knockoff_sources{state=\"new\"} 1");
    assert_line(&text, "knockoff_sources{state=\"paused\"} 1");
    assert_string_equal(text.data + text.size - 6, "# EOF\n");
    ko_buf_free(&text);
    ko_error err = {0};
    assert_int_equal(ko_metrics_write(b->store, "/no/such/folder/m", &err), KO_E_IO);
}

static json_t *status_of(bench *b)
{
    json_t *status = NULL;
    ko_error err = {0};
    if (ko_status_json(b->store, &b->kit, b->archive, &status, &err) != KO_OK)
        fail_msg("%s", err.text);
    return status;
}

static const char *last_state(const json_t *status)
{
    const json_t *job = json_array_get(json_object_get(status, "jobs"), 0);
    return json_string_value(json_object_get(json_object_get(job, "last"), "state"));
}

static void status_tells_what_was_cut_off_from_what_is_under_way(void **state)
{
    bench *b = *state;
    int64_t run;
    int lock;
    fill(b);
    json_t *status = status_of(b);
    assert_string_equal(last_state(status), "failed");
    json_decref(status);
    assert_int_equal(ko_run_begin(b->store, "scan", BEGIN + 200, &run, NULL), KO_OK);
    status = status_of(b);
    assert_string_equal(last_state(status), "cut off");
    json_decref(status);
    assert_int_equal(ko_watch_lock(b->database, &lock, NULL), KO_OK);
    status = status_of(b);
    assert_string_equal(last_state(status), "running");
    const json_t *watch = json_object_get(status, "watch");
    assert_int_equal(json_integer_value(json_object_get(watch, "pid")), getpid());
    json_decref(status);
    (void)close(lock);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(metrics_are_a_whole_file_of_open_metrics),
        TEST(status_tells_what_was_cut_off_from_what_is_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
