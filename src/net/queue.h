/* net/queue.h - what waits for one host, and when it may be asked next.
 *
 * A queue is of a host name, whatever the scheme and port: that is what a rate is meant for. The
 * schedule holds the queues that have something to do, the next one first. */
#ifndef KO_NET_QUEUE_H
#define KO_NET_QUEUE_H

#include "net/job.h"

typedef struct ko_queue {
    char *host; /* as in URLs */
    ko_jobs jobs;
    bool busy;          /* a request is under way */
    size_t place;       /* in the schedule, from 1; 0: not there */
    int64_t sent_ms;    /* when the last request was, by ko_clock_ms; before the first, when the
                           ko_net was opened */
    int64_t ready_ms;   /* not asked before */
    double delay_s;     /* that its robots.txt asks for */
    int64_t not_before; /* seconds since 1970: it asked to be left alone until then; 0: not */
    const char *wall;   /* static: it showed this, and is left alone; NULL: it is not */
    unsigned requests;  /* sent */
    unsigned failures;  /* in a row: it asked for time, reset or was silent */
} ko_queue;

KO_NODISCARD ko_status ko_queue_make(const char *host, size_t n, ko_queue **out_queue,
                                     ko_error *err);
void ko_queue_free(ko_queue *queue); /* and what waits in it; NULL is fine */

/* Milliseconds from one request to the next, without chance: never less than 1 / rate seconds
 * and the delay asked for, unless that is more than KO_MAX_GAP_S: it is not waited for. */
double ko_queue_gap_ms(const ko_queue *queue, double rate);
/* Sets when the queue is ready: that long after the last request. */
void ko_queue_rest(ko_queue *queue, double rate);

/* Queues by the time at which they are ready: a heap. */
typedef struct ko_schedule {
    ko_queue **queues;
    size_t n, capacity;
} ko_schedule;

/* Puts the queue in unless it is there. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_schedule_put(ko_schedule *schedule, ko_queue *queue, ko_error *err);
ko_queue *ko_schedule_first(const ko_schedule *schedule); /* NULL: none */
ko_queue *ko_schedule_take(ko_schedule *schedule);        /* out of it */
void ko_schedule_free(ko_schedule *schedule);

#endif
