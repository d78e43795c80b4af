#include "net/queue.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <assert.h>

ko_status ko_queue_make(const char *host, size_t n, ko_queue **out_queue, ko_error *err)
{
    ko_queue *queue = ko_alloc_zero(1, sizeof *queue);
    if (queue)
        queue->host = ko_strndup(host, n);
    if (!queue || !queue->host) {
        ko_queue_free(queue);
        return ko_fail(err, KO_E_NOMEM, "no memory for host %.*s", (int)n, host);
    }
    *out_queue = queue;
    return KO_OK;
}

void ko_queue_free(ko_queue *queue)
{
    if (!queue)
        return;
    ko_jobs_free(&queue->jobs);
    ko_free(queue->host);
    ko_free(queue);
}

double ko_queue_gap_ms(const ko_queue *queue, double rate)
{
    const double gap_s = 1 / rate;
    const double delay_s = queue->delay_s <= KO_MAX_GAP_S ? queue->delay_s : 0;
    return 1000 * (gap_s > delay_s ? gap_s : delay_s);
}

void ko_queue_rest(ko_queue *queue, double rate)
{
    queue->ready_ms = queue->sent_ms + (int64_t)ko_queue_gap_ms(queue, rate) + 1;
}

/* Places count from 1, so that place i has the children 2i and 2i + 1. */
static void set(ko_schedule *schedule, size_t place, ko_queue *queue)
{
    schedule->queues[place - 1] = queue;
    queue->place = place;
}

static ko_queue *at(const ko_schedule *schedule, size_t place)
{
    return schedule->queues[place - 1];
}

static void rise(ko_schedule *schedule, ko_queue *queue)
{
    size_t place = queue->place;
    while (place > 1 && at(schedule, place / 2)->ready_ms > queue->ready_ms) {
        set(schedule, place, at(schedule, place / 2));
        place /= 2;
    }
    set(schedule, place, queue);
}

static void sink(ko_schedule *schedule, ko_queue *queue)
{
    size_t place = queue->place;
    for (;;) {
        size_t child = 2 * place;
        if (child < schedule->n &&
            at(schedule, child + 1)->ready_ms < at(schedule, child)->ready_ms)
            child++;
        if (child > schedule->n || at(schedule, child)->ready_ms >= queue->ready_ms)
            break;
        set(schedule, place, at(schedule, child));
        place = child;
    }
    set(schedule, place, queue);
}

ko_status ko_schedule_put(ko_schedule *schedule, ko_queue *queue, ko_error *err)
{
    if (queue->place)
        return KO_OK;
    ko_queue **grown =
        ko_grown((void *)schedule->queues, schedule->n, &schedule->capacity, sizeof(ko_queue *));
    if (!grown)
        return ko_fail(err, KO_E_NOMEM, "no memory for %zu hosts", schedule->n + 1);
    schedule->queues = grown;
    set(schedule, ++schedule->n, queue);
    rise(schedule, queue);
    return KO_OK;
}

ko_queue *ko_schedule_first(const ko_schedule *schedule)
{
    return schedule->n ? schedule->queues[0] : NULL;
}

ko_queue *ko_schedule_take(ko_schedule *schedule)
{
    ko_queue *queue = ko_schedule_first(schedule);
    if (!queue)
        return NULL;
    ko_queue *last = schedule->queues[--schedule->n];
    if (schedule->n) {
        set(schedule, 1, last);
        sink(schedule, last);
    }
    queue->place = 0;
    assert(!queue->busy);
    return queue;
}

void ko_schedule_free(ko_schedule *schedule)
{
    ko_free((void *)schedule->queues);
    *schedule = (ko_schedule){0};
}
