#include "month.h"

#include "bench.h"
#include "shared_clock.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)
#define HANGS_MS 300000 /* of real time without waiting: it hangs */
#define STARTS_MS 300   /* until it looks out for a wish to stop */

/* --- chance --- */

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static double chance(ko_month *t)
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

void ko_month_plan_kills(ko_month *t)
{
    t->chance = t->a.seed * 7919 + 17;
    for (unsigned i = 0; i < t->a.kills; i++)
        t->kill_at[i] = t->begin + (int64_t)(chance(t) * (double)(t->end - t->begin));
    qsort(t->kill_at, t->a.kills, sizeof *t->kill_at, by_time);
}

/* --- disk and network --- */

/* Writes until no byte more fits; or gives the room back. */
static void fill_disk(ko_month *t, bool full)
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

static bool connect_all(ko_month *t, bool connected)
{
    t->away = !connected;
    return living_market_connect(t->market, connected) &&
           ko_receiver_connect(t->receiver, connected);
}

static bool turn_outages(ko_month *t, int64_t now)
{
    const bool away = t->away_from && now >= t->away_from && now < t->away_to;
    const bool full = t->full_from && now >= t->full_from && now < t->full_to;
    if (full != t->full)
        fill_disk(t, full);
    return away == t->away || connect_all(t, !away) ||
           ko_scratch_complain(&t->s, "network", strerror(errno));
}

/* --- what happens while the watch waits --- */

static bool check_duties(ko_month *t)
{
    ko_store *store = NULL;
    ko_error err = {0};
    ko_status st = ko_store_open(t->database, KO_STORE_OPEN, &store, &err);
    if (st == KO_OK)
        st = ko_watch_duties_check(&t->duties, store, &t->kit, &t->verdicts, &err);
    ko_store_close(store);
    return st == KO_OK || t->full || ko_scratch_complain(&t->s, "duties", err.text);
}

static bool do_artist(ko_month *t)
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
static int64_t next_event(const ko_month *t)
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

static bool let_time_pass(ko_month *t, int64_t until)
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

static bool start(ko_month *t)
{
    t->round_began_ns = t->started_ns = ko_bench_now_ns();
    return ko_watched_start(&t->watched, &t->how, t->s.says) ||
           ko_scratch_complain(&t->s, "watch", strerror(errno));
}

/* Every fourth is told to stop, as a service manager does; the others know nothing of it. Then the
 * machine is off for a while. */
static bool end_watch(ko_month *t)
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
static int64_t time_to_kill_ms(ko_month *t)
{
    if (t->killed >= t->a.kills || ko_clock_now() < t->kill_at[t->killed])
        return 0;
    return 1 + (int64_t)(chance(t) * 1.1 * (double)(t->round_ms > 100 ? t->round_ms : 2000));
}

/* It comes back for the next event, and once an hour to be looked at; one that is to be killed has
 * longer, so that what it does then takes most of the time. */
static void let_go_on(ko_month *t)
{
    const int64_t now = ko_clock_now(), next = next_event(t);
    const bool dies = t->killed < t->a.kills && now >= t->kill_at[t->killed];
    const int64_t longest = now + (dies ? 6 : 1) * HOUR_S;
    ko_shared_clock_allow(next <= longest ? next - 1 : longest);
    ko_watched_go_on(&t->watched);
}

static bool on_wait(ko_month *t, int64_t until)
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
static bool on_end(ko_month *t)
{
    ko_verdict_wrong(&t->verdicts, "loop", "it ended with status %d at %lld%s", t->watched.status,
                     (long long)ko_clock_now(), t->full ? ", the disk was full" : "");
    t->ended_badly++;
    if (t->ended_badly > 20)
        return ko_scratch_complain(&t->s, "watch", "it keeps ending (--keep, then read says.txt)");
    return let_time_pass(t, ko_clock_now() + HOUR_S) && start(t);
}

bool ko_month_run(ko_month *t)
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

double ko_month_rest(ko_month *t)
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
