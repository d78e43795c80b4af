/* bench/bench.h - what every benchmark program shares: a clock, the name of the machine,
 * repeated timing, and one way to print results.
 *
 * A program opens a ko_bench, runs its cases and closes it. Text goes to standard output
 * line by line; with --json one JSON document is printed at the end instead. */
#ifndef KO_BENCH_BENCH_H
#define KO_BENCH_BENCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds of a clock that never jumps; only differences mean anything. */
int64_t ko_bench_now_ns(void);

/* The processor's own name for itself, or "unknown". Valid until the program ends. */
const char *ko_bench_cpu_name(void);

/* Reads a number and nothing behind it, of least to most; false, and *out untouched, when text is
 * NULL or something else. */
bool ko_bench_number(const char *text, double least, double most, double *out);

/* One thing to measure. */
typedef struct ko_bench_case {
    const char *name;   /* what is done, for instance "hash" */
    const char *level;  /* simd level it ran with, "-" where that means nothing */
    const char *corpus; /* what it was done to, for instance "64 pictures of 512x512" */
    const char *item;   /* what is counted, in the singular: "picture", "pair" */
    double items;       /* how many of them one call of fn does */
    void (*fn)(void *context);
    void *context;
} ko_bench_case;

/* For usage lines: what ko_bench_open reads. */
#define KO_BENCH_OPTIONS "[--json] [--repeats 1..999]"
#define KO_BENCH_REPEATS_MAX 999

typedef struct ko_bench {
    const char *program;
    unsigned repeats; /* timed calls of each case */
    bool json;
    json_t *results;
} ko_bench;

/* Says how to call a program: on standard output with 0 to return when --help is among the
 * arguments, else on standard error with 2. */
int ko_bench_usage(const char *usage, int argc, char **argv);

/* Reads --json and --repeats N from the command line. False when the arguments do not fit
 * or there is no memory: the program should return what ko_bench_usage does. */
bool ko_bench_open(ko_bench *bench, const char *program, int argc, char **argv);

/* Calls fn once to warm up and then repeats times, and reports the median of the timed
 * calls, the best of them, and their spread: half the distance between the quartiles, in
 * per cent of the median. On a machine with other work only the best means much. */
void ko_bench_run(ko_bench *bench, const ko_bench_case *what);

/* Prints what is left to print and frees. */
void ko_bench_close(ko_bench *bench);

#endif
