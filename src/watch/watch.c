#include "watch/watch.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "crawl/crawl.h"
#include "crawl/due.h"
#include "watch/jobs.h"
#include "watch/lock.h"
#include "watch/metrics.h"
#include "watch/plan.h"
#include "watch/wait.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a person asked for is left to end: then sites are asked. */
#define BUSY_S 60
/* While nothing is due it is looked this often whether something came from elsewhere. */
#define LOOK_S 60
/* The database cannot be written, or somebody holds it: it is tried again after this, and then
 * after twice as long each time. */
#define TROUBLE_FIRST_S 60
#define TROUBLE_LAST_S 960

typedef struct watch {
    const ko_watch_options *options;
    ko_job_plan plans[KO_WATCH_KINDS];
    ko_archive *archive; /* NULL until it is needed */
    int64_t trouble_s;   /* to be waited out next; 0: there is none */
    bool did;            /* something in this round */
} watch;

static void tell(const watch *w, const char *job, const char *text, bool failed)
{
    const ko_watch_options *o = w->options;
    if (o->on_done)
        o->on_done(o->context, job, text, failed);
}

/* --- plans --- */

/* Reads a plan, as others may have changed it too. A job without one is due. What is mended is
 * kept: else it would move on with the clock. */
static ko_status read_plan(watch *w, ko_watch_kind kind, ko_error *err)
{
    ko_job_plan *plan = &w->plans[kind];
    *plan = (ko_job_plan){.name = ko_watch_jobs[kind].name};
    const ko_status st = ko_job_get(w->options->store, plan, err);
    const ko_job_plan kept = *plan;
    if (st != KO_OK && st != KO_E_NOT_FOUND)
        return st;
    plan->every_s = ko_watch_jobs[kind].every_s;
    ko_plan_take_up(plan, ko_clock_now());
    if (plan->next_at == kept.next_at && plan->every_s == kept.every_s)
        return KO_OK;
    return ko_job_put(w->options->store, plan, err);
}

static ko_status read_plans(watch *w, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < KO_WATCH_KINDS; i++)
        st = read_plan(w, (ko_watch_kind)i, err);
    return st;
}

/* Sources have times of their own. */
static ko_status see_to_sources(watch *w, ko_error *err)
{
    ko_due_sources due;
    const ko_status st = ko_due_find(w->options->store, ko_clock_now(), &due, err);
    if (st == KO_OK && due.begin_at)
        ko_plan_bring_forward(&w->plans[KO_WATCH_CRAWL], due.begin_at);
    ko_due_free(&due);
    return st;
}

static ko_status cut_off(watch *w, ko_watch_kind kind, ko_error *err)
{
    ko_job_plan *plan = &w->plans[kind];
    const int64_t now = ko_clock_now();
    size_t n = 0;
    ko_status st =
        ko_runs_cut_off(w->options->store, plan->name, now, "cut off before its end", &n, err);
    if (st != KO_OK || n == 0)
        return st;
    ko_plan_cut_off(plan, now);
    return ko_job_put(w->options->store, plan, err);
}

