#include "watch/status.h"

#include "base/clock.h"
#include "base/file.h"
#include "case/due.h"
#include "crawl/due.h"
#include "report/json.h"
#include "store/job.h"
#include "store/look.h"
#include "store/outbox.h"
#include "store/tally.h"
#include "store/web.h"
#include "watch/jobs.h"
#include "watch/lock.h"
#include "watch/sources.h"

#include <string.h>
#include <sys/stat.h>

/* A moment; null for none. */
static json_t *json_moment(int64_t at)
{
    char text[KO_TIME_SIZE];
    ko_clock_text(at, text);
    return at ? json_string(text) : json_null();
}

static ko_status no_memory(ko_error *err)
{
    return ko_fail(err, KO_E_NOMEM, "status");
}

/* --- who watches --- */

static json_t *watch_json(const ko_watcher *watcher, bool running)
{
    return json_pack("{s:b, s:o, s:o}", "running", running, "pid",
                     running && watcher->pid ? json_integer(watcher->pid) : json_null(), "since",
                     json_moment(running ? watcher->since : 0));
}

/* --- jobs --- */

typedef struct jobs {
    json_t *of[KO_WATCH_KINDS]; /* NULL: never planned */
    bool running;               /* somebody watches */
} jobs;

static const char *run_state(const ko_run *run, bool running)
{
    if (run->ended_at)
        return run->failed ? "failed" : "done";
    return running ? "running" : "cut off";
}

static json_t *job_json(const ko_job_history *h, bool running)
{
    json_t *last = json_null();
    if (h->last.id)
        last = json_pack("{s:o, s:o, s:s, s:o}", "began", json_moment(h->last.began_at), "ended",
                         json_moment(h->last.ended_at), "state", run_state(&h->last, running),
                         "result", ko_json_string(h->last.result));
    return json_pack("{s:o, s:I, s:o, s:I, s:o, s:o}", "job", ko_json_string(h->plan.name),
                     "every_s", (json_int_t)h->plan.every_s, "next", json_moment(h->plan.next_at),
                     "failures", (json_int_t)h->plan.failures, "last", last, "succeeded",
                     json_moment(h->succeeded_at));
}

static ko_status on_job(void *context, const ko_job_history *history)
{
    jobs *j = context;
    for (size_t i = 0; i < KO_WATCH_KINDS; i++)
        if (strcmp(history->plan.name, ko_watch_jobs[i].name) == 0 &&
            !(j->of[i] = job_json(history, j->running)))
            return KO_E_NOMEM;
    return KO_OK;
}

static ko_status jobs_json(ko_store *store, bool running, json_t *out, ko_error *err)
{
    jobs j = {.running = running};
    const ko_status st = ko_job_each(store, on_job, &j, err);
    for (size_t i = 0; i < KO_WATCH_KINDS; i++)
        if (j.of[i])
            (void)json_array_append_new(out, j.of[i]);
    return st;
}

/* --- sources --- */

typedef struct sources {
    ko_store *store;
    json_t *out;
    int64_t now;
    ko_error *err;
} sources;

static ko_status on_source(void *context, const ko_source *source)
{
    const sources *s = context;
    ko_source_state state;
    const ko_status st = ko_source_state_find(s->store, source, &state, s->err);
    if (st != KO_OK)
        return st;
    json_t *object =
        json_pack("{s:I, s:o, s:s, s:o, s:o, s:o}", "source", (json_int_t)source->id, "name",
                  ko_json_string(source->name), "state", ko_source_state_name(state), "result",
                  ko_json_string(source->last_result), "last_run", json_moment(source->last_run),
                  "next", json_moment(ko_due_begin_at(source, s->now)));
    return json_array_append_new(s->out, object) == 0 ? KO_OK : no_memory(s->err);
}

/* --- what waits --- */

typedef struct waiting {
    ko_tally tally;
    ko_look_counts looks;
    ko_delivery_counts deliveries;
    ko_web_picture_counts pictures;
    size_t overdue, today;
} waiting;

