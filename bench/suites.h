/* bench/suites.h - conformance suites of what is read from sites, one case a line. */
#ifndef KO_BENCH_SUITES_H
#define KO_BENCH_SUITES_H

#include <stdbool.h>
#include <stddef.h>

/* How many of how many came out right. */
typedef struct ko_share {
    size_t right, all;
} ko_share;

/* Where the results of suites go; wrong tells each case that came out wrong, and may be NULL. */
typedef struct ko_suites {
    void *context;
    void (*on_suite)(void *context, const char *name, ko_share share);
    void (*on_wrong)(void *context, const char *suite, const char *text);
} ko_suites;

/* Runs those whose files lie in the folder: robots/verdicts.jsonl (a suite for each kind),
 * srcset/srcset.jsonl, prices/price-parser.jsonl, url/wpt-urltestdata.json. */
void ko_suites_run(const ko_suites *suites, const char *folder);

/* True when a currency written in any way ("zł", "US$", "EUR") is the one of this code; a sign
 * that several share is any of them. */
bool ko_suites_same_currency(const char *written, const char *code);

#endif
