/* A month of watching in minutes: a market on loopback lives by a virtual clock, a watch (a process
 * of its own, on a real database, over real HTTP) looks after it, is killed at random moments and
 * started again, and an artist decides once a day. In the end all that it wrote and told is held
 * against what was true.
 *
 * Exit status: 0 when nothing is wrong, 1 otherwise. */
#include "artist.h"
#include "bench.h"
#include "received.h"
#include "scratch.h"
#include "shared_clock.h"
#include "verdicts.h"
#include "watch_costs.h"
#include "watch_duties.h"
#include "watch_judge.h"
#include "watch_news.h"
#include "watched.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)
#define KILLS_MAX 500
/* The first of November 2026, when clocks are put back in America; a week before they are in
 * Europe. Of a trial, 73 of 100 lie before it: thirty days have both. */
#define NOVEMBER ((int64_t)1793512800)
#define BEFORE_NOVEMBER 0.73
#define OUTAGE_S (2 * DAY_S)
#define HANGS_MS 300000 /* of real time without waiting: it hangs */
#define STOPS_MS 2000   /* within which SIGTERM ends it, */
#define STARTS_MS 300   /* once it had time to look out for it */
#define SECRET "a secret of the trial"

typedef struct arguments {
    unsigned shops, listings, flood, days, kills, disk_mb, rest_s;
    uint64_t seed;
    double rate, every_h;
    const char *zone, *works;
    bool drop, json, keep;
} arguments;

typedef struct trial {
    arguments a;
    ko_scratch s;
    char disk[128], database[160], clock[128], feed[160], wrong[128], webhook[64];
    bool mounted;
    living_market *market;
    ko_receiver *receiver;
    ko_artist artist;
    ko_watched watched;
    ko_watched_options how;
    ko_verdicts verdicts;
    ko_watch_costs costs;
    ko_watch_duties duties;
    ko_kit kit;
    int64_t begin, end, next_artist, next_check;
    int64_t away_from, away_to, full_from, full_to; /* 0: never */
    bool away, full;
    int64_t kill_at[KILLS_MAX + 1]; /* the one after the last: 0 */
    unsigned killed, ended_softly, ended_badly;
    int64_t started_ns, round_began_ns, round_ms, slowest_stop_ms;
    uint64_t chance;
} trial;

/* --- words --- */

static const char usage[] =
    "usage: bench_watch [--shops N] [--listings N] [--flood N] [--days N] [--kills N]\n"
    "                   [--disk MB] [--drop] [--every HOURS] [--rate N] [--seed N] [--zone ZONE]\n"
    "                   [--rest SECONDS] [--works FOLDER] [--keep] [--json]\n";

static bool number(const char *text, double least, double most, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= least && *out <= most;
}

