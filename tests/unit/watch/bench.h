/* What the tests of watching share: a database, a clock that only moves when it is told to, and a
 * watch whose waits are noted. */
#ifndef KO_TESTS_WATCH_BENCH_H
#define KO_TESTS_WATCH_BENCH_H

#include "base/clock.h"
#include "base/file.h"
#include "base/stop.h"
#include "case/beside.h"
#include "store/job.h"
#include "store/query.h"
#include "store/source.h"
#include "watch/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BEGIN 1800000000 /* 2027-01-15 */

typedef struct bench {
    char folder[64], database[96], archive[112];
    ko_store *store;
    ko_kit kit;
    ko_net_options net;
    ko_notify_options notify;
    char said[8192];      /* "+60 crawl", "+60 scan failed", ... one a line */
    int64_t waited[4096]; /* moments that were waited for, since BEGIN */
    size_t n_waited;
    int64_t until; /* the wish to stop comes then, since BEGIN */
    /* Called at each wait before the clock moves; NULL. */
    void (*meanwhile)(struct bench *b);
} bench;

/* The clock of all tests: only those may set it that look as well. */
static _Atomic int64_t bench_now;
static atomic_bool bench_stop;

static inline int64_t bench_clock(void)
{
    return bench_now;
}

static inline int bench_set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b)
        return -1;
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(b->folder, sizeof b->folder, "%s/knockoff-watch-XXXXXX", place);
    if (!mkdtemp(b->folder))
        return -1;
    (void)snprintf(b->database, sizeof b->database, "%s/k.db", b->folder);
    (void)snprintf(b->archive, sizeof b->archive, "%s/k.db-archive", b->folder);
    ko_net_options_init(&b->net);
    b->net.user_agent = "Knockoff/1.0 (+mailto:me@example.com)";
    b->net.rate = 500;
    b->notify.kit = &b->kit;
    b->until = 86400;
    bench_now = BEGIN;
    ko_clock_use(bench_clock);
    *state = b;
    return ko_beside_kit(b->database, &b->kit, NULL) == KO_OK &&
                   ko_store_open(b->database, KO_STORE_CREATE, &b->store, NULL) == KO_OK
               ? 0
               : -1;
}

static inline int bench_tear_down(void **state)
{
    bench *b = *state;
    ko_paths files = {0};
    ko_clock_use(NULL);
    ko_store_close(b->store);
    ko_kit_close(&b->kit);
    (void)!ko_paths_walk(&files, b->folder, NULL, NULL);
    for (size_t i = 0; i < files.count; i++)
        (void)unlink(files.path[i]);
    ko_paths_free(&files);
    (void)rmdir(b->archive);
    const int left = rmdir(b->folder); /* fails when a test left something lying about */
    free(b);
    return left;
}

static inline void bench_on_done(void *context, const char *job, const char *result, bool failed)
{
    bench *b = context;
    const size_t n = strlen(b->said);
    (void)snprintf(b->said + n, sizeof b->said - n, "+%lld %s%s%s%s\n",
                   (long long)(bench_now - BEGIN), job, failed ? " failed" : "", failed ? ": " : "",
                   failed ? result : "");
}

static inline void bench_wait(void *context, int64_t until)
{
    bench *b = context;
    assert_true(b->n_waited < sizeof b->waited / sizeof *b->waited);
    b->waited[b->n_waited++] = until - BEGIN;
    const int64_t before = bench_now;
    if (b->meanwhile)
        b->meanwhile(b);
    if (bench_now == before) /* nobody set it meanwhile */
        bench_now = until;
    if (bench_now >= BEGIN + b->until)
        bench_stop = true;
}

/* Watches until b->until, or with once. */
static inline ko_status bench_watch(bench *b, bool once, ko_error *err)
{
    ko_problems problems = {0};
    const ko_watch_options options = {.store = b->store,
                                      .archive_folder = b->archive,
                                      .software = "Knockoff/1.0",
                                      .net = &b->net,
                                      .kit = &b->kit,
                                      .notify = &b->notify,
                                      .jobs = 1,
                                      .once = once,
                                      .problems = &problems,
                                      .on_done = bench_on_done,
                                      .wait = bench_wait,
                                      .context = b};
    b->said[0] = '\0';
    b->n_waited = 0;
    bench_stop = false;
    const atomic_bool *before = ko_stop_follow(&bench_stop);
    const ko_status st = ko_watch_run(&options, err);
    (void)ko_stop_follow(before);
    return st;
}

static inline void bench_once(bench *b)
{
    ko_error err = {0};
    const ko_status st = bench_watch(b, true, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
}

static inline void bench_until(bench *b, int64_t until)
{
    ko_error err = {0};
    b->until = until;
    assert_int_equal(bench_watch(b, false, &err), KO_E_STOPPED);
}

/* How often a line of said begins with this word after its moment. */
static inline size_t bench_times(const bench *b, const char *job)
{
    size_t n = 0;
    for (const char *line = b->said; *line; line = strchr(line, '\n') + 1) {
        const char *word = strchr(line, ' ') + 1;
        n += strncmp(word, job, strlen(job)) == 0;
    }
    return n;
}

static inline int64_t bench_number(bench *b, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(b->store->db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const int64_t value = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return value;
}

static inline void bench_execute(bench *b, const char *sql)
{
    assert_int_equal(sqlite3_exec(b->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

#endif
