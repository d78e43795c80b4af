#include "net/job.h"

#include "base/alloc.h"

#include <assert.h>
#include <string.h>

/* NULL and "" give NULL; false when there is no memory. */
static bool copy(const char *text, char **out)
{
    if (!text || !*text)
        return true;
    *out = ko_strdup(text);
    return *out != NULL;
}

static bool is_one_line(const char *text)
{
    return !text || !text[strcspn(text, "\r\n")];
}

static bool copy_headers(ko_job *job, const ko_net_request *request)
{
    for (size_t i = 0; i < request->n_headers; i++) {
        struct curl_slist *longer = curl_slist_append(job->headers, request->headers[i]);
        if (!longer)
            return false;
        job->headers = longer;
    }
    return true;
}

/* Room for one byte at least, so that a body of none is still a body. */
static bool copy_post(ko_job *job, const ko_net_request *request)
{
    if (!request->post)
        return true;
    job->post = ko_alloc(request->post_bytes + 1);
    if (!job->post)
        return false;
    memcpy(job->post, request->post, request->post_bytes);
    job->post[request->post_bytes] = '\0';
    job->post_bytes = request->post_bytes;
    return true;
}

ko_status ko_job_make(const ko_net_request *request, ko_job **out_job, ko_error *err)
{
    assert(request->url);
    bool lines = is_one_line(request->etag) && is_one_line(request->last_modified);
    for (size_t i = 0; i < request->n_headers; i++)
        lines = lines && is_one_line(request->headers[i]);
    if (!lines)
        return ko_fail(err, KO_E_USAGE, "a line break in a header");
    ko_job *job = ko_alloc_zero(1, sizeof *job);
    if (!job)
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");
    job->max_bytes = request->max_bytes;
    job->api = request->api;
    job->owner = request->owner;
    job->id = request->id;
    job->asked = ko_strdup(request->url);
    if (!job->asked || !copy(request->etag, &job->etag) ||
        !copy(request->last_modified, &job->last_modified) || !copy_headers(job, request) ||
        !copy_post(job, request)) {
        ko_job_free(job);
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");
    }
    *out_job = job;
    return KO_OK;
}

void ko_job_free(ko_job *job)
{
    if (!job)
        return;
    ko_free(job->asked);
    ko_free(job->url);
    ko_free(job->post);
    ko_free(job->etag);
    ko_free(job->last_modified);
    curl_slist_free_all(job->headers);
    ko_free(job);
}

void ko_jobs_put(ko_jobs *jobs, ko_job *job)
{
    job->next = NULL;
    if (jobs->last)
        jobs->last->next = job;
    else
        jobs->first = job;
    jobs->last = job;
}

void ko_jobs_put_front(ko_jobs *jobs, ko_job *job)
{
    job->next = jobs->first;
    jobs->first = job;
    if (!jobs->last)
        jobs->last = job;
}

ko_job *ko_jobs_take(ko_jobs *jobs)
{
    ko_job *job = jobs->first;
    if (!job)
        return NULL;
    jobs->first = job->next;
    if (!jobs->first)
        jobs->last = NULL;
    job->next = NULL;
    return job;
}

void ko_jobs_free(ko_jobs *jobs)
{
    for (ko_job *job = ko_jobs_take(jobs); job; job = ko_jobs_take(jobs))
        ko_job_free(job);
}
