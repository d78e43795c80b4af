/* The sources of listings: told, and put to rest or woken. */
#include "serve/handlers.h"

#include "serve/sent.h"
#include "watch/source_json.h"

typedef struct telling {
    ko_store *store;
    int64_t id; /* only this one; 0: all */
    json_t *sources;
    ko_error *err;
} telling;

static ko_status add_source(void *context, const ko_source *source)
{
    const telling *t = context;
    json_t *object = NULL;
    if (t->id && source->id != t->id)
        return KO_OK;
    const ko_status st = ko_source_json(t->store, source, &object, t->err);
    if (st != KO_OK)
        return st;
    return json_array_append_new(t->sources, object) == 0
               ? KO_OK
               : ko_fail(t->err, KO_E_NOMEM, "source %s", source->name);
}

ko_status ko_serve_sources(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                           ko_error *err)
{
    telling t = {.sources = json_array(), .err = err};
    (void)request;
    ko_status st = ko_pool_take(desk->pool, &t.store, err);
    if (st == KO_OK)
        st = ko_source_each(t.store, NULL, add_source, &t, err);
    ko_pool_give(desk->pool, t.store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_pack("{s:O}", "sources", t.sources), err);
    json_decref(t.sources);
    return st;
}

static ko_status read_pause(const ko_serve_request *request, bool *out_paused, ko_error *err)
{
    static const char *const names[] = {"paused", NULL};
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK && !json_is_boolean(json_object_get(sent, "paused")))
        st = ko_fail(err, KO_E_FORMAT, "paused is true or false");
    if (st == KO_OK)
        *out_paused = json_is_true(json_object_get(sent, "paused"));
    json_decref(sent);
    return st;
}

ko_status ko_serve_source_pause(ko_desk *desk, const ko_serve_request *request,
                                ko_serve_answer *answer, ko_error *err)
{
    telling t = {.id = request->id, .sources = json_array(), .err = err};
    bool paused;
    ko_status st = read_pause(request, &paused, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &t.store, err);
    if (st == KO_OK)
        st = ko_source_pause(t.store, t.id, paused, err);
    if (st == KO_OK)
        st = ko_source_each(t.store, NULL, add_source, &t, err);
    ko_pool_give(desk->pool, t.store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_incref(json_array_get(t.sources, 0)), err);
    json_decref(t.sources);
    return st;
}