/* Ends what a watch that was killed left behind. */
static ko_status take_up(watch *w, ko_error *err)
{
    ko_store *store = w->options->store;
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = read_plans(w, err);
    for (size_t i = 0; st == KO_OK && i < KO_WATCH_KINDS; i++)
        st = cut_off(w, (ko_watch_kind)i, err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

/* --- one job --- */

/* Settles when the job is next, and the others that have to see to what came of it. */
static void plan_next(watch *w, ko_watch_kind kind, ko_status st, const ko_watch_outcome *out)
{
    const int64_t now = ko_clock_now();
    ko_job_plan *plan = &w->plans[kind];
    if (st == KO_E_STOPPED)
        return; /* it is due still */
    if (st != KO_OK)
        ko_plan_failed(plan, now);
    else
        ko_plan_done(plan, now, out->next_at);
    if (out->unfinished)
        ko_plan_bring_forward(plan, now);
    if (out->pictures)
        ko_plan_bring_forward(&w->plans[KO_WATCH_SCAN], now);
    if (out->news)
        ko_plan_bring_forward(&w->plans[KO_WATCH_NOTIFY], now);
}

static ko_status keep_end(watch *w, const ko_run *run, ko_error *err)
{
    ko_store *store = w->options->store;
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = ko_run_end(store, run, err);
    for (size_t i = 0; st == KO_OK && i < KO_WATCH_KINDS; i++)
        st = ko_job_put(store, &w->plans[i], err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

/* Is nothing to be had from going on? */
static bool is_the_end(ko_status st)
{
    return st == KO_E_DAMAGED || st == KO_E_VERSION || st == KO_E_STOPPED;
}

/* --- the archive --- */

/* Its files are gone on with for a day, however many rounds that has: a year is some hundred files
 * and not ten thousands. */
static ko_status begin_files(watch *w, ko_error *err)
{
    const ko_watch_options *o = w->options;
    return w->archive ? KO_OK : ko_archive_open(o->archive_folder, o->software, &w->archive, err);
}

/* For those that look for files which nobody writes to, and after a record that may be torn. */
static void end_files(watch *w)
{
    ko_archive_close(w->archive);
    w->archive = NULL;
}

/* --- one job --- */

static ko_status do_work(watch *w, ko_watch_kind kind, ko_watch_outcome *out, ko_error *err)
{
    const ko_watch_job *job = &ko_watch_jobs[kind];
    ko_status st = KO_OK;
    if (kind == KO_WATCH_KEEP)
        end_files(w);
    if (job->asks_sites)
        st = begin_files(w, err);
    if (st == KO_OK)
        st = job->run(w->options, job->asks_sites ? w->archive : NULL, out, err);
    if (st != KO_OK)
        end_files(w);
    return st;
}

static ko_status run_job(watch *w, ko_watch_kind kind, ko_error *err)
{
    const ko_watch_job *job = &ko_watch_jobs[kind];
    ko_watch_outcome out = {0};
    ko_run run = {0};
    ko_error own = {0};
    ko_status st = cut_off(w, kind, err); /* one whose end could not be kept */
    if (st == KO_OK)
        st = ko_run_begin(w->options->store, job->name, ko_clock_now(), &run.id, err);
    if (st != KO_OK)
        return st;
    const ko_status outcome = do_work(w, kind, &out, &own);
    plan_next(w, kind, outcome, &out);
    run.failed = outcome != KO_OK && outcome != KO_E_STOPPED;
    run.result = outcome == KO_OK ? out.result : own.text[0] ? own.text : ko_status_name(outcome);
    run.ended_at = ko_clock_now();
    tell(w, job->name, run.result, run.failed);
    st = keep_end(w, &run, err);
    return is_the_end(outcome) ? ko_fail(err, outcome, "%s", own.text) : st;
}

/* A job that asks sites waits while a person has them asked. */
static ko_status do_job(watch *w, ko_watch_kind kind, ko_error *err)
{
    ko_error own = {0};
    int lock = -1;
    ko_status st = ko_watch_jobs[kind].asks_sites
                       ? ko_crawl_lock(w->options->archive_folder, &lock, &own)
                       : KO_OK;
    if (st == KO_E_BUSY) {
        w->plans[kind].next_at = ko_clock_now() + BUSY_S;
        return ko_job_put(w->options->store, &w->plans[kind], err);
    }
    if (st != KO_OK)
        return ko_fail(err, st, "%s", own.text);
    w->did = true;
    st = run_job(w, kind, err);
    if (lock >= 0)
        (void)close(lock);
    return st;
}

/* --- the loop --- */

/* All that is due, once. What a recheck brings is scanned before it is told. */
static ko_status do_round(watch *w, ko_error *err)
{
    static const ko_watch_kind order[] = {KO_WATCH_CRAWL, KO_WATCH_SCAN,   KO_WATCH_RECHECK,
                                          KO_WATCH_SCAN,  KO_WATCH_NOTIFY, KO_WATCH_KEEP};
    ko_status st = read_plans(w, err);
    if (st == KO_OK)
        st = see_to_sources(w, err);
    w->did = false;
    for (size_t i = 0; st == KO_OK && i < sizeof order / sizeof *order && !ko_stop_asked(); i++)
        if (w->plans[order[i]].next_at <= ko_clock_now())
            st = do_job(w, order[i], err);
    return st == KO_OK && ko_stop_asked() ? ko_fail(err, KO_E_STOPPED, "stopped") : st;
}

static void write_metrics(const watch *w)
{
    const ko_watch_options *o = w->options;
    ko_error err = {0};
    if (o->metrics && ko_metrics_write(o->store, o->metrics, &err) != KO_OK)
        tell(w, "metrics", err.text, true);
}

static void wait_until(const watch *w, int64_t until)
{
    const ko_watch_options *o = w->options;
    if (o->wait)
        o->wait(o->context, until);
    else
        ko_watch_wait(until);
}

/* Until a job is due, or somebody else changed the database. */
static ko_status rest(const watch *w, ko_error *err)
{
    ko_store *store = w->options->store;
    int64_t next = INT64_MAX, before = 0, changes = 0;
    for (size_t i = 0; i < KO_WATCH_KINDS; i++)
        next = w->plans[i].next_at < next ? w->plans[i].next_at : next;
    ko_status st = ko_store_changes(store, &before, err);
    changes = before;
    for (int64_t now = ko_clock_now(); st == KO_OK && now < next && changes == before;) {
        const int64_t began = now;
        wait_until(w, next < now + LOOK_S ? next : now + LOOK_S);
        if (ko_stop_asked())
            break;
        now = ko_clock_now();
        if (now < began) /* the clock was set back: the plans are to be looked at again */
            break;
        st = ko_store_changes(store, &changes, err);
    }
    return st;
}

/* The disk is full, or the network folder away: that may pass. */
static void wait_out(watch *w, const ko_error *why)
{
    tell(w, "database", why->text, true);
    w->trouble_s = w->trouble_s ? 2 * w->trouble_s : TROUBLE_FIRST_S;
    if (w->trouble_s > TROUBLE_LAST_S)
        w->trouble_s = TROUBLE_LAST_S;
    wait_until(w, ko_clock_now() + w->trouble_s);
}

static ko_status go_on(watch *w, ko_error *err)
{
    const bool once = w->options->once;
    bool taken_up = false;
    for (;;) {
        ko_error own = {0};
        ko_status st = taken_up ? KO_OK : take_up(w, &own);
        taken_up = taken_up || st == KO_OK;
        if (st == KO_OK)
            st = do_round(w, &own);
        if (st == KO_OK && w->did)
            write_metrics(w);
        if (st == KO_OK && once && !w->did)
            return KO_OK;
        if (st == KO_OK && !w->did)
            st = rest(w, &own);
        if (st == KO_OK)
            w->trouble_s = 0;
        else if (is_the_end(st) || once)
            return ko_fail(err, st, "%s", own.text);
        else
            wait_out(w, &own);
        if (ko_stop_asked())
            return ko_fail(err, KO_E_STOPPED, "stopped; what was done is kept");
    }
}

ko_status ko_watch_run(const ko_watch_options *options, ko_error *err)
{
    assert(options->store && options->archive_folder && options->net && options->kit &&
           options->notify && options->problems);
    watch w = {.options = options};
    int lock = -1;
    ko_status st = ko_watch_lock(ko_store_path(options->store), &lock, err);
    if (st != KO_OK)
        return st;
    st = go_on(&w, err);
    end_files(&w);
    (void)close(lock);
    return st;
}
