/* What the user decides on the page. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "case/alike.h"
#include "case/doubt.h"
#include "report/json.h"
#include "serve/sent.h"
#include "store/decision.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what was looked at --- */

/* All digits of a score, so that it comes back as it was. */
void ko_serve_write_seen(const ko_chosen *chosen, char out_seen[KO_SERVE_SEEN_SIZE])
{
    (void)snprintf(out_seen, KO_SERVE_SEEN_SIZE, "%lld:%.17g", (long long)chosen->photo_id,
                   chosen->score);
}

bool ko_serve_read_seen(const char *seen, ko_chosen *out_chosen)
{
    char *end;
    out_chosen->photo_id = strtoll(seen, &end, 10);
    if (end == seen || *end != ':')
        return false;
    const char *score = end + 1;
    out_chosen->score = strtod(score, &end);
    return end != score && *end == '\0';
}

/* --- what was sent --- */

typedef struct choice {
    ko_chosen each[KO_MAX_SERVE_DECIDED];
    size_t n;
    json_int_t alike; /* so many more that show the same were told; 0: these alone are meant */
} choice;

/* {"candidate": number, "seen": as ko_serve_candidates told it}. */
static ko_status read_chosen(const json_t *object, ko_chosen *out, ko_error *err)
{
    const char *seen = json_string_value(json_object_get(object, "seen"));
    out->id = json_integer_value(json_object_get(object, "candidate")); /* 0 of what is none */
    if (json_object_size(object) == 2 && out->id > 0 && seen && ko_serve_read_seen(seen, out))
        return KO_OK;
    return ko_fail(err, KO_E_FORMAT,
                   "candidates are objects with a number, candidate, and what was seen of it");
}

static ko_status read_candidates(const json_t *array, choice *out, ko_error *err)
{
    const size_t n = json_array_size(array);
    if (n == 0)
        return ko_fail(err, KO_E_FORMAT, "candidates lists one or more");
    if (n > KO_MAX_SERVE_DECIDED)
        return ko_fail(err, KO_E_LIMIT, "%zu candidates at once, limit %u", n,
                       KO_MAX_SERVE_DECIDED);
    for (; out->n < n; out->n++) {
        ko_chosen *c = &out->each[out->n];
        const ko_status st = read_chosen(json_array_get(array, out->n), c, err);
        if (st != KO_OK)
            return st;
        for (size_t k = 0; k < out->n; k++)
            if (out->each[k].id == c->id)
                return ko_fail(err, KO_E_FORMAT, "candidate %lld comes twice", (long long)c->id);
    }
    return KO_OK;
}

/* A number, as who decides about what is alike must have seen how much that is. */
static ko_status read_alike(const json_t *alike, json_int_t *out, ko_error *err)
{
    *out = json_integer_value(alike);
    if (!alike || (json_is_integer(alike) && *out >= 0))
        return KO_OK;
    return ko_fail(err, KO_E_FORMAT, "alike is the number of those that were told to be");
}

static ko_status read_request(const json_t *sent, choice *made, ko_decide_request *out,
                              ko_error *err)
{
    ko_candidate_state state;
    out->verb = json_string_value(json_object_get(sent, "verb"));
    if (!out->verb || !ko_decide_state(out->verb, &state))
        return ko_fail(err, KO_E_USAGE,
                       "verb is one of accept, reject, unsure, licensed and reopen");
    ko_status st = read_candidates(json_object_get(sent, "candidates"), made, err);
    if (st == KO_OK)
        st = read_alike(json_object_get(sent, "alike"), &made->alike, err);
    if (st == KO_OK)
        st = ko_sent_flag(sent, "good_faith", &out->good_faith, err);
    if (st == KO_OK)
        st = ko_sent_flag(sent, "always", &out->always, err);
    if (st == KO_OK)
        st = ko_sent_flag(sent, "shop", &out->shop, err);
    out->chosen = made->each;
    out->n = made->n;
    return st;
}

/* --- what it means for notices --- */

/* Adds "doubts" to a reply. */
static ko_status tell_doubts(ko_store *store, json_t *reply, ko_error *err)
{
    ko_doubts found;
    ko_status st = ko_doubts_find(store, 0, 1U << KO_NOTICE_BUILT, &found, err);
    json_t *told = json_null();
    if (st == KO_OK && found.n)
        told = json_pack("{s:I, s:I}", "listings", (json_int_t)found.n, "notice",
                         (json_int_t)found.doubts[0].notice_id);
    if (json_object_set_new(reply, "doubts", told) != 0 && st == KO_OK)
        st = ko_fail(err, KO_E_NOMEM, "what was decided");
    ko_doubts_free(&found);
    return st;
}

/* Answers with the reply, whose reference it drops, and with "doubts". */
static ko_status answer_reply(ko_store *store, json_t *reply, ko_serve_answer *answer,
                              ko_error *err)
{
    const ko_status st = tell_doubts(store, reply, err);
    if (st == KO_OK)
        return ko_serve_answer_json(answer, reply, err);
    json_decref(reply);
    return st;
}

