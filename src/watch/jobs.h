/* watch/jobs.h - the kinds of work that a watch does; for this folder alone. */
#ifndef KO_WATCH_JOBS_H
#define KO_WATCH_JOBS_H

#include "capture/archive.h"
#include "watch/watch.h"

/* In the order in which they are done. */
typedef enum ko_watch_kind {
    KO_WATCH_CRAWL,
    KO_WATCH_SCAN,    /* and what is new sorted */
    KO_WATCH_RECHECK, /* and its cases told of it */
    KO_WATCH_NOTIFY,
    KO_WATCH_KEEP,
    KO_WATCH_KINDS
} ko_watch_kind;

typedef struct ko_watch_outcome {
    char result[KO_ERROR_TEXT_SIZE]; /* one line for people */
    int64_t next_at; /* when there will be something to do, seconds since 1970; 0: not known */
    bool unfinished; /* it gave way to the others, and goes on at once after them */
    bool pictures;   /* came, which are to be scanned */
    bool news;       /* there may be something to tell */
} ko_watch_outcome;

/* archive is what those that ask sites write to; NULL for the others. */
typedef ko_status ko_watch_job_fn(const ko_watch_options *options, ko_archive *archive,
                                  ko_watch_outcome *out, ko_error *err);

typedef struct ko_watch_job {
    const char *name;
    int64_t every_s; /* it is done at least this often */
    bool asks_sites; /* only one process may do that (ko_crawl_lock) */
    ko_watch_job_fn *run;
} ko_watch_job;

extern const ko_watch_job ko_watch_jobs[KO_WATCH_KINDS];

#endif
