/* serve/task.h - one long work at a time, in the background: a scan, a build of notices.
 *
 * A task has a thread and a connection to the database of its own, so that the page answers
 * meanwhile. Whoever listens to /api/events hears how far it is. It ends by itself, when the page
 * asks for that, or with the server, and what ends early goes on the next time. Any thread may
 * call. */
#ifndef KO_SERVE_TASK_H
#define KO_SERVE_TASK_H

#include "scan/problems.h"
#include "serve/live.h"
#include "store/store.h"

#include <jansson.h>

/* Does the work: what is shown by ko_progress_show is told to the page, lines that problems takes
 * are kept for it (KO_MAX_SERVE_PROBLEMS of them), and when ko_stop_asked is true it ends with
 * KO_E_STOPPED. *out_result is what the page is told at the end, an object; it may be given with
 * KO_E_STOPPED, too. */
typedef ko_status ko_task_fn(void *context, ko_store *store, ko_problems *problems,
                             json_t **out_result, ko_error *err);

typedef struct ko_task_work {
    const char *kind; /* static: "scan" */
    ko_task_fn *run;
    void *context;
    void (*free)(void *context); /* called once, also when it is not started; may be NULL */
} ko_task_work;

typedef struct ko_tasks ko_tasks;

/* live is told when something changes, and must outlive it. */
KO_NODISCARD ko_status ko_tasks_open(const char *path, ko_live *live, ko_tasks **out_tasks,
                                     ko_error *err);
/* Stops what runs and waits for its end. */
void ko_tasks_close(ko_tasks *tasks); /* NULL is fine */

/* Starts a work; *out_number is what it is asked for by. KO_E_BUSY: one is under way, with its kind
 * in the line. */
KO_NODISCARD ko_status ko_tasks_start(ko_tasks *tasks, const ko_task_work *work,
                                      int64_t *out_number, ko_error *err);
/* Asks it to stop. KO_E_NOT_FOUND: it does not run. */
KO_NODISCARD ko_status ko_tasks_stop(ko_tasks *tasks, int64_t number, ko_error *err);

/* The last task, as a new object; null before the first: {"task": number, "kind", "state":
 * "running"|"stopping"|"done"|"stopped"|"failed", "what": "photos", "done", "total": 0 when not
 * known, "seconds": since it began, "n_problems", "error": a line or null}, and whole also
 * "problems": [lines] and "result": object or null. NULL when there is no memory. */
json_t *ko_tasks_json(ko_tasks *tasks, bool whole);

#endif
