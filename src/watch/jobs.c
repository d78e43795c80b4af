#include "watch/jobs.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "case/removal.h"
#include "case/search.h"
#include "crawl/crawl.h"
#include "crawl/due.h"
#include "crawl/hosts.h"
#include "crawl/recheck.h"
#include "watch/keep.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HOUR_S 3600
#define DAY_S 86400

/* --- results in words --- */

/* Adds to a line; what it has no room for is left out. */
static void say(ko_watch_outcome *out, const char *fmt, ...) KO_PRINTF(2, 3);
static void say(ko_watch_outcome *out, const char *fmt, ...)
{
    const size_t at = strlen(out->result);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(out->result + at, sizeof out->result - at, fmt, args);
    va_end(args);
}

/* ", 3 failed", unless there is none. */
static void say_some(ko_watch_outcome *out, size_t n, const char *what)
{
    if (n > 0)
        say(out, "%s%zu %s", out->result[0] ? ", " : "", n, what);
}

static void say_things(ko_watch_outcome *out, size_t n, const char *thing)
{
    say(out, "%s%zu %s%s", out->result[0] ? ", " : "", n, thing, n == 1 ? "" : "s");
}

/* --- the web --- */

static ko_status open_net(const ko_watch_options *o, ko_net **out_net, ko_error *err)
{
    ko_net_options net = *o->net;
    ko_hosts_in_store(&net, o->store);
    return ko_net_open(&net, out_net, err);
}

static ko_crawl_options crawl_options(const ko_watch_options *o, ko_archive *archive, ko_net *net)
{
    return (ko_crawl_options){.store = o->store,
                              .archive = archive,
                              .net = net,
                              .keys = o->keys,
                              .problems = o->problems};
}

/* --- crawl --- */

/* A crawl that gives way when its time is over. */
typedef struct turn {
    int64_t until; /* by the clock on the wall: what came before a suspend has waited enough */
    atomic_bool over;
    const atomic_bool *outer; /* the wish that this thread followed before; may be NULL */
} turn;

static void on_progress(void *context, const ko_crawl_counts *counts, size_t waiting)
{
    turn *t = context;
    (void)counts;
    (void)waiting;
    if (ko_clock_now() >= t->until || (t->outer && atomic_load(t->outer)))
        atomic_store(&t->over, true);
}

static ko_status crawl_a_turn(const ko_crawl_options *options, const ko_due_sources *due,
                              ko_crawl_counts *counts, bool *out_cut, ko_error *err)
{
    turn t = {.until = ko_clock_now() + KO_MAX_WATCH_CRAWL_S};
    ko_crawl_options how = *options;
    ko_error own = {0};
    how.on_progress = on_progress;
    how.context = &t;
    t.outer = ko_stop_follow(&t.over);
    const ko_status st = ko_crawl_run(&how, due->ids, due->n, counts, &own);
    (void)ko_stop_follow(t.outer);
    *out_cut = st == KO_E_STOPPED && !ko_stop_asked();
    return st == KO_OK || *out_cut ? KO_OK : ko_fail(err, st, "%s", own.text);
}

/* When sources are next: those that begin anew at their time, what was put off not at once, so that
 * a host that wants time, or a budget that is used up, is left in peace. */
static ko_status find_next(const ko_watch_options *o, ko_watch_outcome *out, ko_error *err)
{
    const int64_t now = ko_clock_now(), later = now + KO_LATER_S;
    ko_due_sources due;
    const ko_status st = ko_due_find(o->store, now, &due, err);
    const int64_t resume_at = due.resume_at && due.resume_at < later ? later : due.resume_at;
    out->next_at = due.begin_at;
    if (resume_at && (out->next_at == 0 || resume_at < out->next_at))
        out->next_at = resume_at;
    ko_due_free(&due);
    return st;
}

static void say_crawled(ko_watch_outcome *out, size_t sources, const ko_crawl_counts *c)
{
    say_things(out, sources, "source");
    say_things(out, c->requests, "answer");
    say_things(out, c->listings, "listing");
    say(out, " (%zu new)", c->new_listings);
    say_things(out, c->pictures, "picture");
    say_some(out, c->unchanged, "unchanged");
    say_some(out, c->gone, "gone");
    say_some(out, c->forbidden, "forbidden by robots.txt");
    say_some(out, c->blocked, "blocked");
    say_some(out, c->failed, "failed");
    if (out->unfinished)
        say(out, "; goes on");
}

static ko_status crawl(const ko_watch_options *o, ko_archive *archive, ko_watch_outcome *out,
                       ko_error *err)
{
    ko_crawl_counts counts = {0};
    ko_due_sources due = {0};
    ko_net *net = NULL;
    ko_status st = open_net(o, &net, err);
    if (st == KO_OK)
        st = ko_due_find(o->store, ko_clock_now(), &due, err);
    if (st == KO_OK) {
        const ko_crawl_options how = crawl_options(o, archive, net);
        st = crawl_a_turn(&how, &due, &counts, &out->unfinished, err);
    }
    ko_net_close(net);
    out->pictures = counts.pictures > 0 || counts.listings > 0;
    out->news = counts.blocked > 0 || counts.failed > 0;
    say_crawled(out, due.n, &counts);
    ko_due_free(&due);
    return st == KO_OK ? find_next(o, out, err) : st;
}

