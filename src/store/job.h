/* store/job.h - kinds of work that are done again and again, and each time that they were.
 *
 * What is to be done when, and what came of it, outlives any process: a run that has begun and
 * not ended, while nobody is at work, was cut off. */
#ifndef KO_STORE_JOB_H
#define KO_STORE_JOB_H

#include "store/store.h"

/* When a kind of work is done again. */
typedef struct ko_job_plan {
    const char *name; /* "crawl" */
    int64_t every_s;  /* it waits no longer than this */
    int64_t next_at;  /* seconds since 1970 */
    int64_t failures; /* in a row */
} ko_job_plan;

/* One time that it was done. */
typedef struct ko_run {
    int64_t id;                 /* 0: none */
    int64_t began_at, ended_at; /* seconds since 1970; ended_at 0: it goes on, or was cut off */
    bool failed;
    const char *result; /* one line; "" until it ended */
} ko_run;

typedef struct ko_job_history {
    ko_job_plan plan;
    ko_run last;          /* begun last */
    int64_t succeeded_at; /* the last one that did not fail ended then; 0: none did */
    int64_t succeeded_s;  /* and took so long */
    int64_t runs, failed; /* ever since; those that are kept may be fewer */
} ko_job_history;

/* Keeps a plan, over that of the same name. */
KO_NODISCARD ko_status ko_job_put(ko_store *store, const ko_job_plan *plan, ko_error *err);
/* Reads the plan of out_plan->name into the rest. KO_E_NOT_FOUND: there is none. */
KO_NODISCARD ko_status ko_job_get(ko_store *store, ko_job_plan *out_plan, ko_error *err);

typedef ko_status ko_job_history_fn(void *context, const ko_job_history *history);
/* All that have a plan, in order of name. */
KO_NODISCARD ko_status ko_job_each(ko_store *store, ko_job_history_fn *fn, void *context,
                                   ko_error *err);

/* The job has a plan. */
KO_NODISCARD ko_status ko_run_begin(ko_store *store, const char *job, int64_t at, int64_t *out_id,
                                    ko_error *err);
/* Writes ended_at, failed and result of run->id. KO_E_NOT_FOUND: there is none. */
KO_NODISCARD ko_status ko_run_end(ko_store *store, const ko_run *run, ko_error *err);

/* Ends all runs of a job that were cut off, as failed, at that moment and with that result; *out_n
 * counts them. To be called by who alone may run it. */
KO_NODISCARD ko_status ko_runs_cut_off(ko_store *store, const char *job, int64_t at,
                                       const char *result, size_t *out_n, ko_error *err);

#endif
