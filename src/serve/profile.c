/* Who the user is. */
#include "serve/handlers.h"

#include "report/settings.h"
#include "serve/sent.h"

static ko_status answer_profile(ko_store *store, ko_serve_answer *answer, ko_error *err)
{
    ko_user user = {0};
    ko_status st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, ko_profile_json(&user), err);
    ko_profile_free(&user);
    return st;
}

/* All of what was sent, or none. */
static ko_status set(ko_store *store, const json_t *sent, ko_error *err)
{
    ko_status st = ko_store_begin(store, err);
    for (int i = 0; st == KO_OK && i < KO_PROFILE_FIELDS; i++) {
        const ko_profile_field field = (ko_profile_field)i;
        const char *text = NULL;
        st = ko_sent_text(sent, ko_profile_name(field), &text, err);
        if (st == KO_OK && text)
            st = ko_profile_set(store, field, text, err);
    }
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

ko_status ko_serve_profile(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                           ko_error *err)
{
    (void)request;
    ko_store *store = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = answer_profile(store, answer, err);
    ko_pool_give(desk->pool, store);
    return st;
}

ko_status ko_serve_profile_set(ko_desk *desk, const ko_serve_request *request,
                               ko_serve_answer *answer, ko_error *err)
{
    const char *names[KO_PROFILE_FIELDS + 1] = {NULL};
    for (int i = 0; i < KO_PROFILE_FIELDS; i++)
        names[i] = ko_profile_name((ko_profile_field)i);
    ko_store *store = NULL;
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = set(store, sent, err);
    if (st == KO_OK)
        st = answer_profile(store, answer, err);
    ko_pool_give(desk->pool, store);
    json_decref(sent);
    return st;
}

ko_status ko_serve_countries(ko_desk *desk, const ko_serve_request *request,
                             ko_serve_answer *answer, ko_error *err)
{
    (void)request;
    (void)desk;
    json_t *codes = json_array();
    for (const char *at = ko_profile_countries(); *at; at += at[2] ? 3 : 2)
        (void)json_array_append_new(codes, json_stringn(at, 2));
    return ko_serve_answer_json(answer, json_pack("{s:o}", "countries", codes), err);
}
