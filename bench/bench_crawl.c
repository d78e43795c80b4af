/* A crawl of a whole market, made up from a seed (tests/server/market.h): how fast the program
 * is, what it costs, whether it keeps to what hosts allow, and whether it finds all that can be
 * found, once each. With --kills it is killed over and over in the middle of that.
 *
 * Exit status: 0 when nothing was lost, doubled or asked for against the rules, 1 otherwise. */
#include "bench.h"
#include "child.h"
#include "scratch.h"
#include "server/market.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOPS_MAX 1000
#define RUNS_MAX 1000 /* of one crawl; kills end before */

typedef struct arguments {
    plan p;
    const char *works;
    double rate, kill_s;
    unsigned kills;
    bool json, keep;
} arguments;

/* What the database has of what the market has. */
typedef struct outcome {
    int64_t listings, pictures;               /* that are there */
    int64_t listings_lost, pictures_lost;     /* that could be had and are not there */
    int64_t listings_doubled, listings_false; /* too many, and that are none of the market's */
    int64_t sources_open;                     /* whose run did not come to its end */
} outcome;

typedef struct bench_run {
    arguments a;
    market *m;
    ko_scratch s;
    char rate[32];
    ko_child_cost first, again; /* the crawl, and another one when nothing changed */
    market_audit audit, audit_again;
    outcome found;
    int64_t listings_new; /* there after the second crawl and not before */
    int status;           /* of the last run of the first crawl */
} bench_run;

/* --- words --- */

static const char usage[] =
    "usage: bench_crawl [--shops N] [--listings N] [--pictures N] [--faults PERCENT]\n"
    "                   [--seed N] [--delay SECONDS] [--rate N] [--tls] [--works FOLDER]\n"
    "                   [--kills N] [--kill-after SECONDS] [--keep] [--json]\n";

static bool read_value(arguments *a, const char *name, const char *value)
{
    const struct {
        const char *name;
        double least, most;
        unsigned *whole;
        double *real;
    } numbers[] = {{"--shops", 1, SHOPS_MAX, &a->p.shops, NULL},
                   {"--listings", 1, 1e6, &a->p.listings, NULL},
                   {"--pictures", 1, 12, &a->p.pictures, NULL},
                   {"--faults", 0, 50, &a->p.faults_percent, NULL},
                   {"--kills", 0, RUNS_MAX, &a->kills, NULL},
                   {"--delay", 0, 3600, NULL, &a->p.delay_s},
                   {"--rate", 0.001, 1e6, NULL, &a->rate},
                   {"--kill-after", 0.001, 3600, NULL, &a->kill_s}};
    double n = 0;
    if (strcmp(name, "--works") == 0) {
        a->works = value;
        return true;
    }
    if (strcmp(name, "--seed") == 0 && ko_bench_number(value, 0, 1e15, &n)) {
        a->p.seed = (uint64_t)n;
        return true;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(name, numbers[i].name) == 0 &&
            ko_bench_number(value, numbers[i].least, numbers[i].most, &n)) {
            if (numbers[i].whole)
                *numbers[i].whole = (unsigned)n;
            else
                *numbers[i].real = n;
            return true;
        }
    return false;
}

static bool read_arguments(arguments *a, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--tls") == 0)
            a->p.tls = true;
        else if (strcmp(argv[i], "--json") == 0)
            a->json = true;
        else if (strcmp(argv[i], "--keep") == 0)
            a->keep = true;
        else if (i + 1 < argc && read_value(a, argv[i], argv[i + 1]))
            i++;
        else
            return false;
    }
    return true;
}

/* --- the program --- */

/* Runs the program with the words given, once, to its end; what comes from it must be status 0. */
static bool run_plain(const bench_run *b, const char *first, const char *second, const char *third)
{
    const char *argv[] = {b->s.program, first, second, third, NULL};
    ko_child_cost cost = {0};
    int status = -1;
    if (!ko_child_run(argv, b->s.says, 0, &cost, &status))
        return ko_scratch_complain(&b->s, b->s.program, strerror(errno));
    return status == 0 ||
           ko_scratch_complain(&b->s, first, "it ended badly (--keep, then read says.txt)");
}

/* Runs a crawl of all sources that are due, or, to have another look, of all, killed as often as
 * asked, until it comes to its end by itself. */
static bool crawl(bench_run *b, bool again, unsigned kills, ko_child_cost *cost)
{
    static char numbers[SHOPS_MAX][12];
    const char *argv[8 + SHOPS_MAX + 1] = {b->s.program,  "crawl",  "--allow-host",
                                           "*.localhost", "--rate", b->rate};
    size_t n = 6;
    if (b->a.p.tls) {
        argv[n++] = "--ca-file";
        argv[n++] = market_ca(b->m);
    }
    for (unsigned i = 0; again && i < b->a.p.shops; i++) {
        (void)snprintf(numbers[i], sizeof numbers[i], "%u", i + 1);
        argv[n++] = numbers[i];
    }
    do {
        const int64_t kill_ms = cost->kills < kills ? (int64_t)(b->a.kill_s * 1000) : 0;
        if (!ko_child_run(argv, b->s.says, kill_ms, cost, &b->status))
            return ko_scratch_complain(&b->s, b->s.program, strerror(errno));
    } while (b->status == -1 && cost->runs < RUNS_MAX);
    return b->status == 0 || b->status == 1 ||
           ko_scratch_complain(&b->s, "crawl", "it ended badly (--keep, then read says.txt)");
}

