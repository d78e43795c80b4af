/* Works, pictures and sources that are held back: told, released and blocked. */
#include "serve/handlers.h"

#include "case/aside_told.h"
#include "case/hold.h"
#include "serve/sent.h"

#include <string.h>

typedef struct telling {
    ko_store *store;
    json_t *holds;
    ko_error *err;
} telling;

static ko_status add_hold(void *context, const ko_hold *hold)
{
    const telling *t = context;
    size_t aside = 0;
    const ko_status st = ko_aside_count(t->store, &(ko_aside){.hold_id = hold->id}, &aside, t->err);
    if (st != KO_OK)
        return st;
    return json_array_append_new(t->holds, ko_hold_json(hold, aside)) == 0
               ? KO_OK
               : ko_fail(t->err, KO_E_NOMEM, "hold %lld", (long long)hold->id);
}

ko_status ko_serve_quarantine(ko_desk *desk, const ko_serve_request *request,
                              ko_serve_answer *answer, ko_error *err)
{
    telling t = {.holds = json_array(), .err = err};
    unsigned states = 1U << KO_HOLD_HELD | 1U << KO_HOLD_BLOCKED;
    int64_t all = 0;
    ko_status st = ko_target_number(request->target, "all", 0, 1, &all, err);
    if (all)
        states |= 1U << KO_HOLD_RELEASED;
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &t.store, err);
    if (st == KO_OK)
        st = ko_hold_each(t.store, 0, states, add_hold, &t, err);
    ko_pool_give(desk->pool, t.store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_pack("{s:O}", "holds", t.holds), err);
    json_decref(t.holds);
    return st;
}

static ko_status read_verb(const ko_serve_request *request, bool *out_block, ko_error *err)
{
    static const char *const names[] = {"verb", NULL};
    const char *verb = NULL;
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = ko_sent_text(sent, "verb", &verb, err);
    *out_block = verb && strcmp(verb, "block") == 0;
    if (st == KO_OK && !*out_block && !(verb && strcmp(verb, "release") == 0))
        st = ko_fail(err, KO_E_USAGE, "verb is release or block");
    json_decref(sent);
    return st;
}

ko_status ko_serve_hold_decide(ko_desk *desk, const ko_serve_request *request,
                               ko_serve_answer *answer, ko_error *err)
{
    telling t = {.holds = json_array(), .err = err};
    ko_user user = {0};
    bool block = false;
    size_t back = 0;
    ko_status st = read_verb(request, &block, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &t.store, err);
    if (st == KO_OK)
        st = ko_profile_read(t.store, &user, err);
    if (st == KO_OK)
        st = block ? ko_hold_block(t.store, request->id, ko_profile_signature(&user), err)
                   : ko_hold_release(t.store, request->id, ko_profile_signature(&user), &back, err);
    if (st == KO_OK)
        st = ko_hold_each(t.store, request->id, 0, add_hold, &t, err);
    ko_pool_give(desk->pool, t.store);
    if (st == KO_OK)
        st = ko_serve_answer_json(
            answer,
            json_pack("{s:O, s:I}", "hold", json_array_get(t.holds, 0), "back", (json_int_t)back),
            err);
    ko_profile_free(&user);
    json_decref(t.holds);
    return st;
}
