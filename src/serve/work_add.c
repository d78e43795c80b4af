/* Originals that are dropped on the page. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "case/beside.h"
#include "case/past_news.h"
#include "report/json.h"
#include "scan/register.h"
#include "serve/given.h"

#include <stdlib.h>
#include <string.h>

/* Registering one file. */
typedef struct adding {
    const char *database;
    const char *name; /* what the user calls it */
    ko_given given;
    int64_t work_id;  /* of which it is to be a view; 0: a new work */
    int64_t holder;   /* the work that has it now; 0: it was refused */
    bool in_use;      /* our file is a view of that */
    json_t *result;   /* NULL until it is registered */
    ko_error refused; /* why it is not */
    ko_error *err;
} adding;

static ko_status on_registered(void *context, const ko_registered *r)
{
    adding *a = context;
    a->holder = r->work_id;
    a->result =
        json_pack("{s:I, s:s, s:o, s:b, s:b, s:i, s:i, s:b}", "id", (json_int_t)r->work_id, "work",
                  r->serial, "title", ko_json_string(r->title), "known", r->known, "plain",
                  r->plain, "quality", r->reading->picture.quality, "robustness",
                  r->reading->robustness, "hard", r->reading->robustness <= KO_ROBUSTNESS_POOR);
    return a->result ? KO_OK : ko_fail(a->err, KO_E_NOMEM, "%s", a->name);
}

/* Says the name that the user knows instead of our path. */
static void on_problem(void *context, const char *line)
{
    adding *a = context;
    const size_t n = strlen(a->given.path);
    if (strncmp(line, a->given.path, n) == 0)
        (void)ko_fail(&a->refused, KO_E_FORMAT, "%s%s", a->name, line + n);
    else
        (void)ko_fail(&a->refused, KO_E_FORMAT, "%s", line);
}

static ko_status see_view(void *context, const ko_view *view)
{
    adding *a = context;
    if (strcmp(ko_path_name(view->path), ko_path_name(a->given.path)) == 0)
        a->in_use = true;
    return KO_OK;
}

/* A file that is no picture does not stay, nor one that was registered from elsewhere. */
static ko_status tidy(ko_store *store, adding *a)
{
    const ko_status st = ko_view_each(store, a->holder, false, see_view, a, a->err);
    if (st == KO_OK && !a->in_use)
        ko_given_remove(&a->given);
    return st;
}

static ko_status find_work(void *context, const ko_work *work)
{
    (void)work;
    *(bool *)context = true;
    return KO_OK;
}

static ko_status check_work(ko_store *store, const adding *a)
{
    bool found = false;
    const ko_status st =
        a->work_id ? ko_work_brief_each(store, a->work_id, find_work, &found, a->err) : KO_OK;
    if (st == KO_OK && a->work_id && !found)
        return ko_fail(a->err, KO_E_NOT_FOUND, "no work KO-%06lld", (long long)a->work_id);
    return st;
}

/* What a sheet said earlier of a work that was not here yet is taken now. */
static ko_status follow_up(ko_store *store, adding *a, ko_problems *problems)
{
    ko_past_news past;
    const ko_status st =
        ko_past_follow(store, a->database, false, INT64_MAX, problems, &past, a->err);
    if (st == KO_OK)
        a->result = ko_past_json(a->result, &past);
    return st;
}

static ko_status add(ko_store *store, adding *a)
{
    ko_problems problems = {.say = on_problem, .context = a};
    char *path = a->given.path;
    const ko_paths file = {.path = &path, .count = 1};
    const ko_register_options how = {.jobs = 1,
                                     .work_id = a->work_id,
                                     .name = a->name,
                                     .on_registered = on_registered,
                                     .context = a,
                                     .problems = &problems};
    ko_status st = ko_register(store, &file, &how, a->err);
    if (st == KO_OK)
        st = tidy(store, a);
    if (st == KO_OK && a->result)
        st = follow_up(store, a, &problems);
    else if (st == KO_OK)
        st = ko_fail(a->err, a->refused.code, "%s", a->refused.text);
    return st;
}

static ko_status read_query(const ko_target *target, adding *a, ko_error *err)
{
    const char *work = ko_target_query(target, "work");
    char *end = NULL;
    a->name = ko_target_query(target, "name");
    if (!a->name)
        return ko_fail(err, KO_E_USAGE, "name is what the file is called");
    if (!work)
        return KO_OK;
    a->work_id = work[0] >= '1' && work[0] <= '9' ? strtoll(work, &end, 10) : 0;
    return end && *end == '\0'
               ? KO_OK
               : ko_fail(err, KO_E_USAGE, "work is the number of one, not '%s'", work);
}

/* An original is decoded whole, as much work as a picture that is shown. */
static ko_status keep_and_add(ko_desk *desk, const ko_serve_request *request, const char *folder,
                              adding *a)
{
    ko_store *store = NULL;
    ko_serve_begin_drawing(desk);
    ko_status st = ko_pool_take(desk->pool, &store, a->err);
    if (st == KO_OK)
        st = check_work(store, a);
    if (st == KO_OK)
        st = ko_given_keep(folder, a->name, request->body, request->body_size, &a->given, a->err);
    if (st == KO_OK)
        st = add(store, a);
    ko_pool_give(desk->pool, store);
    ko_serve_end_drawing(desk);
    return st;
}

ko_status ko_serve_work_add(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    adding a = {.database = desk->path, .err = err};
    char *folder = NULL;
    ko_status st = read_query(request->target, &a, err);
    if (st == KO_OK)
        st = ko_beside(desk->path, KO_BESIDE_WORKS, &folder, err);
    if (st == KO_OK)
        st = keep_and_add(desk, request, folder, &a);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_incref(a.result), err);
    json_decref(a.result);
    ko_given_free(&a.given);
    ko_free(folder);
    return st;
}
