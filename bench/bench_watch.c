/* A month of watching in minutes: a market on loopback lives by a virtual clock, a watch (a process
 * of its own, on a real database, over real HTTP) looks after it, is killed at random moments and
 * started again, and an artist decides once a day. In the end all that it wrote and told is held
 * against what was true.
 *
 * Exit status: 0 when nothing is wrong, 1 otherwise. */
#include "bench.h"
#include "month.h"
#include "shared_clock.h"
#include "watch_judge.h"
#include "watch_news.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>

#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)
/* The first of November 2026, when clocks are put back in America; a week before they are in
 * Europe. Of a trial, 73 of 100 lie before it: thirty days have both. */
#define NOVEMBER ((int64_t)1793512800)
#define BEFORE_NOVEMBER 0.73
#define OUTAGE_S (2 * DAY_S)
#define STOPS_MS 2000 /* within which a wish to stop ends it */
#define SECRET "a secret of the trial"

/* --- words --- */

static const char usage[] =
    "usage: bench_watch [--shops N] [--listings N] [--flood N] [--days N] [--kills N]\n"
    "                   [--disk MB] [--drop] [--every HOURS] [--rate N] [--seed N] [--zone ZONE]\n"
    "                   [--rest SECONDS] [--works FOLDER] [--keep] [--json]\n";

