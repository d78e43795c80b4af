/* All listings that show a work, over time. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/day.h"
#include "base/limits.h"
#include "report/candidate.h"

#include <stdlib.h>

/* What the order is made of; the rest is read of those that are told. */
typedef struct sighting {
    int64_t candidate, first_seen;
    ko_candidate_state state;
} sighting;

typedef struct history {
    ko_store *store;
    sighting *all; /* seen last first */
    size_t n, capacity, from;
    json_t *page, *weeks, *states;
    ko_error *err;
} history;

static ko_status read_query(const ko_target *target, history *of, ko_error *err)
{
    const char *from = ko_target_query(target, "from");
    if (!from)
        return KO_OK;
    char *end;
    const unsigned long long n = strtoull(from, &end, 10);
    if (from[0] < '0' || from[0] > '9' || *end || n > SIZE_MAX)
        return ko_fail(err, KO_E_USAGE, "from is the number of sightings before the page, not '%s'",
                       from);
    of->from = (size_t)n;
    return KO_OK;
}

/* --- all of them --- */

static ko_status note(void *context, const ko_candidate *c)
{
    history *h = context;
    sighting *all = ko_grown(h->all, h->n, &h->capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    h->all = all;
    all[h->n++] = (sighting){c->id, c->listing->first_seen, c->state};
    return KO_OK;
}

static int last_first(const void *a, const void *b)
{
    const sighting *x = a, *y = b;
    if (x->first_seen != y->first_seen)
        return x->first_seen > y->first_seen ? -1 : 1;
    return (x->candidate < y->candidate) - (x->candidate > y->candidate);
}

/* The Monday before a moment, or on its day; UTC. */
static ko_day week_of(int64_t seconds)
{
    const ko_day day = ko_day_at(seconds, 0);
    return day - (ko_day_weekday(day) + 6) % 7;
}

/* Weeks in which there were some, the first one first. */
static ko_status count_weeks(history *h)
{
    for (size_t end = h->n, n; end > 0; end -= n) {
        char text[KO_DAY_TEXT_SIZE];
        const ko_day week = week_of(h->all[end - 1].first_seen);
        for (n = 1; n < end && week_of(h->all[end - 1 - n].first_seen) == week;)
            n++;
        ko_day_text(week, text);
        if (json_array_append_new(h->weeks,
                                  json_pack("{s:s, s:I}", "week", text, "n", (json_int_t)n)) != 0)
            return KO_E_NOMEM;
    }
    return KO_OK;
}

static ko_status count_states(history *h)
{
    size_t n_in[KO_CANDIDATE_STATES] = {0};
    for (size_t i = 0; i < h->n; i++)
        n_in[h->all[i].state]++;
    h->states = ko_serve_states_json(n_in);
    return h->states ? KO_OK : KO_E_NOMEM;
}

/* --- those of the page --- */

static ko_status add(void *context, const ko_candidate *c)
{
    history *h = context;
    json_t *object =
        json_pack("{s:I, s:s, s:f, s:o, s:I}", "candidate", (json_int_t)c->id, "state",
                  ko_candidate_state_name(c->state), "score", c->match.evidence.score, "listing",
                  ko_seen_json(c->listing), "photo", (json_int_t)c->photo->id);
    return json_array_append_new(h->page, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status read_page(history *h)
{
    ko_status st = KO_OK;
    for (size_t i = h->from; st == KO_OK && i < h->n && i - h->from < KO_MAX_SERVE_PAGE; i++) {
        const ko_candidate_filter one = {.id = h->all[i].candidate};
        st = ko_candidate_each(h->store, &one, add, h, h->err);
    }
    return st;
}

static ko_status see_work(void *context, const ko_work *work)
{
    (void)work;
    *(bool *)context = true;
    return KO_OK;
}

static ko_status read_all(history *h, int64_t work_id)
{
    const ko_candidate_filter of_work = {.work_id = work_id};
    bool found = false;
    ko_status st = ko_work_brief_each(h->store, work_id, see_work, &found, h->err);
    if (st == KO_OK && !found)
        return ko_fail(h->err, KO_E_NOT_FOUND, "no work %lld", (long long)work_id);
    if (st == KO_OK)
        st = ko_candidate_each(h->store, &of_work, note, h, h->err);
    if (h->n)
        qsort(h->all, h->n, sizeof *h->all, last_first);
    if (st == KO_OK)
        st = count_weeks(h);
    if (st == KO_OK)
        st = count_states(h);
    return st == KO_OK ? read_page(h) : st;
}

static ko_status answer_page(const history *h, ko_serve_answer *answer, ko_error *err)
{
    const size_t end = h->from + json_array_size(h->page);
    json_t *next = end < h->n ? json_integer((json_int_t)end) : json_null();
    return ko_serve_answer_json(answer,
                                json_pack("{s:I, s:O, s:O, s:O, s:o}", "total", (json_int_t)h->n,
                                          "states", h->states, "weeks", h->weeks, "sightings",
                                          h->page, "next", next),
                                err);
}

ko_status ko_serve_work_sightings(ko_desk *desk, const ko_serve_request *request,
                                  ko_serve_answer *answer, ko_error *err)
{
    history h = {.page = json_array(), .weeks = json_array(), .err = err};
    ko_status st = h.page && h.weeks ? read_query(request->target, &h, err) : KO_E_NOMEM;
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &h.store, err);
    if (st == KO_OK)
        st = read_all(&h, request->id);
    ko_pool_give(desk->pool, h.store);
    if (st == KO_OK)
        st = answer_page(&h, answer, err);
    json_decref(h.page);
    json_decref(h.weeks);
    json_decref(h.states);
    ko_free(h.all);
    return st == KO_E_NOMEM ? ko_fail(err, st, "sightings of a work") : st;
}
