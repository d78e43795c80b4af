#include "crawl/due.h"

#include "base/alloc.h"
#include "store/web.h"

#include <stdio.h>

/* A clock that is set right by a minute makes nobody's run begin early. */
#define CLOCK_SLACK_S 60

int64_t ko_due_begin_at(const ko_source *source, int64_t now)
{
    if (source->paused || source->running)
        return 0;
    if (source->last_run == 0 || source->last_run > now + CLOCK_SLACK_S)
        return now;
    return source->every_s ? source->last_run + source->every_s : 0;
}

static void bring_forward(int64_t *at, int64_t moment)
{
    if (moment && (*at == 0 || moment < *at))
        *at = moment;
}

/* --- what was put off --- */

static ko_status on_request(void *context, const ko_request *request)
{
    (void)request;
    *(bool *)context = true;
    return KO_OK;
}

static ko_status find_open(ko_store *store, int64_t source, int64_t now, int64_t *out_at,
                           ko_error *err)
{
    ko_request_counts counts = {0};
    bool any = false;
    ko_status st = ko_request_each_new(store, source, 0, now, 1, on_request, &any, err);
    if (st == KO_OK && !any)
        st = ko_request_count(store, source, &counts, err);
    /* Without anything open its run only has to be ended. */
    *out_at = any || counts.next_at == 0 ? now : counts.next_at;
    return st;
}

static ko_status on_picture(void *context, const ko_web_picture *picture)
{
    (void)picture;
    *(bool *)context = true;
    return KO_OK;
}

static ko_status find_pictures(ko_store *store, int64_t now, int64_t *out_at, ko_error *err)
{
    ko_web_picture_counts counts = {0};
    bool any = false;
    ko_status st = ko_web_picture_each_new(store, 0, now, 1, on_picture, &any, err);
    if (st == KO_OK && !any)
        st = ko_web_picture_count(store, &counts, err);
    *out_at = any ? now : counts.next_at;
    return st;
}

/* --- all sources --- */

typedef struct finding {
    ko_store *store;
    int64_t now;
    ko_due_sources *due;
    ko_error *err;
} finding;

static ko_status add(finding *f, int64_t id)
{
    ko_due_sources *due = f->due;
    int64_t *ids = ko_grown(due->ids, due->n, &due->capacity, sizeof *ids);
    if (!ids)
        return ko_fail(f->err, KO_E_NOMEM, "%zu sources", due->n);
    due->ids = ids;
    due->ids[due->n++] = id;
    return KO_OK;
}

static ko_status on_source(void *context, const ko_source *source)
{
    finding *f = context;
    int64_t at = ko_due_begin_at(source, f->now);
    ko_status st = KO_OK;
    if (source->paused)
        return KO_OK;
    if (source->running)
        st = find_open(f->store, source->id, f->now, &at, f->err);
    if (st != KO_OK)
        return st;
    const bool was_refused = source->last_run == 0 && source->last_result[0];
    bring_forward(source->running || was_refused ? &f->due->resume_at : &f->due->begin_at, at);
    return at && at <= f->now ? add(f, source->id) : KO_OK;
}

ko_status ko_due_find(ko_store *store, int64_t now, ko_due_sources *out_due, ko_error *err)
{
    finding f = {.store = store, .now = now, .due = out_due, .err = err};
    int64_t pictures = 0;
    *out_due = (ko_due_sources){0};
    ko_status st = ko_source_each(store, NULL, on_source, &f, err);
    if (st == KO_OK)
        st = find_pictures(store, now, &pictures, err);
    bring_forward(&out_due->resume_at, pictures);
    return st;
}

void ko_due_free(ko_due_sources *due)
{
    ko_free(due->ids);
    *due = (ko_due_sources){0};
}
