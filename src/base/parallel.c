/* Threads are started per call. A call is a chunk of many pictures, milliseconds each, so
 * a standing pool would save nothing that can be measured and would need an owner. */
#include "base/parallel.h"

#include "base/limits.h"
#include "base/stop.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct batch {
    size_t n;
    ko_parallel_fn *fn;
    void *context;
    atomic_size_t next;
    const atomic_bool *stop; /* what the caller follows */
} batch;

typedef struct worker {
    batch *batch;
    unsigned number;
    pthread_t thread;
} worker;

static void *run(void *argument)
{
    const worker *self = argument;
    batch *b = self->batch;
    (void)ko_stop_follow(b->stop);
    while (!ko_stop_asked()) {
        const size_t item = atomic_fetch_add(&b->next, 1);
        if (item >= b->n)
            break;
        b->fn(b->context, item, self->number);
    }
    return NULL;
}

ko_status ko_parallel_for(size_t n, unsigned jobs, ko_parallel_fn *fn, void *context)
{
    assert(jobs >= 1 && fn);
    batch b = {.n = n, .fn = fn, .context = context, .stop = ko_stop_follow(NULL)};
    worker workers[KO_MAX_JOBS];
    if (jobs > KO_MAX_JOBS)
        jobs = KO_MAX_JOBS;
    if (jobs > n)
        jobs = n ? (unsigned)n : 1;
    unsigned started = 1;
    for (; started < jobs; started++) {
        workers[started] = (worker){.batch = &b, .number = started};
        if (pthread_create(&workers[started].thread, NULL, run, &workers[started]) != 0)
            break; /* fewer threads do the same work */
    }
    workers[0] = (worker){.batch = &b, .number = 0};
    (void)run(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        (void)pthread_join(workers[i].thread, NULL);
    return atomic_load(&b.next) < n ? KO_E_STOPPED : KO_OK;
}

unsigned ko_parallel_processors(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > (long)KO_MAX_JOBS ? KO_MAX_JOBS : (unsigned)n;
}