static bool read_value(arguments *a, const char *name, const char *value)
{
    const struct {
        const char *name;
        double least, most;
        unsigned *whole;
        double *real;
    } numbers[] = {
        {"--shops", 1, 1000, &a->shops, NULL},      {"--listings", 0, 1000, &a->listings, NULL},
        {"--flood", 0, 10000, &a->flood, NULL},     {"--days", 2, 400, &a->days, NULL},
        {"--kills", 0, KILLS_MAX, &a->kills, NULL}, {"--disk", 8, 100000, &a->disk_mb, NULL},
        {"--rest", 0, 3600, &a->rest_s, NULL},      {"--every", 0.1, 1000, NULL, &a->every_h},
        {"--rate", 0.01, 1e6, NULL, &a->rate}};
    double n = 0;
    if (strcmp(name, "--zone") == 0)
        a->zone = value;
    else if (strcmp(name, "--works") == 0)
        a->works = value;
    else if (strcmp(name, "--seed") == 0 && number(value, 0, 1e15, &n))
        a->seed = (uint64_t)n;
    else {
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
            if (strcmp(name, numbers[i].name) == 0 &&
                number(value, numbers[i].least, numbers[i].most, &n)) {
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

static bool read_arguments(arguments *a, int argc, char **argv)
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

/* --- chance --- */

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static double chance(trial *t)
{
    uint64_t z = t->chance += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void plan_kills(trial *t)
{
    t->chance = t->a.seed * 7919 + 17;
    for (unsigned i = 0; i < t->a.kills; i++)
        t->kill_at[i] = t->begin + (int64_t)(chance(t) * (double)(t->end - t->begin));
    qsort(t->kill_at, t->a.kills, sizeof *t->kill_at, by_time);
}

/* --- disk and network --- */

static bool mount_disk(trial *t)
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

/* Writes until no byte more fits; or gives the room back. */
static void fill_disk(trial *t, bool full)
{
    static const char nothing[1 << 16];
    char path[160];
    (void)snprintf(path, sizeof path, "%s/ballast", t->disk);
    t->full = full;
    if (!full) {
        (void)unlink(path);
        return;
    }
    FILE *f = fopen(path, "w");
    if (!f)
        return;
    (void)setvbuf(f, NULL, _IONBF, 0);
    for (size_t n = sizeof nothing; n > 0; n /= 2)
        while (fwrite(nothing, 1, n, f) == n)
            ;
    (void)fclose(f);
}

static bool connect_all(trial *t, bool connected)
{
    t->away = !connected;
    return living_market_connect(t->market, connected) &&
           ko_receiver_connect(t->receiver, connected);
}

static bool turn_outages(trial *t, int64_t now)
{
    const bool away = t->away_from && now >= t->away_from && now < t->away_to;
    const bool full = t->full_from && now >= t->full_from && now < t->full_to;
    if (full != t->full)
        fill_disk(t, full);
    return away == t->away || connect_all(t, !away) ||
           ko_scratch_complain(&t->s, "network", strerror(errno));
}

/* --- what happens while the watch waits --- */

static bool check_duties(trial *t)
{
    ko_store *store = NULL;
    ko_error err = {0};
    ko_status st = ko_store_open(t->database, KO_STORE_OPEN, &store, &err);
    if (st == KO_OK)
        st = ko_watch_duties_check(&t->duties, store, &t->kit, &t->verdicts, &err);
    ko_store_close(store);
    return st == KO_OK || t->full || ko_scratch_complain(&t->s, "duties", err.text);
}

static bool do_artist(trial *t)
{
    ko_error err = {0};
    living_audit audit;
    const ko_status st = ko_artist_day(&t->artist, &err);
    living_market_judge(t->market, t->a.rate, &audit);
    ko_watch_costs_day(&t->costs, ko_clock_now(), t->database, audit.bytes_new);
    if (st != KO_OK)
        ko_verdict_wrong(&t->verdicts, "artist", "%s", err.text);
    return st == KO_OK || t->full || ko_scratch_complain(&t->s, "artist", err.text);
}

/* The next moment at which the driver has something to do. */
static int64_t next_event(const trial *t)
{
    const int64_t moments[] = {t->next_artist, t->next_check, t->end,    t->away_from,
                               t->away_to,     t->full_from,  t->full_to};
    const int64_t now = ko_clock_now();
    int64_t next = t->end;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        if (moments[i] > now && moments[i] < next)
            next = moments[i];
    return next;
}

static bool let_time_pass(trial *t, int64_t until)
{
    while (ko_clock_now() < until && ko_clock_now() < t->end) {
        const int64_t next = next_event(t);
        ko_shared_clock_set(next < until ? next : until);
        const int64_t now = ko_clock_now();
        if (!turn_outages(t, now))
            return false;
        if (now >= t->next_check) {
            t->next_check += DAY_S;
            if (!check_duties(t))
                return false;
        }
        if (now >= t->next_artist) {
            t->next_artist += DAY_S;
            if (!check_duties(t) || !do_artist(t))
                return false;
        }
    }
    return true;
}

/* --- the watch --- */

static bool start(trial *t)
{
    t->round_began_ns = t->started_ns = ko_bench_now_ns();
    return ko_watched_start(&t->watched, &t->how, t->s.says) ||
           ko_scratch_complain(&t->s, "watch", strerror(errno));
}

/* Every fourth is told to stop, as a service manager does; the others know nothing of it. Then the
 * machine is off for a while. */
static bool end_watch(trial *t)
{
    const bool up = ko_bench_now_ns() - t->started_ns > STARTS_MS * (int64_t)1000000;
    const bool softly = up && t->killed % 4 == 3;
    const int64_t ms = ko_watched_end(&t->watched, softly ? SIGTERM : SIGKILL);
    t->killed++;
    if (softly) {
        t->ended_softly++;
        if (ms > t->slowest_stop_ms)
            t->slowest_stop_ms = ms;
        t->ended_badly += t->watched.status != 0;
    }
    const int64_t off_s = t->killed % 3 == 0 ? (int64_t)(chance(t) * 8 * (double)HOUR_S) : 0;
    return let_time_pass(t, ko_clock_now() + off_s) && start(t);
}

/* How long this round goes on before the watch is ended; 0: it is not. */
static int64_t time_to_kill_ms(trial *t)
{
    if (t->killed >= t->a.kills || ko_clock_now() < t->kill_at[t->killed])
        return 0;
    return 1 + (int64_t)(chance(t) * 1.1 * (double)(t->round_ms > 100 ? t->round_ms : 2000));
}

/* It comes back for the next event, and once an hour to be looked at; one that is to be killed has
 * longer, so that what it does then takes most of the time. */
static void let_go_on(trial *t)
{
    const int64_t now = ko_clock_now(), next = next_event(t);
    const bool dies = t->killed < t->a.kills && now >= t->kill_at[t->killed];
    const int64_t longest = now + (dies ? 6 : 1) * HOUR_S;
    ko_shared_clock_allow(next <= longest ? next - 1 : longest);
    ko_watched_go_on(&t->watched);
}

static bool on_wait(trial *t, int64_t until)
{
    const int64_t took_ms = (ko_bench_now_ns() - t->round_began_ns) / 1000000;
    if (took_ms > 20) /* one that did something */
        t->round_ms = took_ms;
    ko_watch_costs_wait(&t->costs, ko_clock_now(), t->watched.pid,
                        ko_watched_resident_bytes(&t->watched), took_ms);
    if (!let_time_pass(t, until))
        return false;
    t->round_began_ns = ko_bench_now_ns();
    if (ko_clock_now() < t->end)
        let_go_on(t);
    return true;
}

/* One that ended of itself: after a full disk it may, else not. */
static bool on_end(trial *t)
{
    ko_verdict_wrong(&t->verdicts, "loop", "it ended with status %d at %lld%s", t->watched.status,
                     (long long)ko_clock_now(), t->full ? ", the disk was full" : "");
    t->ended_badly++;
    if (t->ended_badly > 20)
        return ko_scratch_complain(&t->s, "watch", "it keeps ending (--keep, then read says.txt)");
    return let_time_pass(t, ko_clock_now() + HOUR_S) && start(t);
}

static bool run(trial *t)
{
    int64_t until = 0;
    bool going = start(t);
    while (going && ko_clock_now() < t->end) {
        const int64_t kill_ms = time_to_kill_ms(t);
        switch (ko_watched_next(&t->watched, kill_ms ? kill_ms : HANGS_MS, &until)) {
        case KO_WATCHED_WAITS:
            going = on_wait(t, until);
            break;
        case KO_WATCHED_ENDED:
            going = on_end(t);
            break;
        case KO_WATCHED_BUSY:
            going = kill_ms ? end_watch(t)
                            : ko_scratch_complain(&t->s, "watch", "it hangs (read says.txt)");
            break;
        }
    }
    if (t->watched.pid) {
        const int64_t ms = ko_watched_end(&t->watched, SIGTERM);
        if (ms > t->slowest_stop_ms)
            t->slowest_stop_ms = ms;
        t->ended_softly++;
        t->ended_badly += t->watched.status != 0;
    }
    return going;
}

/* Seconds of CPU in a second of waiting for real; below 0 when nothing was measured. */
static double measure_rest(trial *t)
{
    int64_t ignored;
    if (t->a.rest_s == 0)
        return -1;
    t->how.rests = true;
    if (!start(t))
        return -1;
    double before;
    do { /* what is due is done first */
        before = ko_watched_cpu_s(&t->watched);
        if (ko_watched_next(&t->watched, 2000, &ignored) == KO_WATCHED_ENDED)
            return -1;
    } while (ko_watched_cpu_s(&t->watched) - before > 0.05);
    before = ko_watched_cpu_s(&t->watched);
    (void)ko_watched_next(&t->watched, (int64_t)t->a.rest_s * 1000, &ignored);
    const double spent = ko_watched_cpu_s(&t->watched) - before;
    const int64_t ms = ko_watched_end(&t->watched, SIGTERM);
    if (ms > t->slowest_stop_ms)
        t->slowest_stop_ms = ms;
    return spent / t->a.rest_s;
}

/* --- what came of it --- */

static void judge_manners(trial *t)
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

static void judge_loop(trial *t, double rest)
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

static bool judge(trial *t, double rest)
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

static void print(const trial *t, double seconds)
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

static void plan_times(trial *t)
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

static void name_files(trial *t)
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

static bool open_market(trial *t, ko_error *err)
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

static bool prepare(trial *t)
{
    ko_error err = {0};
    if (!ko_scratch_make(&t->s) || !mount_disk(t))
        return false;
    plan_times(t);
    name_files(t);
    plan_kills(t);
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

static void leave(trial *t)
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
    static trial t = {.s.bench = "bench_watch"};
    if (argc > 1 && strcmp(argv[1], KO_WATCHED_WORD) == 0)
        return ko_watched_main(argc, argv);
    t.a = (arguments){.shops = 200,
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
    bool measured = prepare(&t) && run(&t);
    const double rest = measured ? measure_rest(&t) : -1;
    measured = measured && ko_scratch_open(&t.s, SQLITE_OPEN_READWRITE) && judge(&t, rest);
    if (measured)
        print(&t, (double)(ko_bench_now_ns() - began_ns) * 1e-9);
    const int status = !measured ? 3 : ko_verdicts_wrong(&t.verdicts) > 0 ? 1 : 0;
    leave(&t);
    return status;
}
