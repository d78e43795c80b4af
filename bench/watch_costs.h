/* bench/watch_costs.h - what a watch costs while time goes by: memory, and room on the disk. */
#ifndef KO_BENCH_WATCH_COSTS_H
#define KO_BENCH_WATCH_COSTS_H

#include "verdicts.h"

#include <stdint.h>
#include <sys/types.h>

typedef struct ko_watch_wait {
    int64_t at, resident_bytes, took_ms; /* the round before it */
    pid_t pid;
} ko_watch_wait;

typedef struct ko_watch_day {
    int64_t at, database_bytes, wal_bytes, archive_bytes;
    int64_t new_bytes; /* that the market sent for the first time, so far */
} ko_watch_day;

typedef struct ko_watch_costs {
    ko_watch_wait *waits;
    size_t n_waits, waits_capacity;
    ko_watch_day *days;
    size_t n_days, days_capacity;
} ko_watch_costs;

/* The watch waits. Without memory nothing is noted. */
void ko_watch_costs_wait(ko_watch_costs *c, int64_t at, pid_t pid, int64_t resident_bytes,
                         int64_t took_ms);
/* A day is over. */
void ko_watch_costs_day(ko_watch_costs *c, int64_t at, const char *database, int64_t new_bytes);
void ko_watch_costs_judge(const ko_watch_costs *c, ko_verdicts *verdicts);
/* Writes a table of all that was noted of the process: at, pid, resident, took. */
void ko_watch_costs_write(const ko_watch_costs *c, const char *path);
void ko_watch_costs_free(ko_watch_costs *c);

#endif
