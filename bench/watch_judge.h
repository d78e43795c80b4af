/* bench/watch_judge.h - what a watch wrote into its database, held against what was true. */
#ifndef KO_BENCH_WATCH_JUDGE_H
#define KO_BENCH_WATCH_JUDGE_H

#include "server/living_market.h"
#include "verdicts.h"

#include <sqlite3.h>

typedef struct ko_watch_trial {
    living_market *market;
    sqlite3 *db;
    ko_verdicts *verdicts;
    int64_t every_s;            /* between two crawls */
    int64_t away_from, away_to; /* nothing could be reached; 0: never */
    int64_t full_from, full_to; /* nothing could be kept; 0: never */
} ko_watch_trial;

/* Adds verdicts about all that the database tells. False when it cannot be read. */
bool ko_watch_judge(const ko_watch_trial *trial);

#endif
