#include "serve/live.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "store/notice.h"
#include "store/seen.h"
#include "store/work.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

/* A list is not made anew before so many times as long has passed as making it took. */
#define REST 9

struct ko_live {
    ko_store *store; /* of the thread that refreshes */
    int64_t changes; /* of the file, that were taken in */
    bool outdated;   /* the list */
    int64_t built_at_ms, took_ms;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    ko_inbox *inbox;
    ko_live_counts counts;
    bool stopped;
};

/* --- figures --- */

static ko_status count_notice(void *context, const ko_notice *notice)
{
    (void)notice;
    ++*(int64_t *)context;
    return KO_OK;
}

static ko_status read_counts(ko_store *store, ko_live_counts *out, ko_error *err)
{
    const ko_notice_filter open = {.open = true};
    ko_photo_counts photos;
    *out = (ko_live_counts){0};
    ko_status st = ko_work_count(store, &out->works, err);
    if (st == KO_OK)
        st = ko_photo_count(store, &photos, err);
    if (st == KO_OK)
        st = ko_notice_each(store, &open, count_notice, &out->notices_open, err);
    if (st == KO_OK)
        out->listings = photos.listings;
    return st;
}

/* --- keeping up --- */

static bool same(const ko_live_counts *a, const ko_live_counts *b)
{
    return a->works == b->works && a->listings == b->listings &&
           a->notices_open == b->notices_open &&
           memcmp(a->candidates, b->candidates, sizeof a->candidates) == 0;
}

/* Puts in the figures, and the list if it is a new one, and tells who waits. */
static void publish(ko_live *live, const ko_live_counts *counts, ko_inbox *inbox)
{
    ko_live_counts now = *counts;
    ko_inbox *old = NULL;
    (void)pthread_mutex_lock(&live->lock);
    if (inbox) {
        old = live->inbox;
        live->inbox = inbox;
    }
    ko_inbox_count(live->inbox, now.candidates);
    now.version = live->counts.version;
    if (inbox || !same(&now, &live->counts)) {
        now.version++;
        live->counts = now;
        (void)pthread_cond_broadcast(&live->changed);
    }
    (void)pthread_mutex_unlock(&live->lock);
    ko_inbox_free(old);
}

static ko_status build(ko_live *live, ko_error *err)
{
    ko_inbox *inbox = NULL;
    ko_live_counts counts;
    const int64_t started_ms = ko_clock_ms();
    ko_status st = read_counts(live->store, &counts, err);
    if (st == KO_OK)
        st = ko_inbox_build(live->store, &inbox, err);
    if (st != KO_OK)
        return st;
    publish(live, &counts, inbox);
    live->outdated = false;
    live->built_at_ms = ko_clock_ms();
    live->took_ms = live->built_at_ms - started_ms;
    return KO_OK;
}

/* What was decided shows at once; the rest when the list is made anew. */
static ko_status follow(ko_live *live, ko_error *err)
{
    const ko_inbox *inbox;
    ko_live_counts counts;
    ko_status st = read_counts(live->store, &counts, err);
    if (st == KO_OK)
        st = ko_live_take(live, live->store, &inbox, err);
    if (st != KO_OK)
        return st;
    ko_live_give(live);
    publish(live, &counts, NULL);
    live->outdated = true;
    return KO_OK;
}

ko_status ko_live_refresh(ko_live *live, ko_error *err)
{
    int64_t changes = 0;
    ko_status st = ko_store_changes(live->store, &changes, err);
    if (st == KO_OK && changes != live->changes) {
        st = follow(live, err);
        if (st == KO_OK)
            live->changes = changes;
    }
    const bool rested = ko_clock_ms() - live->built_at_ms >= REST * live->took_ms;
    return st == KO_OK && live->outdated && rested ? build(live, err) : st;
}

ko_status ko_live_open(const char *path, ko_live **out_live, ko_error *err)
{
    ko_live *live = ko_alloc_zero(1, sizeof *live);
    if (!live)
        return ko_fail(err, KO_E_NOMEM, "list of candidates");
    pthread_condattr_t clock;
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&live->changed, &clock);
    (void)pthread_condattr_destroy(&clock);
    (void)pthread_mutex_init(&live->lock, NULL);
    ko_status st = ko_store_open(path, KO_STORE_OPEN, &live->store, err);
    if (st == KO_OK)
        st = ko_store_changes(live->store, &live->changes, err);
    if (st == KO_OK)
        st = build(live, err);
    if (st == KO_OK)
        *out_live = live;
    else
        ko_live_close(live);
    return st;
}

void ko_live_close(ko_live *live)
{
    if (!live)
        return;
    ko_inbox_free(live->inbox);
    ko_store_close(live->store);
    (void)pthread_cond_destroy(&live->changed);
    (void)pthread_mutex_destroy(&live->lock);
    ko_free(live);
}

/* --- reading --- */

ko_live_counts ko_live_count(ko_live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    const ko_live_counts counts = live->counts;
    (void)pthread_mutex_unlock(&live->lock);
    return counts;
}

bool ko_live_wait(ko_live *live, int timeout_ms, ko_live_counts *counts)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    const long ns = until.tv_nsec + timeout_ms % 1000 * 1000000L;
    until.tv_sec += timeout_ms / 1000 + ns / 1000000000L;
    until.tv_nsec = ns % 1000000000L;
    (void)pthread_mutex_lock(&live->lock);
    while (!live->stopped && live->counts.version == counts->version)
        if (pthread_cond_timedwait(&live->changed, &live->lock, &until) != 0)
            break;
    *counts = live->counts;
    const bool stopped = live->stopped;
    (void)pthread_mutex_unlock(&live->lock);
    return !stopped;
}

void ko_live_touch(ko_live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    live->counts.version++;
    (void)pthread_cond_broadcast(&live->changed);
    (void)pthread_mutex_unlock(&live->lock);
}

void ko_live_stop(ko_live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    live->stopped = true;
    (void)pthread_cond_broadcast(&live->changed);
    (void)pthread_mutex_unlock(&live->lock);
}

ko_status ko_live_take(ko_live *live, ko_store *store, const ko_inbox **out_inbox, ko_error *err)
{
    (void)pthread_mutex_lock(&live->lock);
    const ko_status st = ko_inbox_follow(live->inbox, store, err);
    if (st == KO_OK)
        *out_inbox = live->inbox;
    else
        (void)pthread_mutex_unlock(&live->lock);
    return st;
}

void ko_live_give(ko_live *live)
{
    (void)pthread_mutex_unlock(&live->lock);
}
