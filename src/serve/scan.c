/* The scan, and whatever else works in the background: started, looked at and stopped. */
#include "serve/handlers.h"

#include "base/parallel.h"
#include "case/search.h"
#include "serve/sent.h"

/* One processor is left to the page. */
static unsigned scan_jobs(void)
{
    const unsigned all = ko_parallel_processors();
    return all > 1 ? all - 1 : 1;
}

static ko_status scan(void *context, ko_store *store, ko_problems *problems, json_t **out_result,
                      ko_error *err)
{
    ko_searched searched;
    (void)context;
    const ko_status st = ko_search(store, scan_jobs(), problems, &searched, err);
    if (st == KO_OK || st == KO_E_STOPPED)
        *out_result = ko_searched_json(&searched);
    return st;
}

ko_status ko_serve_scan_start(ko_desk *desk, int64_t *out_task, ko_error *err)
{
    const ko_task_work work = {.kind = "scan", .run = scan};
    return ko_tasks_start(desk->tasks, &work, out_task, err);
}

ko_status ko_serve_scan(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    static const char *const names[] = {NULL};
    json_t *sent = NULL;
    int64_t task = 0;
    ko_status st = ko_sent_object(request, names, &sent, err);
    json_decref(sent);
    if (st == KO_OK)
        st = ko_serve_scan_start(desk, &task, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_pack("{s:I}", "task", (json_int_t)task), err);
    return st;
}

ko_status ko_serve_task(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    (void)request;
    return ko_serve_answer_json(answer, ko_tasks_json(desk->tasks, true), err);
}

ko_status ko_serve_task_stop(ko_desk *desk, const ko_serve_request *request,
                             ko_serve_answer *answer, ko_error *err)
{
    static const char *const names[] = {"task", NULL};
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    const json_t *task = json_object_get(sent, "task");
    if (st == KO_OK && !json_is_integer(task))
        st = ko_fail(err, KO_E_FORMAT, "task is the number of one");
    if (st == KO_OK)
        st = ko_tasks_stop(desk->tasks, json_integer_value(task), err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_object(), err);
    json_decref(sent);
    return st;
}
