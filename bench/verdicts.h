/* bench/verdicts.h - what a trial is judged by: lines with a name, a count of what is wrong, and
 * the figures in words. */
#ifndef KO_BENCH_VERDICTS_H
#define KO_BENCH_VERDICTS_H

#include <jansson.h>
#include <knockoff/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define KO_VERDICTS_MAX 40
#define KO_VERDICT_WORDS 240

typedef struct ko_verdict_line {
    const char *name; /* static */
    size_t wrong;
    char words[KO_VERDICT_WORDS];
} ko_verdict_line;

typedef struct ko_verdicts {
    ko_verdict_line lines[KO_VERDICTS_MAX];
    size_t n;
    FILE *wrong; /* each wrong thing, a line */
} ko_verdicts;

/* Says what one wrong thing is. */
void ko_verdict_wrong(ko_verdicts *v, const char *name, const char *fmt, ...) KO_PRINTF(3, 4);
void ko_verdict_add(ko_verdicts *v, const char *name, size_t wrong, const char *fmt, ...)
    KO_PRINTF(4, 5);
/* How many things are wrong in all. */
size_t ko_verdicts_wrong(const ko_verdicts *v);
void ko_verdicts_print(const ko_verdicts *v);
/* [{"name", "wrong", "words"}], new; NULL without memory. */
json_t *ko_verdicts_json(const ko_verdicts *v);

#endif