/* --- scan --- */

static ko_status scan(const ko_watch_options *o, ko_archive *archive, ko_watch_outcome *out,
                      ko_error *err)
{
    ko_searched found = {0};
    ko_removals removals = {0};
    (void)archive;
    char sorted[KO_SORTED_WORDS_SIZE];
    ko_status st = ko_search(o->store, o->jobs, o->problems, &found, err);
    if (st == KO_OK) /* some looks waited for their pictures to be compared */
        st = ko_removals_tell(o->store, o->kit, &removals, err);
    out->news =
        found.scan.new_candidates + found.sorted.n + removals.removed + removals.reappeared > 0;
    say_things(out, found.scan.photos_read, "photo");
    say(out, " read");
    say_some(out, found.scan.photos_refused, "refused");
    say_things(out, found.scan.new_candidates, "new candidate");
    say_some(out, removals.removed, "removed");
    say_some(out, removals.reappeared, "reappeared");
    ko_sorted_words(&found.sorted, sorted);
    say(out, "%s%s", sorted[0] ? "; " : "", sorted);
    return st;
}

/* --- recheck --- */

/* Looks come due one by one, at all hours. They are gathered, so that not each of them opens
 * connections and a file of the archive of its own. */
#define GATHER_S 1800

static int64_t gathered(int64_t next_at)
{
    const int64_t earliest = ko_clock_now() + GATHER_S;
    return next_at && next_at < earliest ? earliest : next_at;
}

static ko_status recheck(const ko_watch_options *o, ko_archive *archive, ko_watch_outcome *out,
                         ko_error *err)
{
    ko_recheck_counts counts = {0};
    ko_removals removals = {0};
    ko_net *net = NULL;
    ko_status st = open_net(o, &net, err);
    if (st == KO_OK) {
        const ko_crawl_options how = crawl_options(o, archive, net);
        st = ko_recheck_run(&how, NULL, 0, &counts, err);
    }
    ko_net_close(net);
    if (st == KO_OK)
        st = ko_removals_tell(o->store, o->kit, &removals, err);
    out->next_at = gathered(counts.next_at);
    out->pictures = counts.looked > 0;
    out->news = counts.changes + removals.removed + removals.reappeared > 0;
    say(out, "%zu looked at", counts.looked);
    say_some(out, counts.alive, "alive");
    say_some(out, counts.gone, "gone");
    say_some(out, counts.changed, "changed");
    say_some(out, counts.blocked, "blocked");
    say_some(out, counts.unreachable, "unreachable");
    say_some(out, counts.left, "put off");
    say_some(out, removals.removed, "removed");
    say_some(out, removals.reappeared, "reappeared");
    return st;
}

/* --- news --- */

static ko_status notify(const ko_watch_options *o, ko_archive *archive, ko_watch_outcome *out,
                        ko_error *err)
{
    ko_notify_counts counts = {0};
    (void)archive;
    const ko_status st = ko_notify_run(o->store, o->notify, o->problems, &counts, err);
    out->next_at = counts.next_at;
    say(out, "%zu news", counts.news);
    say_some(out, counts.delivered, "delivered");
    say_some(out, counts.waiting, "to be tried again");
    say_some(out, counts.given_up, "given up");
    return st;
}

/* --- what is kept no longer --- */

static ko_status keep(const ko_watch_options *o, ko_archive *archive, ko_watch_outcome *out,
                      ko_error *err)
{
    ko_keep_counts counts = {0};
    (void)archive;
    const ko_status st =
        ko_keep_run(o->store, o->archive_folder, o->software, false, o->problems, &counts, err);
    say_some(out, counts.listings, "listings");
    say_some(out, counts.photos, "photos");
    say_some(out, counts.pictures, "pictures");
    say_some(out, counts.answers, "answers");
    say_some(out, counts.looks, "looks");
    say_some(out, counts.runs, "runs");
    say_some(out, counts.digests, "digests");
    say_some(out, counts.hosts, "hosts");
    say_some(out, counts.files, "files");
    say(out, out->result[0] ? " taken away" : "nothing to take away");
    if (counts.bytes > 0)
        say(out, ", %lld bytes", (long long)counts.bytes);
    return st;
}

/* --- all --- */

const ko_watch_job ko_watch_jobs[KO_WATCH_KINDS] = {
    [KO_WATCH_CRAWL] = {"crawl", HOUR_S, true, crawl},
    [KO_WATCH_SCAN] = {"scan", HOUR_S, false, scan},
    [KO_WATCH_RECHECK] = {"recheck", HOUR_S, true, recheck},
    [KO_WATCH_NOTIFY] = {"notify", HOUR_S, false, notify},
    [KO_WATCH_KEEP] = {"keep", DAY_S, false, keep},
};
