/* bench/child.h - running the program itself, and what that took. */
#ifndef KO_BENCH_CHILD_H
#define KO_BENCH_CHILD_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ko_child_cost {
    int64_t wall_ns; /* of all runs together */
    double cpu_s;    /* user and system */
    long peak_bytes; /* resident, of the run that had the most */
    unsigned runs, kills;
} ko_child_cost;

/* Puts the path of the program that is installed or built beside this benchmark into out. */
bool ko_child_program(char *out, unsigned size);

/* Runs argv, a program and its words, with what it says appended to the file says, kills it
 * with SIGKILL when it is not done after kill_ms milliseconds (0: never), and adds what it took
 * to *cost. *out_status is its exit status, or -1 when it was killed. False when it cannot be
 * run. */
bool ko_child_run(const char *const argv[], const char *says, int64_t kill_ms, ko_child_cost *cost,
                  int *out_status);

#endif
