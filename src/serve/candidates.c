/* The list of candidates, a page at a time. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/candidate.h"
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 100u

/* What a place's group says, until it is part of a candidate. */
typedef struct group {
    json_t *json;
} group;

/* What is asked for, and what was found of it. */
typedef struct reading {
    ko_store *store;
    ko_inbox_filter filter;
    int64_t ids[KO_MAX_SERVE_IDS]; /* these alone, when there are any */
    size_t n_ids;
    int64_t after;
    size_t limit, total, n;
    ko_inbox_place *places;
    group *groups; /* one for each place */
    size_t at;     /* the place that is being read */
    json_t *candidates;
} reading;

static bool read_whole(const char *text, int64_t most, int64_t *out)
{
    char *end = NULL;
    const long long value = text[0] >= '0' && text[0] <= '9' ? strtoll(text, &end, 10) : -1;
    if (value < 0 || value > most || !end || *end)
        return false;
    *out = value;
    return true;
}

ko_status ko_serve_read_states(const ko_target *target, const char *otherwise, unsigned *out_states,
                               ko_error *err)
{
    const char *word = ko_target_query(target, "state");
    *out_states = ko_candidate_states_named(word ? word : otherwise);
    if (*out_states)
        return KO_OK;
    return ko_fail(err, KO_E_USAGE,
                   "state is open, accepted, rejected, unsure, licensed, set-aside or all, not "
                   "'%s'",
                   word);
}

/* "3,1,2" */
static ko_status read_ids(const ko_target *target, const char *text, reading *r, ko_error *err)
{
    if (target->n_query > 1)
        return ko_fail(err, KO_E_USAGE, "ids are asked for without anything else");
    r->filter.states = ko_candidate_states_named("all");
    r->limit = KO_MAX_SERVE_IDS;
    for (char *end; r->n_ids < KO_MAX_SERVE_IDS; text = end + 1) {
        const long long id = text[0] >= '0' && text[0] <= '9' ? strtoll(text, &end, 10) : 0;
        if (id <= 0)
            break;
        r->ids[r->n_ids++] = id;
        if (*end == '\0')
            return KO_OK;
        if (*end != ',')
            break;
    }
    return ko_fail(err, KO_E_USAGE, "ids are numbers of up to %u candidates with commas between",
                   KO_MAX_SERVE_IDS);
}

static ko_status read_filter(const ko_target *target, reading *r, ko_error *err)
{
    const char *work = ko_target_query(target, "work");
    const char *after = ko_target_query(target, "after");
    const char *limit = ko_target_query(target, "limit");
    int64_t n = LIMIT_DEFAULT;
    ko_status st = ko_serve_read_states(target, "open", &r->filter.states, err);
    if (st != KO_OK)
        return st;
    r->filter.seller = ko_target_query(target, "seller");
    if (after && !read_whole(after, INT64_MAX, &r->after))
        return ko_fail(err, KO_E_USAGE, "after is the number of a candidate, not '%s'", after);
    if (limit && (!read_whole(limit, KO_MAX_SERVE_PAGE, &n) || n == 0))
        return ko_fail(err, KO_E_USAGE, "limit is a number from 1 to %u, not '%s'",
                       KO_MAX_SERVE_PAGE, limit);
    r->limit = (size_t)n;
    return work ? ko_work_find(r->store, work, &r->filter.work_id, err) : KO_OK;
}

static ko_status read_query(const ko_target *target, reading *r, ko_error *err)
{
    const char *ids = ko_target_query(target, "ids");
    return ids ? read_ids(target, ids, r, err) : read_filter(target, r, err);
}

/* --- the list --- */

static json_t *group_json(const ko_inbox_group *g)
{
    const ko_inbox_seller *seller = g->seller;
    size_t n = 0;
    for (size_t i = 0; i < KO_CANDIDATE_STATES; i++)
        n += g->n_in[i];
    return json_pack("{s:o, s:o, s:o, s:o, s:f, s:I, s:I, s:I}", "platform",
                     ko_json_string(seller->platform), "host", ko_json_string(seller->host),
                     "seller_id", ko_json_string(seller->seller_id), "seller",
                     ko_json_string(seller->seller), "best", g->best, "candidates", (json_int_t)n,
                     "open", (json_int_t)g->n_in[KO_CANDIDATE_OPEN], "work_open",
                     (json_int_t)g->work->n_in[KO_CANDIDATE_OPEN]);
}

