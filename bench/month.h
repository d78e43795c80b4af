/* bench/month.h - a trial of so many days: time passes, the watch does what is due and is killed,
 * the artist does a day's work, the network and the disk go and come back. */
#ifndef KO_BENCH_MONTH_H
#define KO_BENCH_MONTH_H

#include "artist.h"
#include "received.h"
#include "scratch.h"
#include "verdicts.h"
#include "watch_costs.h"
#include "watch_duties.h"
#include "watched.h"

#define KO_MONTH_KILLS_MAX 500

typedef struct ko_month_arguments {
    unsigned shops, listings, flood, days, kills, disk_mb, rest_s;
    uint64_t seed;
    double rate, every_h;
    const char *zone, *works;
    bool drop, json, keep;
} ko_month_arguments;

typedef struct ko_month {
    ko_month_arguments a;
    ko_scratch s;
    char disk[128]; /* a folder, where a disk may be mounted */
    char database[160], clock[128], feed[160], wrong[128], webhook[64];
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
    int64_t begin, end;
    int64_t next_artist, next_check;                /* of duties */
    int64_t away_from, away_to, full_from, full_to; /* 0: never */
    bool away, full;
    int64_t kill_at[KO_MONTH_KILLS_MAX + 1]; /* the one after the last: 0 */
    unsigned killed;                         /* in whatever way */
    unsigned ended_softly;                   /* asked to stop */
    unsigned ended_badly;                    /* by themselves, or not as asked */
    int64_t started_ns, round_began_ns, round_ms, slowest_stop_ms;
    uint64_t chance;
} ko_month;

/* When it is killed follows from the seed. */
void ko_month_plan_kills(ko_month *month);
/* From begin to end; the market and all else is there. False, and said, when it cannot go on. */
bool ko_month_run(ko_month *month);
/* Seconds of CPU in a second of waiting for real, afterwards; below 0 when nothing was measured. */
double ko_month_rest(ko_month *month);

#endif