static bool read_value(ko_month_arguments *a, const char *name, const char *value)
{
    const struct {
        const char *name;
        double least, most;
        unsigned *whole;
        double *real;
    } numbers[] = {{"--shops", 1, 1000, &a->shops, NULL},
                   {"--listings", 0, 1000, &a->listings, NULL},
                   {"--flood", 0, 10000, &a->flood, NULL},
                   {"--days", 2, 400, &a->days, NULL},
                   {"--kills", 0, KO_MONTH_KILLS_MAX, &a->kills, NULL},
                   {"--disk", 8, 100000, &a->disk_mb, NULL},
                   {"--rest", 0, 3600, &a->rest_s, NULL},
                   {"--every", 0.1, 1000, NULL, &a->every_h},
                   {"--rate", 0.01, 1e6, NULL, &a->rate}};
    double n = 0;
    if (strcmp(name, "--zone") == 0)
        a->zone = value;
    else if (strcmp(name, "--works") == 0)
        a->works = value;
    else if (strcmp(name, "--seed") == 0 && ko_bench_number(value, 0, 1e15, &n))
        a->seed = (uint64_t)n;
    else {
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
    return true;
}

static bool read_arguments(ko_month_arguments *a, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--drop") == 0)
            a->drop = true;
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
/* --- what came of it --- */

static void judge_manners(ko_month *t)
{
    living_audit u;
    living_market_judge(t->market, t->a.rate, &u);
    if (u.over)
        ko_verdict_wrong(&t->verdicts, "manners", "asked too often at %lld", (long long)u.over_at);
    ko_verdict_add(&t->verdicts, "manners", u.forbidden + u.unasked + u.over,
                   "%zu requests, %zu unchanged; %zu in the busiest second of a host, %zu hosts"
                   " asked too often, %zu forbidden, %zu before robots.txt; a wall was asked for"
                   " %zu times a day at most",
                   u.requests, u.unchanged, u.busiest, u.over, u.forbidden, u.unasked, u.walls);
}

static void judge_loop(ko_month *t, double rest)
{
    const bool slow = t->slowest_stop_ms > STOPS_MS;
    ko_verdict_add(
        &t->verdicts, "loop", t->ended_badly + slow,
        "killed %u times, stopped %u times, the slowest in %lld ms; ended badly %u times",
        t->killed - (t->ended_softly ? t->ended_softly - 1 : 0), t->ended_softly,
        (long long)t->slowest_stop_ms, t->ended_badly);
    if (rest >= 0)
        ko_verdict_add(&t->verdicts, "rest", rest > 0.01, "%.2f %% of a processor while it waits",
                       100 * rest);
}

static bool judge(ko_month *t, double rest)
{
    const ko_watch_trial what = {.market = t->market,
                                 .db = t->s.db,
                                 .verdicts = &t->verdicts,
                                 .every_s = t->artist.every_s,
                                 .away_from = t->away_from,
                                 .away_to = t->away_to,
                                 .full_from = t->full_from,
                                 .full_to = t->full_to};
    const bool judged = ko_watch_judge(&what) && ko_watch_judge_news(&what, t->receiver, t->feed);
    ko_verdict_add(&t->verdicts, "deadlines", t->duties.wrong,
                   "%zu compared at %zu moments, by the clock of %s", t->duties.checked,
                   t->duties.days, t->a.zone);
    judge_manners(t);
    judge_loop(t, rest);
    ko_watch_costs_judge(&t->costs, &t->verdicts);
    ko_verdict_add(&t->verdicts, "artist", t->full_from ? 0 : t->artist.failed_days,
                   "%zu days, %zu accepted, %zu rejected, %zu notices about %zu listings, %zu"
                   " countered, %zu released from holds; %zu days failed",
                   t->artist.days, t->artist.accepted, t->artist.rejected, t->artist.notices,
                   t->artist.filed, t->artist.countered, t->artist.released, t->artist.failed_days);
    return judged;
}

static void print(const ko_month *t, double seconds)
{
    if (t->a.json) {
        json_t *document =
            json_pack("{s:s, s:s, s:i, s:i, s:I, s:i, s:b, s:i, s:f, s:I, s:o}", "program",
                      "bench_watch", "cpu", ko_bench_cpu_name(), "shops", (int)t->a.shops, "days",
                      (int)t->a.days, "seed", (json_int_t)t->a.seed, "kills", (int)t->a.kills,
                      "drop", t->a.drop, "disk_mb", (int)t->a.disk_mb, "seconds", seconds, "wrong",
                      (json_int_t)ko_verdicts_wrong(&t->verdicts), "verdicts",
                      ko_verdicts_json(&t->verdicts));
        if (document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0)
            (void)putchar('\n');
        json_decref(document);
        return;
    }
    (void)printf("bench_watch on %s\n%u shops, %u days in %.1f s, seed %llu%s%s\n",
                 ko_bench_cpu_name(), t->a.shops, t->a.days, seconds, (unsigned long long)t->a.seed,
                 t->a.drop ? ", the network drops" : "", t->a.disk_mb ? ", the disk fills up" : "");
    ko_verdicts_print(&t->verdicts);
}

/* --- all of it --- */

static bool mount_disk(ko_month *t)
{
    char size[64];
    (void)snprintf(t->disk, sizeof t->disk, "%s/disk", t->s.folder);
    if (mkdir(t->disk, 0700) != 0)
        return ko_scratch_complain(&t->s, t->disk, strerror(errno));
    (void)snprintf(size, sizeof size, "size=%um,mode=0700", t->a.disk_mb);
    if (t->a.disk_mb == 0)
        return true;
    t->mounted = mount("none", t->disk, "tmpfs", 0, size) == 0;
    return t->mounted || ko_scratch_complain(&t->s, "--disk needs to mount", strerror(errno));
}

static void plan_times(ko_month *t)
{
    const int64_t span_s = t->a.days * DAY_S;
    t->begin = NOVEMBER - (int64_t)(BEFORE_NOVEMBER * (double)span_s);
    t->end = t->begin + span_s;
    /* Either side of midnight, in Europe and in America. */
    t->next_artist = t->begin - t->begin % DAY_S + 22 * HOUR_S + HOUR_S / 2;
    t->next_check = t->begin - t->begin % DAY_S + 28 * HOUR_S + HOUR_S / 2;
    if (t->next_artist <= t->begin)
        t->next_artist += DAY_S;
    if (t->a.drop) {
        t->away_from = t->begin + span_s * 35 / 100;
        t->away_to = t->away_from + OUTAGE_S;
    }
    if (t->a.disk_mb) {
        t->full_from = t->begin + span_s * 5 / 10;
        t->full_to = t->full_from + OUTAGE_S;
    }
}

static void name_files(ko_month *t)
{
    (void)snprintf(t->database, sizeof t->database, "%s/knockoff.db", t->disk);
    (void)snprintf(t->s.database, sizeof t->s.database, "%.120s", t->database);
    (void)snprintf(t->clock, sizeof t->clock, "%s/clock", t->s.folder);
    (void)snprintf(t->feed, sizeof t->feed, "%s/news.atom", t->s.folder);
    (void)snprintf(t->wrong, sizeof t->wrong, "%s/wrong.txt", t->s.folder);
    t->verdicts.wrong = fopen(t->wrong, "w");
    if (t->verdicts.wrong)
        (void)setvbuf(t->verdicts.wrong, NULL, _IOLBF, 0);
}

static bool open_market(ko_month *t, ko_error *err)
{
    t->market = living_market_start(&(living_market_options){.plan = {.shops = t->a.shops,
                                                                      .listings = t->a.listings,
                                                                      .flood = t->a.flood,
                                                                      .begin = t->begin,
                                                                      .end = t->end,
                                                                      .seed = t->a.seed},
                                                             .works = t->a.works,
                                                             .now = ko_shared_clock_tick},
                                    err);
    t->receiver = t->market ? ko_receiver_start(SECRET, ko_shared_clock_now) : NULL;
    if (t->receiver)
        ko_receiver_url(t->receiver, t->webhook);
    return t->receiver != NULL;
}

static bool prepare(ko_month *t)
{
    ko_error err = {0};
    if (!ko_scratch_make(&t->s) || !mount_disk(t))
        return false;
    plan_times(t);
    name_files(t);
    ko_month_plan_kills(t);
    (void)setenv("TZ", t->a.zone, 1);
    tzset();
    if (!ko_shared_clock_use(t->clock, true))
        return ko_scratch_complain(&t->s, t->clock, strerror(errno));
    ko_shared_clock_set(t->begin);
    if (!open_market(t, &err))
        return ko_scratch_complain(&t->s, "market", err.text);
    t->artist = (ko_artist){.market = t->market,
                            .database = t->database,
                            .works = t->a.works,
                            .kit = KO_FIXTURES "/watch",
                            .shops = t->a.shops,
                            .every_s = (int64_t)(t->a.every_h * (double)HOUR_S),
                            .webhook = t->webhook,
                            .feed = t->feed};
    t->how = (ko_watched_options){.database = t->database,
                                  .clock = t->clock,
                                  .secret = SECRET,
                                  .kit = t->artist.kit,
                                  .rate = t->a.rate};
    if (ko_artist_begin(&t->artist, &err) != KO_OK ||
        ko_kit_open(t->artist.kit, &t->kit, &err) != KO_OK)
        return ko_scratch_complain(&t->s, "artist", err.text);
    return ko_watch_duties_open(&t->duties, KO_HOLIDAYS) ||
           ko_scratch_complain(&t->s, KO_HOLIDAYS, "cannot be read");
}

static void leave(ko_month *t)
{
    char costs[128];
    (void)snprintf(costs, sizeof costs, "%s/costs.csv", t->s.folder);
    if (t->s.keep)
        ko_watch_costs_write(&t->costs, costs);
    living_market_stop(t->market);
    ko_receiver_stop(t->receiver);
    ko_watch_duties_close(&t->duties);
    ko_watch_costs_free(&t->costs);
    ko_kit_close(&t->kit);
    if (t->verdicts.wrong)
        (void)fclose(t->verdicts.wrong);
    if (t->mounted && !t->s.keep) {
        (void)sqlite3_close(t->s.db);
        t->s.db = NULL;
        (void)umount(t->disk);
    }
    ko_scratch_leave(&t->s);
}

int main(int argc, char **argv)
{
    static ko_month t = {.s.bench = "bench_watch"};
    if (argc > 1 && strcmp(argv[1], KO_WATCHED_WORD) == 0)
        return ko_watched_main(argc, argv);
    t.a = (ko_month_arguments){.shops = 200,
                               .listings = 5,
                               .flood = 150,
                               .days = 30,
                               .kills = 30,
                               .rest_s = 20,
                               .seed = 1,
                               .rate = 50,
                               .every_h = 12,
                               .zone = "Europe/Berlin",
                               .works = KO_FIXTURES "/market/works"};
    if (!read_arguments(&t.a, argc, argv))
        return ko_bench_usage(usage, argc, argv);
    t.s.keep = t.a.keep;
    const int64_t began_ns = ko_bench_now_ns();
    bool measured = prepare(&t) && ko_month_run(&t);
    const double rest = measured ? ko_month_rest(&t) : -1;
    measured = measured && ko_scratch_open(&t.s, SQLITE_OPEN_READWRITE) && judge(&t, rest);
    if (measured)
        print(&t, (double)(ko_bench_now_ns() - began_ns) * 1e-9);
    const int status = !measured ? 3 : ko_verdicts_wrong(&t.verdicts) > 0 ? 1 : 0;
    leave(&t);
    return status;
}