/* Neighbours have their group in common. */
static ko_status read_groups(reading *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const bool same = i && r->places[i].group == r->places[i - 1].group;
        r->groups[i].json =
            same ? json_incref(r->groups[i - 1].json) : group_json(r->places[i].group);
        if (!r->groups[i].json)
            return KO_E_NOMEM;
    }
    return KO_OK;
}

static void find_ids(const ko_inbox *inbox, reading *r)
{
    for (size_t i = 0; i < r->n_ids; i++)
        r->n += ko_inbox_find(inbox, r->ids[i], &r->places[r->n]);
    r->total = r->n;
}

static ko_status read_list(ko_live *live, reading *r, ko_error *err)
{
    const ko_inbox *inbox;
    ko_status st = ko_live_take(live, r->store, &inbox, err);
    if (st != KO_OK)
        return st;
    if (r->n_ids)
        find_ids(inbox, r);
    else
        st = ko_inbox_page(inbox, &r->filter, r->after, r->limit, r->places, &r->n, &r->total, err);
    if (st == KO_OK)
        st = read_groups(r);
    ko_live_give(live);
    return st;
}

/* --- the candidates --- */

json_t *ko_serve_candidate_json(const ko_candidate *c)
{
    char seen[KO_SERVE_SEEN_SIZE];
    json_t *object = ko_candidate_json(c);
    const ko_chosen chosen = ko_chosen_of(c);
    ko_serve_write_seen(&chosen, seen);
    if (json_object_set_new(object, "seen", json_string(seen)) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static ko_status take(void *context, const ko_candidate *c)
{
    reading *r = context;
    json_t *object = ko_serve_candidate_json(c);
    if (json_object_set(object, "group", r->groups[r->at].json) != 0) {
        json_decref(object);
        return KO_E_NOMEM;
    }
    return json_array_append_new(r->candidates, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status read_candidates(reading *r, ko_error *err)
{
    ko_status st = r->candidates ? KO_OK : KO_E_NOMEM;
    for (r->at = 0; st == KO_OK && r->at < r->n; r->at++) {
        const ko_candidate_filter one = {.id = r->places[r->at].id, .states = r->filter.states};
        st = ko_candidate_each(r->store, &one, take, r, err);
    }
    return st;
}

static ko_status answer_page(reading *r, ko_serve_answer *answer, ko_error *err)
{
    json_t *next =
        !r->n_ids && r->n == r->limit ? json_integer(r->places[r->n - 1].id) : json_null();
    return ko_serve_answer_json(answer,
                                json_pack("{s:O, s:I, s:o}", "candidates", r->candidates, "total",
                                          (json_int_t)r->total, "next", next),
                                err);
}

ko_status ko_serve_candidates(ko_desk *desk, const ko_serve_request *request,
                              ko_serve_answer *answer, ko_error *err)
{
    reading r = {.candidates = json_array()};
    ko_status st = ko_pool_take(desk->pool, &r.store, err);
    if (st == KO_OK)
        st = read_query(request->target, &r, err);
    if (st == KO_OK) {
        r.places = ko_alloc_array(r.limit, sizeof *r.places);
        r.groups = ko_alloc_zero(r.limit, sizeof *r.groups);
        st = r.places && r.groups ? KO_OK : KO_E_NOMEM;
    }
    if (st == KO_OK)
        st = read_list(desk->live, &r, err);
    if (st == KO_OK)
        st = read_candidates(&r, err);
    if (st == KO_OK)
        st = answer_page(&r, answer, err);
    for (size_t i = 0; r.groups && i < r.n; i++)
        json_decref(r.groups[i].json);
    json_decref(r.candidates);
    ko_free(r.groups);
    ko_free(r.places);
    ko_pool_give(desk->pool, r.store);
    return st == KO_E_NOMEM ? ko_fail(err, st, "page of candidates") : st;
}
