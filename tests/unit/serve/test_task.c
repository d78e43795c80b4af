/* One work in the background: what is told of it, its end, and that it is alone. */
#include "serve/task.h"

#include "base/progress.h"
#include "base/stop.h"

#include <poll.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct fixture {
    char path[64];
    ko_live *live;
    ko_tasks *tasks;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    ko_store *store = NULL;
    if (!f)
        return -1;
    (void)snprintf(f->path, sizeof f->path, "task-%d.db", (int)getpid());
    (void)remove(f->path);
    if (ko_store_open(f->path, KO_STORE_CREATE, &store, NULL) != KO_OK)
        return -1;
    ko_store_close(store);
    *state = f;
    return ko_live_open(f->path, &f->live, NULL) == KO_OK &&
                   ko_tasks_open(f->path, f->live, &f->tasks, NULL) == KO_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ko_tasks_close(f->tasks);
    ko_live_close(f->live);
    (void)remove(f->path);
    free(f);
    return 0;
}

/* --- works --- */

typedef struct work {
    sem_t begun;
    int freed;
} work;

static void free_work(void *context)
{
    ((work *)context)->freed++;
}

static ko_status count_to_ten(void *context, ko_store *store, ko_problems *problems,
                              json_t **out_result, ko_error *err)
{
    ko_progress progress;
    double threshold;
    (void)context;
    ko_status st = ko_store_threshold(store, &threshold, err); /* a store of its own, and good */
    ko_progress_start(&progress, "fingers", 10);
    ko_problem(problems, "one finger is bent");
    ko_progress_show(&progress, 10); /* too soon behind the start to be told at once */
    ko_progress_end(&progress);
    *out_result = json_pack("{s:I}", "counted", (json_int_t)10);
    return st;
}

static ko_status wait_for_the_end(void *context, ko_store *store, ko_problems *problems,
                                  json_t **out_result, ko_error *err)
{
    work *w = context;
    (void)store;
    (void)problems;
    (void)out_result;
    (void)sem_post(&w->begun);
    while (!ko_stop_asked())
        (void)poll(NULL, 0, 1);
    return ko_fail(err, KO_E_STOPPED, "stopped");
}

static ko_status break_down(void *context, ko_store *store, ko_problems *problems,
                            json_t **out_result, ko_error *err)
{
    (void)context;
    (void)store;
    (void)problems;
    (void)out_result;
    return ko_fail(err, KO_E_IO, "the disk is full");
}

/* --- what is told --- */

static json_t *wait_until_over(const fixture *f)
{
    ko_live_counts counts = ko_live_count(f->live);
    for (;;) {
        json_t *told = ko_tasks_json(f->tasks, true);
        const char *state = json_string_value(json_object_get(told, "state"));
        if (state && strcmp(state, "running") != 0 && strcmp(state, "stopping") != 0)
            return told;
        json_decref(told);
        assert_true(ko_live_wait(f->live, 60000, &counts)); /* each change is told */
    }
}

static void expect(const json_t *told, const char *name, const char *value)
{
    assert_string_equal(json_string_value(json_object_get(told, name)), value);
}

static void what_is_done_is_told(void **state)
{
    const fixture *f = *state;
    json_t *told = ko_tasks_json(f->tasks, true);
    assert_true(json_is_null(told));
    json_decref(told);
    work w = {.freed = 0};
    int64_t number = 0;
    const ko_task_work what = {"count", count_to_ten, &w, free_work};
    assert_int_equal(ko_tasks_start(f->tasks, &what, &number, NULL), KO_OK);
    assert_int_equal(number, 1);
    told = wait_until_over(f);
    expect(told, "kind", "count");
    expect(told, "state", "done");
    expect(told, "what", "fingers");
    assert_int_equal(json_integer_value(json_object_get(told, "done")), 10);
    assert_int_equal(json_integer_value(json_object_get(told, "total")), 10);
    assert_int_equal(json_integer_value(json_object_get(told, "n_problems")), 1);
    assert_string_equal(json_string_value(json_array_get(json_object_get(told, "problems"), 0)),
                        "one finger is bent");
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(told, "result"), "counted")), 10);
    json_decref(told);
    assert_int_equal(w.freed, 1);
}

static void one_runs_at_a_time_until_it_is_stopped(void **state)
{
    const fixture *f = *state;
    work first = {.freed = 0}, second = {.freed = 0};
    int64_t number = 0, other = 0;
    ko_error err = {0};
    const ko_task_work wait = {"wait", wait_for_the_end, &first, free_work};
    const ko_task_work count = {"count", count_to_ten, &second, free_work};
    assert_int_equal(sem_init(&first.begun, 0, 0), 0);
    assert_int_equal(ko_tasks_start(f->tasks, &wait, &number, NULL), KO_OK);
    (void)sem_wait(&first.begun);
    assert_int_equal(ko_tasks_start(f->tasks, &count, &other, &err), KO_E_BUSY);
    assert_int_equal(second.freed, 1);
    assert_int_equal(ko_tasks_stop(f->tasks, number + 1, NULL), KO_E_NOT_FOUND);
    assert_int_equal(ko_tasks_stop(f->tasks, number, NULL), KO_OK);
    json_t *told = wait_until_over(f);
    expect(told, "state", "stopped");
    json_decref(told);
    assert_int_equal(first.freed, 1);
    assert_false(ko_stop_asked()); /* it alone was stopped */
    assert_int_equal(ko_tasks_stop(f->tasks, number, NULL), KO_E_NOT_FOUND);
    assert_int_equal(ko_tasks_start(f->tasks, &count, &other, NULL), KO_OK);
    assert_int_equal(other, number + 1);
    told = wait_until_over(f);
    expect(told, "state", "done");
    json_decref(told);
    (void)sem_destroy(&first.begun);
}

static void a_failure_is_one_line(void **state)
{
    const fixture *f = *state;
    int64_t number = 0;
    const ko_task_work what = {"fail", break_down, NULL, NULL};
    assert_int_equal(ko_tasks_start(f->tasks, &what, &number, NULL), KO_OK);
    json_t *told = wait_until_over(f);
    expect(told, "state", "failed");
    expect(told, "error", "the disk is full");
    json_decref(told);
}

static void it_ends_with_the_server(void **state)
{
    fixture *f = *state;
    work w = {.freed = 0};
    int64_t number = 0;
    const ko_task_work wait = {"wait", wait_for_the_end, &w, free_work};
    assert_int_equal(sem_init(&w.begun, 0, 0), 0);
    assert_int_equal(ko_tasks_start(f->tasks, &wait, &number, NULL), KO_OK);
    (void)sem_wait(&w.begun);
    ko_tasks_close(f->tasks);
    f->tasks = NULL;
    assert_int_equal(w.freed, 1);
    (void)sem_destroy(&w.begun);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_done_is_told),
        TEST(one_runs_at_a_time_until_it_is_stopped),
        TEST(a_failure_is_one_line),
        TEST(it_ends_with_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
