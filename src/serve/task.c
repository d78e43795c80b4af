#include "serve/task.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/progress.h"
#include "base/stop.h"
#include "report/json.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

typedef enum task_state { RUNNING, STOPPING, DONE, STOPPED, FAILED } task_state;

static const char *const state_names[] = {"running", "stopping", "done", "stopped", "failed"};

struct ko_tasks {
    char *path; /* of the database */
    ko_live *live;
    pthread_t thread;
    bool joinable; /* thread was started and not joined */
    atomic_bool stop;

    pthread_mutex_t lock; /* of all */
    int64_t number;       /* of the last task; 0: there was none */
    ko_task_work work;
    task_state state;
    const char *what; /* static */
    size_t done, total, n_problems;
    int64_t started_ms, ended_ms;
    json_t *problems, *result;
    ko_error error;
};

/* --- what is told --- */

static void note_progress(void *context, const char *what, size_t done, size_t total)
{
    ko_tasks *t = context;
    (void)pthread_mutex_lock(&t->lock);
    t->what = what;
    t->done = done;
    t->total = total;
    (void)pthread_mutex_unlock(&t->lock);
    ko_live_touch(t->live);
}

static void note_problem(void *context, const char *line)
{
    ko_tasks *t = context;
    (void)pthread_mutex_lock(&t->lock);
    t->n_problems++;
    if (json_array_size(t->problems) < KO_MAX_SERVE_PROBLEMS)
        (void)json_array_append_new(t->problems, ko_json_string(line));
    (void)pthread_mutex_unlock(&t->lock);
    ko_live_touch(t->live);
}

json_t *ko_tasks_json(ko_tasks *t, bool whole)
{
    (void)pthread_mutex_lock(&t->lock);
    const bool over = t->state != RUNNING && t->state != STOPPING;
    const int64_t until_ms = over ? t->ended_ms : ko_clock_ms();
    json_t *object =
        t->number == 0
            ? json_null()
            : json_pack("{s:I, s:s, s:s, s:s, s:I, s:I, s:f, s:I, s:o}", "task",
                        (json_int_t)t->number, "kind", t->work.kind, "state", state_names[t->state],
                        "what", t->what, "done", (json_int_t)t->done, "total", (json_int_t)t->total,
                        "seconds", (double)(until_ms - t->started_ms) / 1000, "n_problems",
                        (json_int_t)t->n_problems, "error",
                        t->state == FAILED ? ko_json_string(t->error.text) : json_null());
    if (whole && t->number) { /* copied, as the array grows while this is written out */
        (void)json_object_set_new(object, "problems", json_copy(t->problems));
        (void)json_object_set_new(object, "result",
                                  t->result ? json_incref(t->result) : json_null());
    }
    (void)pthread_mutex_unlock(&t->lock);
    return object;
}

/* --- running --- */

static void end(ko_tasks *t, ko_status st, json_t *result, const ko_error *error)
{
    (void)pthread_mutex_lock(&t->lock);
    t->state = st == KO_OK ? DONE : st == KO_E_STOPPED ? STOPPED : FAILED;
    t->error = *error;
    t->result = result;
    t->ended_ms = ko_clock_ms();
    (void)pthread_mutex_unlock(&t->lock);
    ko_live_touch(t->live);
}

static void *run(void *context)
{
    ko_tasks *t = context;
    ko_problems problems = {.say = note_problem, .context = t};
    ko_store *store = NULL;
    json_t *result = NULL;
    ko_error error = {0};
    (void)ko_stop_follow(&t->stop);
    ko_progress_listen(note_progress, t);
    ko_status st = ko_store_open(t->path, KO_STORE_OPEN, &store, &error);
    if (st == KO_OK)
        st = t->work.run(t->work.context, store, &problems, &result, &error);
    ko_store_close(store);
    if (t->work.free)
        t->work.free(t->work.context);
    end(t, st, result, &error);
    return NULL;
}

/* With the lock. */
static ko_status start(ko_tasks *t, const ko_task_work *work, ko_error *err)
{
    if (t->joinable && (t->state == RUNNING || t->state == STOPPING))
        return ko_fail(err, KO_E_BUSY, "%s: under way: wait for its end, or stop it", t->work.kind);
    if (t->joinable)
        (void)pthread_join(t->thread, NULL); /* all it had to do was to return */
    t->joinable = false;
    json_decref(t->result);
    t->result = NULL;
    (void)json_array_clear(t->problems);
    t->n_problems = t->done = t->total = 0;
    t->what = "";
    t->work = *work;
    t->started_ms = ko_clock_ms();
    t->state = RUNNING;
    atomic_store(&t->stop, false);
    t->joinable = pthread_create(&t->thread, NULL, run, t) == 0;
    if (t->joinable)
        t->number++;
    return t->joinable ? KO_OK : ko_fail(err, KO_E_NOMEM, "%s: no thread", work->kind);
}

ko_status ko_tasks_start(ko_tasks *t, const ko_task_work *work, int64_t *out_number, ko_error *err)
{
    (void)pthread_mutex_lock(&t->lock);
    const ko_status st = start(t, work, err);
    *out_number = t->number;
    (void)pthread_mutex_unlock(&t->lock);
    if (st == KO_OK)
        ko_live_touch(t->live);
    else if (work->free)
        work->free(work->context);
    return st;
}

ko_status ko_tasks_stop(ko_tasks *t, int64_t number, ko_error *err)
{
    (void)pthread_mutex_lock(&t->lock);
    const bool runs =
        t->joinable && number == t->number && (t->state == RUNNING || t->state == STOPPING);
    if (runs) {
        t->state = STOPPING;
        atomic_store(&t->stop, true);
    }
    (void)pthread_mutex_unlock(&t->lock);
    ko_live_touch(t->live);
    return runs ? KO_OK : ko_fail(err, KO_E_NOT_FOUND, "task %lld does not run", (long long)number);
}

/* --- opening --- */

ko_status ko_tasks_open(const char *path, ko_live *live, ko_tasks **out_tasks, ko_error *err)
{
    ko_tasks *t = ko_alloc_zero(1, sizeof *t);
    if (!t)
        return ko_fail(err, KO_E_NOMEM, "tasks");
    (void)pthread_mutex_init(&t->lock, NULL);
    atomic_init(&t->stop, false);
    t->live = live;
    t->what = "";
    t->path = ko_strdup(path);
    t->problems = json_array();
    if (t->path && t->problems) {
        *out_tasks = t;
        return KO_OK;
    }
    ko_tasks_close(t);
    return ko_fail(err, KO_E_NOMEM, "tasks");
}

void ko_tasks_close(ko_tasks *t)
{
    if (!t)
        return;
    atomic_store(&t->stop, true);
    if (t->joinable)
        (void)pthread_join(t->thread, NULL);
    json_decref(t->problems);
    json_decref(t->result);
    (void)pthread_mutex_destroy(&t->lock);
    ko_free(t->path);
    ko_free(t);
}
