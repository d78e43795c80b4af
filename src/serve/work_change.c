/* What the user says about a work, and taking it out of the collection. */
#include "serve/handlers.h"

#include "case/work_forget.h"
#include "case/work_given.h"
#include "serve/sent.h"

#include <math.h>

/* What was sent: fields of a work, and whether its own threshold goes. */
typedef struct change {
    ko_work_fields said;
    double threshold;
    bool clear_threshold;
} change;

static const char *const names[] = {
    "title",       "registration", "registered_in", "holder",       "author",        "kind",
    "description", "completed_on", "published_on",  "published_in", "published_url", "threshold",
    NULL};

static ko_status read_texts(const json_t *sent, ko_work_fields *said, ko_error *err)
{
    const char **const texts[] = {&said->title,        &said->registration, &said->registered_in,
                                  &said->holder,       &said->author,       &said->kind,
                                  &said->description,  &said->completed_on, &said->published_on,
                                  &said->published_in, &said->published_url};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof texts / sizeof *texts; i++)
        st = ko_sent_text(sent, names[i], texts[i], err);
    return st;
}

/* A score, or null for that of the collection. */
static ko_status read_threshold(const json_t *sent, change *out, ko_error *err)
{
    const json_t *value = json_object_get(sent, "threshold");
    out->clear_threshold = json_is_null(value);
    if (!value || out->clear_threshold)
        return KO_OK;
    out->said.threshold = &out->threshold;
    return ko_serve_read_score(sent, &out->threshold, err);
}

static ko_status read_change(const json_t *sent, change *out, ko_error *err)
{
    const ko_status st = read_texts(sent, &out->said, err);
    return st == KO_OK ? read_threshold(sent, out, err) : st;
}

static ko_status set(ko_desk *desk, int64_t id, const change *what, ko_error *err)
{
    ko_work_given given;
    ko_store *store = NULL;
    ko_status st = ko_work_given_read(&what->said, &given, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_work_set(store, id, &given.fields, what->clear_threshold, err);
    ko_pool_give(desk->pool, store);
    ko_work_given_free(&given);
    return st;
}

ko_status ko_serve_work_set(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    change what = {.clear_threshold = false};
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = read_change(sent, &what, err);
    if (st == KO_OK)
        st = set(desk, request->id, &what, err);
    json_decref(sent);
    return st == KO_OK ? ko_serve_work(desk, request, answer, err) : st;
}

ko_status ko_serve_work_remove(ko_desk *desk, const ko_serve_request *request,
                               ko_serve_answer *answer, ko_error *err)
{
    static const char *const none[] = {NULL};
    ko_store *store = NULL;
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, none, &sent, err);
    json_decref(sent);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_work_forget(store, request->id, err);
    ko_pool_give(desk->pool, store);
    return st == KO_OK ? ko_serve_answer_json(answer, json_object(), err) : st;
}
