/* Which browsers are paired: told, added and removed by the page. */
#include "serve/handlers.h"
#include "serve/sent.h"

#include <stdio.h>

ko_status ko_serve_pairings(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    (void)request;
    return ko_serve_answer_json(answer, ko_pairings_json(desk->pairings), err);
}

/* What the user copies into the helper: where to send, and the token. */
static json_t *made_json(const ko_desk *desk, const ko_pairing *made, const char *token)
{
    char code[KO_SECRET_SIZE + sizeof "65535-"];
    (void)snprintf(code, sizeof code, "%u-%s", desk->gate.port, token);
    return json_pack("{s:I, s:s}", "pairing", (json_int_t)made->id, "code", code);
}

ko_status ko_serve_pair(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    static const char *const names[] = {"name", NULL};
    json_t *sent = NULL;
    ko_store *store = NULL;
    ko_pairing made;
    char token[KO_SECRET_SIZE];
    ko_status st = ko_sent_object(request, names, &sent, err);
    const char *name = json_string_value(json_object_get(sent, "name"));
    if (st == KO_OK && !name)
        st = ko_fail(err, KO_E_FORMAT, "name is what to call the browser");
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_pairings_add(desk->pairings, store, name, &made, token, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, made_json(desk, &made, token), err);
    json_decref(sent);
    return st;
}

ko_status ko_serve_unpair(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                          ko_error *err)
{
    static const char *const names[] = {NULL};
    json_t *sent = NULL;
    ko_store *store = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    json_decref(sent);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_pairings_revoke(desk->pairings, store, request->id, err);
    ko_pool_give(desk->pool, store);
    return st == KO_OK ? ko_serve_answer_json(answer, json_object(), err) : st;
}
