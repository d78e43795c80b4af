/* net/job.h - one request on its way, through redirects and tries, to its answer. */
#ifndef KO_NET_JOB_H
#define KO_NET_JOB_H

#include "net/net.h"

#include <curl/curl.h>

struct ko_site;

typedef struct ko_job {
    struct ko_job *next;
    struct ko_site *site;      /* of url; NULL until it has a queue */
    struct ko_site *home;      /* of the first hop: headers and bodies go nowhere else */
    struct ko_site *robots_of; /* the site whose robots.txt this asks for; NULL: a user's request */
    char *asked, *url;         /* the first hop and the one that is next, or under way */
    char *post;                /* NULL: GET */
    size_t post_bytes;
    struct curl_slist *headers;
    char *etag, *last_modified; /* NULL: none */
    size_t max_bytes;
    bool api;
    void *owner;
    int64_t id;
    unsigned redirects, tries; /* so far; tries of this hop */
} ko_job;

/* Copies all texts. KO_E_USAGE (a line break in a header), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_job_make(const ko_net_request *request, ko_job **out_job, ko_error *err);
void ko_job_free(ko_job *job); /* NULL is fine */

/* Jobs in a row. */
typedef struct ko_jobs {
    ko_job *first, *last;
} ko_jobs;

void ko_jobs_put(ko_jobs *jobs, ko_job *job);       /* at the end */
void ko_jobs_put_front(ko_jobs *jobs, ko_job *job); /* next */
ko_job *ko_jobs_take(ko_jobs *jobs);                /* the next; NULL: none */
void ko_jobs_free(ko_jobs *jobs);                   /* and what is in it */

#endif
