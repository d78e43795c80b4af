/* bench/watch_known.h - what a watch wrote of each offer of a market, beside what was true: for
 * those who judge it (watch_judge.h). */
#ifndef KO_BENCH_WATCH_KNOWN_H
#define KO_BENCH_WATCH_KNOWN_H

#include "store/look.h"
#include "store/notice.h"
#include "watch_judge.h"

/* What the database has of an offer; 0 and false: nothing. */
typedef struct ko_known {
    int64_t listing, candidate;
    bool sorted, tied, tied_own, read, hidden;
    int64_t removed_at, reappeared_at, changed_at; /* told; 0: not */
    int64_t looked_at;
    ko_look_outcome outcome;
    ko_notice_state state; /* of its item */
    bool noticed;          /* there is one */
    uint8_t fp[32];        /* of its first picture, when that was read */
} ko_known;

typedef struct ko_judge {
    const ko_watch_trial *trial;
    ko_verdicts *v;
    living *world;
    ko_known *known; /* of each offer */
    size_t n;
    int64_t begin, end;
    bool failed;
} ko_judge;

typedef void ko_judge_fn(ko_judge *j, sqlite3_stmt *row);
/* Calls fn with each row of a statement. */
void ko_judge_each(ko_judge *j, const char *sql, ko_judge_fn *fn);
/* The one number that a statement gives. */
int64_t ko_judge_count(ko_judge *j, const char *sql);
int64_t ko_judge_number(sqlite3_stmt *row, int column);
/* The offer whose URL is in a column; false when it is none of the market's. */
bool ko_judge_offer(const ko_judge *j, sqlite3_stmt *row, int column, size_t *out_index);

/* Whether an offer was in a state when it was looked at: a round of looks takes up to an hour. */
bool ko_judge_was(const ko_judge *j, size_t offer, int64_t at, living_state state);
bool ko_judge_was_gone(const ko_judge *j, size_t offer, int64_t at);
/* Nothing kept anybody from seeing this shop between. */
bool ko_judge_was_plain(const ko_judge *j, unsigned shop, int64_t from, int64_t to);

/* Fills in what is known; but changed_at, which ko_judge_looks does. */
void ko_judge_read(ko_judge *j);
/* Looks at listings, and what followed from them (watch_looks.c). */
void ko_judge_looks(ko_judge *j);

#endif