static ko_status count_dates(ko_store *store, const ko_kit *kit, waiting *w, ko_error *err)
{
    const ko_duties_request request = {.day = ko_today(), .at = ko_clock_now(), .within_days = 0};
    ko_duties duties = {0};
    const ko_status st = ko_duties_find(store, kit, &request, &duties, err);
    for (size_t i = 0; i < duties.n; i++) {
        const ko_duty *duty = &duties.duties[i];
        w->overdue += duty->step && duty->overdue;
        w->today += duty->step && !duty->overdue;
    }
    ko_duties_free(&duties);
    return st;
}

static ko_status count_waiting(ko_store *store, const ko_kit *kit, waiting *w, ko_error *err)
{
    *w = (waiting){0};
    ko_status st = ko_tally_read(store, &w->tally, err);
    if (st == KO_OK)
        st = ko_look_count(store, ko_clock_now(), &w->looks, err);
    if (st == KO_OK)
        st = ko_delivery_count(store, &w->deliveries, err);
    if (st == KO_OK)
        st = ko_web_picture_count(store, &w->pictures, err);
    return st == KO_OK ? count_dates(store, kit, w, err) : st;
}

static json_t *waiting_json(const waiting *w)
{
    const int64_t *in = w->tally.candidates;
    const int64_t set_aside =
        in[KO_CANDIDATE_ALLOWED] + in[KO_CANDIDATE_NEGATIVE] + in[KO_CANDIDATE_RULED];
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "open",
                     (json_int_t)in[KO_CANDIDATE_OPEN], "unsorted", (json_int_t)w->tally.unsorted,
                     "held", (json_int_t)in[KO_CANDIDATE_HELD], "set_aside", (json_int_t)set_aside,
                     "unread", (json_int_t)w->tally.unread, "pictures",
                     (json_int_t)w->pictures.fresh, "listings", (json_int_t)w->looks.due, "digests",
                     (json_int_t)w->deliveries.waiting, "overdue", (json_int_t)w->overdue, "today",
                     (json_int_t)w->today);
}

/* A folder that cannot be read is told as empty: it does not matter to anybody's work. */
static int64_t folder_bytes(const char *folder)
{
    ko_paths files = {0};
    int64_t bytes = 0;
    struct stat about;
    (void)!ko_paths_walk(&files, folder, NULL, NULL);
    for (size_t i = 0; i < files.count; i++)
        if (stat(files.path[i], &about) == 0)
            bytes += about.st_size;
    ko_paths_free(&files);
    return bytes;
}

/* --- all --- */

ko_status ko_status_json(ko_store *store, const ko_kit *kit, const char *archive_folder,
                         json_t **out_status, ko_error *err)
{
    ko_watcher watcher;
    waiting waits;
    const bool running = ko_watch_is_running(ko_store_path(store), &watcher);
    json_t *all_jobs = json_array(), *all_sources = json_array();
    sources s = {.store = store, .out = all_sources, .now = ko_clock_now(), .err = err};
    ko_status st = all_jobs && all_sources ? KO_OK : no_memory(err);
    if (st == KO_OK)
        st = jobs_json(store, running, all_jobs, err);
    if (st == KO_OK)
        st = ko_source_each(store, NULL, on_source, &s, err);
    if (st == KO_OK)
        st = count_waiting(store, kit, &waits, err);
    if (st != KO_OK) {
        json_decref(all_jobs);
        json_decref(all_sources);
        return st;
    }
    *out_status = json_pack(
        "{s:o, s:o, s:o, s:o, s:{s:I, s:I}}", "watch", watch_json(&watcher, running), "jobs",
        all_jobs, "sources", all_sources, "waiting", waiting_json(&waits), "bytes", "database",
        (json_int_t)waits.tally.bytes, "archive", (json_int_t)folder_bytes(archive_folder));
    return *out_status ? KO_OK : no_memory(err);
}
