/* bench/watched.h - the watch under trial: a process of its own that does what `knockoff watch`
 * does, by the shared clock, and instead of waiting says until when it would.
 *
 * The driver lets time pass, or allows it to (shared_clock.h), and may kill it at any moment. */
#ifndef KO_BENCH_WATCHED_H
#define KO_BENCH_WATCHED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a watch is started with; words of its command line. */
typedef struct ko_watched_options {
    const char *database; /* its archive lies beside it */
    const char *clock;    /* path of the shared clock */
    const char *secret;   /* of the webhook */
    const char *kit;      /* folder of the user's own rules */
    double rate;          /* requests a second and host */
    bool rests;           /* waits for real */
} ko_watched_options;

/* Is the whole life of the process that ko_watched_start starts. */
int ko_watched_main(int argc, char **argv);

/* The name by which main knows that it is one: argv[1]. */
#define KO_WATCHED_WORD "--be-watched"

typedef struct ko_watched {
    pid_t pid;  /* 0: none */
    int line;   /* a socket to it */
    int status; /* of the last one that ended: exit status, or -1 when it was killed */
} ko_watched;

/* What it says goes to the end of the file says. */
bool ko_watched_start(ko_watched *w, const ko_watched_options *options, const char *says);

typedef enum ko_watched_event {
    KO_WATCHED_WAITS, /* *out_until has the moment; it goes on after ko_watched_go_on */
    KO_WATCHED_ENDED,
    KO_WATCHED_BUSY /* neither within the time */
} ko_watched_event;
/* Waits for what it does next, at most ms of real time. */
ko_watched_event ko_watched_next(ko_watched *w, int64_t ms, int64_t *out_until);
void ko_watched_go_on(ko_watched *w);

/* Sends a signal, and waits until it has ended; returns milliseconds that that took. */
int64_t ko_watched_end(ko_watched *w, int signal);

/* What the process has now: resident memory, and CPU time so far. */
int64_t ko_watched_resident_bytes(const ko_watched *w);
double ko_watched_cpu_s(const ko_watched *w);

#endif