/* --- deciding --- */

typedef struct outcome {
    json_t *candidates, *problems;
    int64_t act_id;
} outcome;

static void note_problem(void *context, const char *line)
{
    const outcome *o = context;
    (void)json_array_append_new(o->problems, ko_json_string(line));
}

static void note_result(void *context, const ko_decide_result *result)
{
    outcome *o = context;
    o->act_id = result->act_id;
    (void)json_array_append_new(o->candidates, json_pack("{s:I, s:s, s:b}", "candidate",
                                                         (json_int_t)result->candidate_id, "state",
                                                         ko_candidate_state_name(result->state),
                                                         "changed", result->changed));
}

/* What was sent, and what is alike if that is meant. Free *out_all with ko_free. */
static ko_status choose_alike(ko_store *store, const choice *made, ko_decide_request *request,
                              ko_chosen **out_all, ko_error *err)
{
    ko_candidate_state state = KO_CANDIDATE_OPEN;
    size_t n = 0, left_out = 0;
    if (!made->alike)
        return KO_OK;
    (void)ko_decide_state(request->verb, &state); /* it was read */
    const ko_status st =
        ko_alikes_with(store, made->each, made->n, state, out_all, &n, &left_out, err);
    if (st == KO_OK && (json_int_t)n != made->alike)
        return ko_fail(err, KO_E_EXISTS, "%zu are alike now, not %lld: look again", n,
                       (long long)made->alike);
    request->chosen = *out_all;
    request->n = made->n + n;
    return st;
}

static ko_status decide(ko_store *store, const choice *made, const ko_decide_request *sent,
                        ko_serve_answer *answer, ko_error *err)
{
    ko_chosen *all = NULL;
    outcome o = {.candidates = json_array(), .problems = json_array()};
    ko_problems problems = {.say = note_problem, .context = &o};
    ko_user user = {0};
    ko_decided decided;
    ko_decide_request request = *sent;
    request.user = &user;
    ko_status st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = choose_alike(store, made, &request, &all, err);
    if (st == KO_OK)
        st = ko_decide_chosen(store, &request, &problems, note_result, &o, &decided, err);
    if (st == KO_OK)
        st = answer_reply(store,
                          json_pack("{s:o, s:I, s:I, s:O, s:O}", "act",
                                    decided.changed ? json_integer(o.act_id) : json_null(),
                                    "changed", (json_int_t)decided.changed, "same",
                                    (json_int_t)decided.same, "candidates", o.candidates,
                                    "problems", o.problems),
                          answer, err);
    json_decref(o.candidates);
    json_decref(o.problems);
    ko_profile_free(&user);
    ko_free(all);
    return st;
}

ko_status ko_serve_decide(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                          ko_error *err)
{
    static const char *const names[] = {"verb",   "candidates", "alike", "good_faith",
                                        "always", "shop",       NULL};
    choice made = {.n = 0};
    ko_decide_request what = {0};
    ko_store *store = NULL;
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = read_request(sent, &made, &what, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = decide(store, &made, &what, answer, err);
    ko_pool_give(desk->pool, store);
    json_decref(sent);
    return st;
}

/* --- taking back --- */

/* Takes back the last act if it is the one that is wanted; 0: whatever it is. */
static ko_status take_back(ko_store *store, int64_t wanted, ko_undone *out_undone, ko_error *err)
{
    ko_user user = {0};
    ko_status st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = ko_store_begin(store, err);
    if (st == KO_OK)
        st = ko_act_undo(store, ko_profile_signature(&user), out_undone, err);
    if (st == KO_OK && wanted && out_undone->act_id != wanted)
        st = ko_fail(err, KO_E_EXISTS, "something else was decided since: act %lld, %s",
                     (long long)out_undone->act_id, out_undone->verb);
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    else
        ko_store_rollback(store);
    ko_profile_free(&user);
    return st;
}

ko_status ko_serve_undo(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    static const char *const names[] = {"act", NULL};
    ko_store *store = NULL;
    json_t *sent = NULL;
    ko_undone undone;
    ko_status st = ko_sent_object(request, names, &sent, err);
    const json_t *act = json_object_get(sent, "act");
    if (st == KO_OK && act && !json_is_integer(act))
        st = ko_fail(err, KO_E_FORMAT, "act is the number of one");
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = take_back(store, json_integer_value(act), &undone, err);
    if (st == KO_OK)
        st = answer_reply(store,
                          json_pack("{s:I, s:o, s:I}", "undone", (json_int_t)undone.act_id, "verb",
                                    ko_json_string(undone.verb), "candidates",
                                    (json_int_t)undone.candidates),
                          answer, err);
    json_decref(sent);
    ko_pool_give(desk->pool, store);
    return st;
}
