/* bench/scratch.h - where a benchmark runs the program: a folder of its own, with a database. */
#ifndef KO_BENCH_SCRATCH_H
#define KO_BENCH_SCRATCH_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct ko_scratch {
    const char *bench; /* "bench_crawl", for messages */
    bool keep;         /* the folder stays */
    char folder[64], program[4096];
    char database[128]; /* $KNOCKOFF_DB from then on */
    char says[128];     /* what the program says */
    sqlite3 *db;        /* of the benchmark's own; NULL until it is opened */
} ko_scratch;

/* Says on standard error what went wrong, and returns false. */
bool ko_scratch_complain(const ko_scratch *scratch, const char *what, const char *why);

/* Makes the folder, and finds the program. Whatever is returned, end with ko_scratch_leave. */
bool ko_scratch_make(ko_scratch *scratch);

/* Opens the database with these flags of SQLite's. */
bool ko_scratch_open(ko_scratch *scratch, int flags);
/* The one number that a query gives; -1, and said, when it gives none. */
int64_t ko_scratch_count(const ko_scratch *scratch, const char *sql);

/* Takes the folder with all that is in it away, or says where it is. */
void ko_scratch_leave(ko_scratch *scratch);

#endif