typedef struct adding {
    const bench_run *b;
    bool failed;
} adding;

static void add_source(void *context, const market_truth *truth)
{
    adding *a = context;
    if (!a->failed && strcmp(truth->what, "source") == 0)
        a->failed = !run_plain(a->b, "source", "add", truth->url);
}

/* --- the database --- */

static void keep_truth(void *statement, const market_truth *truth)
{
    (void)sqlite3_reset(statement);
    (void)sqlite3_bind_text(statement, 1, truth->what, -1, SQLITE_TRANSIENT);
    (void)sqlite3_bind_text(statement, 2, truth->url, -1, SQLITE_TRANSIENT);
    (void)sqlite3_bind_text(statement, 3, truth->lost, -1, SQLITE_TRANSIENT);
    (void)sqlite3_step(statement);
}

/* Opens the crawl's database beside a table of what is true. */
static bool open_database(bench_run *b)
{
    sqlite3_stmt *insert = NULL;
    const bool opened =
        ko_scratch_open(&b->s, SQLITE_OPEN_READWRITE) &&
        sqlite3_exec(b->s.db,
                     "CREATE TEMP TABLE truth (what TEXT, url TEXT PRIMARY KEY, lost TEXT)", NULL,
                     NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(b->s.db, "INSERT OR IGNORE INTO truth VALUES (?, ?, ?)", -1, &insert,
                           NULL) == SQLITE_OK;
    if (opened)
        market_each_truth(b->m, keep_truth, insert);
    (void)sqlite3_finalize(insert);
    return opened || ko_scratch_complain(&b->s, b->s.database, sqlite3_errmsg(b->s.db));
}

static void judge_database(bench_run *b)
{
    b->found = (outcome){
        .listings = ko_scratch_count(&b->s, "SELECT count(DISTINCT url) FROM listing"),
        .listings_doubled =
            ko_scratch_count(&b->s, "SELECT count(*) - count(DISTINCT url) FROM listing"),
        .listings_lost = ko_scratch_count(
            &b->s, "SELECT count(*) FROM truth WHERE what = 'listing' AND lost = ''"
                   " AND url NOT IN (SELECT url FROM listing)"),
        .listings_false = ko_scratch_count(
            &b->s, "SELECT count(*) FROM listing WHERE url NOT IN"
                   " (SELECT url FROM truth WHERE what = 'listing' AND lost = '')"),
        .pictures = ko_scratch_count(&b->s, "SELECT count(*) FROM web_picture WHERE state = 1"),
        .pictures_lost = ko_scratch_count(
            &b->s, "SELECT count(*) FROM truth WHERE what = 'picture' AND lost = ''"
                   " AND url NOT IN (SELECT url FROM web_picture WHERE state = 1)"),
        .sources_open = ko_scratch_count(&b->s, "SELECT count(*) FROM source WHERE running"),
    };
}

/* --- what came of it --- */

static bool is_good(const bench_run *b)
{
    const outcome *o = &b->found;
    return o->listings_lost == 0 && o->pictures_lost == 0 && o->listings_doubled == 0 &&
           o->listings_false == 0 && o->sources_open == 0 && b->listings_new == 0 &&
           b->audit_again.forbidden == 0 && b->audit_again.unasked == 0 && b->audit_again.over == 0;
}

static double seconds(const ko_child_cost *cost)
{
    return (double)cost->wall_ns * 1e-9;
}

static void print_text(const bench_run *b)
{
    const outcome *o = &b->found;
    const market_audit *t = &b->audit, *u = &b->audit_again;
    (void)printf("bench_crawl on %s\n", ko_bench_cpu_name());
    (void)printf("%u shops, %u listings with %u pictures each, %u %% of addresses with a fault,"
                 " at most %g requests a second and host%s\n",
                 b->a.p.shops, b->a.p.listings, b->a.p.pictures, b->a.p.faults_percent, b->a.rate,
                 b->a.p.tls ? ", TLS" : "");
    (void)printf("crawl       %.1f s, CPU %.1f s, memory %.1f MB, killed %u times\n",
                 seconds(&b->first), b->first.cpu_s, (double)b->first.peak_bytes / 1e6,
                 b->first.kills);
    (void)printf("listings    %lld, %.1f a second; lost %lld, doubled %lld, false %lld\n",
                 (long long)o->listings, (double)o->listings / seconds(&b->first),
                 (long long)o->listings_lost, (long long)o->listings_doubled,
                 (long long)o->listings_false);
    (void)printf("pictures    %lld, %.1f a second; lost %lld\n", (long long)o->pictures,
                 (double)o->pictures / seconds(&b->first), (long long)o->pictures_lost);
    (void)printf("requests    %zu, of them %zu answered in full, %zu of these not for the first"
                 " time\n",
                 t->requests, t->whole, t->repeated);
    (void)printf("manners     %zu in the busiest second of a host, %zu hosts asked too often,"
                 " %zu forbidden requests, %zu hosts asked before their robots.txt,"
                 " at most %zu requests after a wall\n",
                 u->busiest, u->over, u->forbidden, u->unasked, t->walled);
    (void)printf("once more   %.1f s, %zu requests, %zu unchanged, %zu answered in full,"
                 " %lld listings new\n",
                 seconds(&b->again), u->requests - t->requests, u->unchanged - t->unchanged,
                 u->whole - t->whole, (long long)b->listings_new);
    if (o->sources_open > 0)
        (void)printf("%lld sources did not come to their end\n", (long long)o->sources_open);
}

static void print_json(const bench_run *b)
{
    const outcome *o = &b->found;
    const market_audit *t = &b->audit, *u = &b->audit_again;
    json_t *document = json_pack(
        "{s:s, s:s, s:i, s:i, s:i, s:i, s:f, s:b,"
        " s:{s:f, s:f, s:I, s:i}, s:{s:I, s:I, s:I, s:I}, s:{s:I, s:I}, s:I,"
        " s:{s:I, s:I, s:I}, s:{s:I, s:I, s:I, s:I, s:I}, s:{s:f, s:I, s:I, s:I, s:I}}",
        "program", "bench_crawl", "cpu", ko_bench_cpu_name(), "shops", (int)b->a.p.shops,
        "listings_of_market", (int)b->a.p.listings, "pictures_of_listing", (int)b->a.p.pictures,
        "faults_percent", (int)b->a.p.faults_percent, "rate", b->a.rate, "tls", b->a.p.tls, "crawl",
        "seconds", seconds(&b->first), "cpu_seconds", b->first.cpu_s, "peak_bytes",
        (json_int_t)b->first.peak_bytes, "kills", (int)b->first.kills, "listings", "found",
        (json_int_t)o->listings, "lost", (json_int_t)o->listings_lost, "doubled",
        (json_int_t)o->listings_doubled, "false", (json_int_t)o->listings_false, "pictures",
        "found", (json_int_t)o->pictures, "lost", (json_int_t)o->pictures_lost, "sources_open",
        (json_int_t)o->sources_open, "requests", "all", (json_int_t)t->requests, "whole",
        (json_int_t)t->whole, "repeated", (json_int_t)t->repeated, "manners", "busiest_second",
        (json_int_t)u->busiest, "too_often", (json_int_t)u->over, "forbidden",
        (json_int_t)u->forbidden, "before_robots", (json_int_t)u->unasked, "after_wall",
        (json_int_t)t->walled, "again", "seconds", seconds(&b->again), "requests",
        (json_int_t)(u->requests - t->requests), "unchanged",
        (json_int_t)(u->unchanged - t->unchanged), "whole", (json_int_t)(u->whole - t->whole),
        "listings_new", (json_int_t)b->listings_new);
    if (document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0)
        (void)putchar('\n');
    json_decref(document);
}

/* --- all of it --- */

static bool prepare(bench_run *b)
{
    if (!ko_scratch_make(&b->s))
        return false;
    (void)snprintf(b->rate, sizeof b->rate, "%g", b->a.rate);
    char log[128];
    (void)snprintf(log, sizeof log, "%s/market.log", b->s.folder);
    ko_error err = {0};
    b->m = market_start(&b->a.p, b->a.works, b->s.keep ? log : NULL, &err);
    if (!b->m)
        return ko_scratch_complain(&b->s, "market", err.text);
    adding sources = {b, !run_plain(b, "init", NULL, NULL)};
    market_each_truth(b->m, add_source, &sources);
    return !sources.failed;
}

static bool measure(bench_run *b)
{
    if (!crawl(b, false, b->a.kills, &b->first) || !open_database(b))
        return false;
    market_judge(b->m, b->a.rate, &b->audit);
    judge_database(b);
    const int64_t before = ko_scratch_count(&b->s, "SELECT count(*) FROM listing");
    if (!crawl(b, true, 0, &b->again))
        return false;
    b->listings_new = ko_scratch_count(&b->s, "SELECT count(*) FROM listing") - before;
    market_judge(b->m, b->a.rate, &b->audit_again);
    return true;
}

int main(int argc, char **argv)
{
    static bench_run b = {.s.bench = "bench_crawl"};
    b.a = (arguments){.p = {.shops = 10, .listings = 200, .pictures = 5, .seed = 1, .delay_s = 0.1},
                      .rate = 20,
                      .kill_s = 3};
    if (!read_arguments(&b.a, argc, argv))
        return ko_bench_usage(usage, argc, argv);
    b.s.keep = b.a.keep;
    const bool measured = prepare(&b) && measure(&b);
    if (measured && b.a.json)
        print_json(&b);
    else if (measured)
        print_text(&b);
    market_stop(b.m);
    ko_scratch_leave(&b.s);
    return !measured ? 3 : is_good(&b) ? 0 : 1;
}
