/* knockoff watch - runs what is due, again and again, unattended. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "cli/keys.h"
#include "cli/kit.h"
#include "cli/web.h"
#include "watch/watch.h"

#include <stdio.h>

typedef struct watch_options {
    ko_common common;
    bool once;
    const char *metrics;
    unsigned jobs;
    ko_online_options online;
} watch_options;

static const ko_option options[] = {
    {"once", 0, KO_OPT_FLAG, offsetof(watch_options, once), NULL,
     "do what is due now, and end: for cron and timers"},
    {"metrics", 0, KO_OPT_TEXT, offsetof(watch_options, metrics), "FILE",
     "write what a collector of OpenMetrics reads there after each round"},
    {"jobs", 'j', KO_OPT_COUNT, offsetof(watch_options, jobs), "N",
     "threads of a scan (default: one a processor)"},
    KO_ONLINE_OPTIONS(offsetof(watch_options, online)),
    {0},
};

typedef struct saying {
    bool json;
    size_t failed; /* jobs */
} saying;

/* At once: whoever reads a journal or a pipe reads now. */
static void on_done(void *context, const char *job, const char *result, bool failed)
{
    saying *s = context;
    char at[KO_TIME_SIZE];
    ko_clock_text(ko_clock_now(), at);
    s->failed += failed;
    if (s->json)
        ko_json_line(stdout, json_pack("{s:s, s:s, s:b, s:o}", "at", at, "job", job, "failed",
                                       failed, "result", ko_json_string(result)));
    else
        ko_print("%s  %s: %s%s\n", at, job, failed ? "failed: " : "", result);
    (void)fflush(stdout);
}

/* All that the jobs need, open. */
typedef struct desk {
    ko_online online;
    ko_net_options net;
    ko_kit kit;
    ko_api_keys *keys;
    char *archive_folder;
} desk;

static ko_status open_desk(const watch_options *o, ko_store *store, desk *d, ko_error *err)
{
    ko_status st = ko_online_describe(&o->online, store, &d->online, &d->net, err);
    if (st == KO_OK)
        st = ko_open_kit(&o->common, &d->kit, err);
    if (st == KO_OK)
        st = ko_open_keys(&d->keys, err);
    return st == KO_OK ? ko_beside_database(&o->common, KO_BESIDE_ARCHIVE, &d->archive_folder, err)
                       : st;
}

static void close_desk(desk *d)
{
    ko_free(d->archive_folder);
    ko_api_keys_free(d->keys);
    ko_kit_close(&d->kit);
    ko_online_close(&d->online);
}

/* A watch that goes on has not failed because an input was refused in its first week; one that was
 * stopped did all that it was for. */
static ko_status watch(const ko_job *job, ko_error *err)
{
    const watch_options *o = job->options;
    saying said = {.json = o->common.json};
    ko_problems problems = ko_problems_said();
    desk d = {0};
    ko_error own = {0};
    ko_status st = open_desk(o, job->store, &d, &own);
    ko_notify_options notify = ko_news_options(d.keys, o->online.ca_file);
    notify.kit = &d.kit;
    const ko_watch_options how = {.store = job->store,
                                  .archive_folder = d.archive_folder,
                                  .software = d.online.user_agent,
                                  .net = &d.net,
                                  .keys = d.keys,
                                  .kit = &d.kit,
                                  .notify = &notify,
                                  .jobs = o->jobs,
                                  .metrics = o->metrics,
                                  .once = o->once,
                                  .problems = &problems,
                                  .on_done = on_done,
                                  .context = &said};
    if (st == KO_OK)
        st = ko_watch_run(&how, &own);
    close_desk(&d);
    if (o->once)
        job->problems->count += problems.count + said.failed;
    else if (st == KO_E_STOPPED)
        return KO_OK;
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}

static ko_status fits(const void *read, ko_error *err)
{
    return ko_takes_no_operands(&ko_cmd_watch, read, err);
}

static ko_exit run(char **words, size_t n)
{
    watch_options o = {.jobs = ko_parallel_processors()};
    return ko_run_job(&ko_cmd_watch, words, n, &o, fits, watch);
}

const ko_command ko_cmd_watch = {
    .name = "watch",
    .summary = "run what is due again and again, and tell only what matters",
    .usage = "[--once] [options]",
    .description =
        "Runs the sources that are due, scans what came and sorts it, looks again at listings "
        "that\n"
        "were complained about, tells the news (knockoff notify), and takes away what is kept no\n"
        "longer (knockoff purge); then it waits for the next of these, at rest. Each job that was\n"
        "done is a line. What fails is tried again later: after five minutes, then twice as long\n"
        "each time up to six hours, and the others go on.\n"
        "One watch runs for a database. Commands and the page may be used meanwhile. What was\n"
        "missed while the machine was off is done once. Ctrl-C or SIGTERM end it within a second "
        "or\n"
        "two with everything kept, and with exit status 0; --once exits with 1 when an input was\n"
        "refused or a job failed. Keys are read as crawl does.\n"
        "knockoff status tells what ran and what is next; knockoff schedule has it started by the\n"
        "system.",
    .options = options,
    .run = run,
};
