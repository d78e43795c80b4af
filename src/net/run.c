/* The loop. A request is routed to the queue of its host; when the queue's time has come it is
 * asked, or answered without being asked; when a hop is over it is routed to the next, tried
 * again or answered. Each of these ends with the queue woken when it has more to do. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "base/text.h"
#include "net/route.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define STOP_POLL_MS 200 /* how soon a wish to stop is seen */
#define TICK_MS 250

typedef struct run {
    ko_net *net;
    ko_net_fn *on_answer;
    void *context;
    ko_error *err;
} run;

static ko_status no_memory(const run *r)
{
    return ko_fail(r->err, KO_E_NOMEM, "no memory to fetch with");
}

static ko_status wake(const run *r, ko_queue *queue)
{
    if (queue->busy || !queue->jobs.first)
        return KO_OK;
    return ko_schedule_put(&r->net->schedule, queue, r->err);
}

/* --- answers --- */

/* What came of the last hop; transfer NULL: it was not asked. */
static ko_reply reply_of(const ko_job *job, const ko_transfer *transfer)
{
    ko_reply reply = {
        .url = job->asked,
        .final_url = job->url ? job->url : job->asked,
        .content_type = "",
        .headers = "",
        .body = "",
        .at = ko_clock_now(),
    };
    if (!transfer)
        return reply;
    reply.status = ko_transfer_status(transfer);
    reply.content_type = ko_transfer_header(transfer, "Content-Type");
    if (reply.status && transfer->head.data)
        reply.headers = transfer->head.data;
    if (transfer->body.size) {
        reply.body = transfer->body.data;
        reply.size = transfer->body.size;
    }
    return reply;
}

static bool has_body(ko_net_outcome outcome)
{
    return outcome == KO_NET_DATA || outcome == KO_NET_GONE || outcome == KO_NET_DENIED ||
           outcome == KO_NET_STATUS || outcome == KO_NET_LATER;
}

static ko_status tell(const run *r, const ko_job *job, const ko_verdict *verdict,
                      const ko_transfer *transfer)
{
    ko_buf text = KO_BUF(4 * sizeof verdict->text);
    if (ko_text_clean(&text, verdict->text, strlen(verdict->text)) != KO_OK)
        return no_memory(r);
    ko_net_answer answer = {
        .outcome = verdict->outcome,
        .text = text.data ? text.data : "",
        .reply = reply_of(job, transfer),
        .etag = transfer ? ko_transfer_header(transfer, "ETag") : "",
        .last_modified = transfer ? ko_transfer_header(transfer, "Last-Modified") : "",
        .not_before = verdict->outcome == KO_NET_LATER ? verdict->not_before : 0,
        .owner = job->owner,
        .id = job->id,
    };
    if (!has_body(verdict->outcome)) {
        answer.reply.body = "";
        answer.reply.size = 0;
    }
    r->net->pending--;
    const ko_status st = r->on_answer(r->context, &answer);
    ko_buf_free(&text);
    return st;
}

/* Ends a job that is in no queue; it stays the caller's. */
static ko_status answer(const run *r, const ko_job *job, const ko_verdict *verdict,
                        const ko_transfer *transfer)
{
    const ko_net_options *options = &r->net->options;
    ko_site *site = job->robots_of;
    if (!site)
        return tell(r, job, verdict, transfer);
    const ko_reply reply = reply_of(job, transfer);
    const ko_status st = ko_site_settle(site, options, verdict, &reply, r->err);
    return st == KO_OK ? wake(r, site->queue) : st;
}

/* --- from request to queue --- */

static ko_status route_fresh(const run *r)
{
    ko_job *job = ko_jobs_take(&r->net->fresh);
    ko_verdict refusal = {0};
    bool routed = false;
    ko_status st = ko_route(r->net, job, job->asked, &routed, &refusal, r->err);
    if (routed) {
        ko_jobs_put(&job->site->queue->jobs, job);
        return wake(r, job->site->queue);
    }
    if (st == KO_OK)
        st = answer(r, job, &refusal, NULL);
    ko_job_free(job);
    return st;
}

/* --- from queue to host --- */

typedef enum next { NEXT_ASK, NEXT_ROBOTS, NEXT_WAIT, NEXT_SLEEP, NEXT_ANSWER } next;

static bool needs_robots(const ko_job *job)
{
    return !job->robots_of && !(job->api && job->site == job->home);
}

/* May it ask for the page, and how long does it ask us to wait between requests? */
static next ask_robots(const run *r, ko_queue *queue, ko_verdict *verdict)
{
    const ko_net_options *options = &r->net->options;
    ko_job *job = queue->jobs.first;
    ko_site *site = job->site;
    if (site->state == KO_SITE_KNOWN && ko_clock_now() - site->at > KO_MAX_ROBOTS_AGE_S)
        site->state = KO_SITE_UNKNOWN;
    if (site->state == KO_SITE_UNKNOWN)
        return NEXT_ROBOTS;
    if (site->state == KO_SITE_ASKING)
        return NEXT_SLEEP;
    double delay_s = 0;
    if (!ko_site_allows(site, options, job->url, verdict, &delay_s))
        return NEXT_ANSWER;
    if (delay_s > queue->delay_s) {
        queue->delay_s = delay_s;
        ko_queue_rest(queue, options->rate);
    }
    return queue->ready_ms > ko_clock_ms() ? NEXT_WAIT : NEXT_ASK;
}

/* What is to be done for the first of a queue whose time has come. */
static next look(const run *r, ko_queue *queue, ko_verdict *verdict)
{
    const ko_net_options *options = &r->net->options;
    const int64_t wait_s = queue->not_before - ko_clock_now();
    if (queue->wall) {
        ko_verdict_set(verdict, KO_NET_LEFT, "%s is left alone: it showed %s", queue->host,
                       queue->wall);
        return NEXT_ANSWER;
    }
    if (wait_s > KO_MAX_WAIT_S) {
        verdict->not_before = queue->not_before;
        ko_verdict_set(verdict, KO_NET_LATER, "%s asked to wait for %lld s", queue->host,
                       (long long)wait_s);
        return NEXT_ANSWER;
    }
    if (wait_s > 0) {
        queue->ready_ms = ko_clock_ms() + 1000 * wait_s;
        return NEXT_WAIT;
    }
    if (options->budget && queue->requests >= options->budget) {
        ko_verdict_set(verdict, KO_NET_BUDGET, "%s: %u requests, the budget of a run", queue->host,
                       queue->requests);
        return NEXT_ANSWER;
    }
    if (queue->failures >= KO_MAX_HOST_FAILURES) {
        verdict->not_before = ko_clock_now() + KO_LATER_S;
        ko_verdict_set(verdict, KO_NET_LATER, "%s did not answer %u times in a row", queue->host,
                       queue->failures);
        return NEXT_ANSWER;
    }
    return needs_robots(queue->jobs.first) ? ask_robots(r, queue, verdict) : NEXT_ASK;
}

static ko_status ask_for_robots(const run *r, ko_site *site)
{
    char url[KO_ORIGIN_SIZE + 16];
    (void)snprintf(url, sizeof url, "%s/robots.txt", site->origin);
    ko_job *job = NULL;
    const ko_net_request request = {.url = url, .max_bytes = KO_MAX_ROBOTS_BYTES};
    ko_status st = ko_site_recall(site, &r->net->options, r->err); /* it was let go of */
    if (st == KO_OK && site->state == KO_SITE_KNOWN)
        return wake(r, site->queue);
    if (st == KO_OK)
        st = ko_job_make(&request, &job, r->err);
    if (st != KO_OK)
        return st;
    job->robots_of = job->site = job->home = site;
    job->url = ko_strdup(url);
    if (!job->url) {
        ko_job_free(job);
        return no_memory(r);
    }
    site->state = KO_SITE_ASKING;
    ko_jobs_put_front(&site->queue->jobs, job);
    return wake(r, site->queue);
}

/* Leaves the host alone, also in runs to come. */
static void leave_until(const run *r, const ko_site *site, int64_t not_before)
{
    if (not_before <= site->queue->not_before)
        return;
    site->queue->not_before = not_before;
    ko_site_remember_wait(site, &r->net->options);
}

/* A crawl-delay of hours would hold up the run: the host gets its request, robots.txt aside, and
 * what else waits for it is left to runs to come. Remembered before it is sent, for whoever begins
 * anew when this process is killed. */
static void put_off_rest(const run *r, const ko_job *job)
{
    const ko_queue *queue = job->site->queue;
    if (queue->delay_s > KO_MAX_GAP_S && !job->robots_of)
        leave_until(r, job->site, ko_clock_now() + (int64_t)queue->delay_s);
}

static ko_status ask(const run *r, ko_queue *queue)
{
    ko_net *net = r->net;
    assert(!queue->busy && net->n_active < net->options.hosts);
    ko_transfer *transfer = NULL;
    put_off_rest(r, queue->jobs.first);
    const ko_status st = ko_transfer_start(net->multi, &net->options, &net->guard,
                                           queue->jobs.first, &transfer, r->err);
    if (st != KO_OK)
        return st;
    transfer->job = ko_jobs_take(&queue->jobs);
    net->active[net->n_active++] = transfer;
    net->counts.requests++;
    queue->requests++;
    queue->busy = true;
    return KO_OK;
}

static ko_status step(const run *r, ko_queue *queue)
{
    ko_verdict verdict = {0};
    switch (look(r, queue, &verdict)) {
    case NEXT_ASK:
        return ask(r, queue);
    case NEXT_ROBOTS:
        return ask_for_robots(r, queue->jobs.first->site);
    case NEXT_WAIT:
        return wake(r, queue);
    case NEXT_SLEEP: /* the answer about robots.txt wakes it */
        return KO_OK;
    case NEXT_ANSWER:
        break;
    }
    ko_job *job = ko_jobs_take(&queue->jobs);
    const ko_status st = answer(r, job, &verdict, NULL);
    ko_job_free(job);
    return st == KO_OK ? wake(r, queue) : st;
}

/* --- from hop to hop --- */

/* 0 to a quarter, so that requests do not come by the clock (splitmix64). */
static double jitter(ko_net *net)
{
    uint64_t z = net->chance += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)(z >> 40) / (double)(1u << 24) / 4;
}

/* Milliseconds that a host is given which asked for time or has trouble: what it asked for, or
 * four times as long as between other requests, and four times more with each try. */
static int64_t respite_ms(const ko_verdict *verdict, unsigned tries, double gap_ms)
{
    double wait_ms = 1000.0 * (double)verdict->wait_s;
    if (!verdict->wait_s)
        wait_ms = gap_ms * (double)(1u << (2 * (tries < 8 ? tries : 8)));
    return (int64_t)(wait_ms < 1000 * KO_MAX_WAIT_S ? wait_ms : 1000 * KO_MAX_WAIT_S);
}

/* Sets the clock of the host: from when this request was sent, and not from when it was begun,
 * for a connection that takes long would bring the next one close. A host that is asked no more
 * needs no respite, and what waits for it is told at once. */
static void set_clock(ko_net *net, ko_queue *queue, const ko_transfer *transfer,
                      const ko_verdict *verdict)
{
    const double gap_ms = ko_queue_gap_ms(queue, net->options.rate) * (1 + jitter(net));
    const int64_t sent_ms = ko_transfer_sent_ms(transfer);
    if (queue->requests > 1) {
        const double rate = 1000.0 / (double)(sent_ms - queue->sent_ms);
        net->counts.busiest = rate > net->counts.busiest ? rate : net->counts.busiest;
    }
    queue->sent_ms = sent_ms;
    queue->ready_ms = sent_ms + (int64_t)gap_ms + 1;
    queue->failures = verdict->again ? queue->failures + 1 : 0;
    if (!verdict->again || verdict->wait_s > KO_MAX_WAIT_S ||
        queue->failures >= KO_MAX_HOST_FAILURES)
        return;
    const int64_t then_ms = ko_clock_ms() + respite_ms(verdict, transfer->job->tries, gap_ms);
    queue->ready_ms = then_ms > queue->ready_ms ? then_ms : queue->ready_ms;
}

/* After the last try: when may it be asked again? */
static void put_off(const run *r, const ko_job *job, ko_verdict *verdict)
{
    if (verdict->outcome != KO_NET_LATER)
        return;
    verdict->not_before = ko_clock_now() + (verdict->wait_s ? verdict->wait_s : KO_LATER_S);
    if (verdict->whole_host)
        leave_until(r, job->site, verdict->not_before);
}

/* A body goes nowhere but to the host that it was meant for; elsewhere, and where the answer is
 * a page to look at, GET is used, as browsers do (WHATWG Fetch Standard, "HTTP-redirect
 * fetch"). */
static void redirect_post(ko_job *job, int status)
{
    if (!job->post || (status >= 307 && job->site == job->home))
        return;
    ko_free(job->post);
    job->post = NULL;
}

/* As in browsers a redirect may lead from https to http: keys and bodies stay behind. */
static ko_status follow(const run *r, ko_transfer *transfer, const char *location)
{
    ko_job *job = transfer->job;
    const unsigned limit = job->robots_of ? KO_MAX_ROBOTS_REDIRECTS : r->net->options.redirects;
    const int status = ko_transfer_status(transfer);
    ko_verdict verdict = {0};
    if (job->redirects >= limit) {
        ko_verdict_set(&verdict, KO_NET_LIMIT, "more than %u redirects", limit);
        return answer(r, job, &verdict, transfer);
    }
    char *before = ko_strdup(job->url);
    if (!before)
        return no_memory(r);
    bool routed = false;
    const ko_status st = ko_route(r->net, job, location, &routed, &verdict, r->err);
    const bool same = routed && !job->post && strcmp(before, job->url) == 0;
    ko_free(before);
    if (same)
        ko_verdict_set(&verdict, KO_NET_LIMIT, "redirects to itself");
    if (!routed || same)
        return st == KO_OK ? answer(r, job, &verdict, transfer) : st;
    redirect_post(job, status);
    job->redirects++;
    job->tries = 0;
    transfer->job = NULL;
    ko_jobs_put_front(&job->site->queue->jobs, job);
    return wake(r, job->site->queue);
}

static ko_status finish(const run *r, ko_transfer *transfer, CURLcode code)
{
    ko_net *net = r->net;
    ko_job *job = transfer->job;
    ko_queue *queue = job->site->queue;
    ko_site *site = job->site;
    ko_verdict verdict;
    ko_transfer_judge(transfer, &net->options, code, &verdict);
    if (transfer->no_memory)
        return no_memory(r);
    net->counts.answers += ko_transfer_status(transfer) > 0;
    net->counts.bytes += transfer->body.size;
    job->tries++;
    set_clock(net, queue, transfer, &verdict);
    queue->busy = false;
    const char *location = ko_transfer_location(transfer);
    const bool again = verdict.again && job->tries < net->options.tries &&
                       verdict.wait_s <= KO_MAX_WAIT_S && queue->failures < KO_MAX_HOST_FAILURES;
    ko_status st = KO_OK;
    if (location) {
        st = follow(r, transfer, location);
    } else if (again) {
        if (verdict.wait_s)
            leave_until(r, site, ko_clock_now() + verdict.wait_s);
        ko_jobs_put_front(&queue->jobs, job);
        transfer->job = NULL;
    } else {
        put_off(r, job, &verdict);
        st = answer(r, job, &verdict, transfer);
    }
    if (st == KO_OK && !queue->jobs.first && !net->fresh.first)
        ko_site_forget(site, &net->options);
    return st == KO_OK ? wake(r, queue) : st;
}

/* --- the loop --- */

static ko_status end(const run *r, size_t i, CURLcode code, bool stopped)
{
    ko_net *net = r->net;
    ko_transfer *transfer = net->active[i];
    net->active[i] = net->active[--net->n_active];
    ko_status st;
    if (stopped) {
        ko_verdict verdict = {0};
        ko_verdict_set(&verdict, KO_NET_STOPPED, "stopped");
        transfer->job->site->queue->busy = false;
        st = transfer->job->robots_of ? KO_OK : tell(r, transfer->job, &verdict, NULL);
    } else {
        st = finish(r, transfer, code);
    }
    ko_transfer_free(net->multi, transfer);
    return st;
}

static ko_status end_done(const run *r)
{
    ko_net *net = r->net;
    ko_status st = KO_OK;
    int left = 0;
    for (CURLMsg *m = curl_multi_info_read(net->multi, &left); m && st == KO_OK;
         m = curl_multi_info_read(net->multi, &left)) {
        ko_transfer *transfer = NULL;
        const CURLcode code = m->data.result;
        (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        for (size_t i = 0; i < net->n_active; i++)
            if (net->active[i] == transfer) {
                st = end(r, i, code, false);
                break;
            }
    }
    return st;
}

/* Ends those from which nothing comes; *wait_ms becomes the time until the next may be one. */
static ko_status end_silent(const run *r, int64_t *wait_ms)
{
    ko_net *net = r->net;
    for (size_t i = net->n_active; i-- > 0;) {
        const int64_t left_ms = ko_transfer_listen(net->active[i], net->options.idle_ms);
        if (left_ms == 0) {
            const ko_status st = end(r, i, CURLE_OPERATION_TIMEDOUT, false);
            if (st != KO_OK)
                return st;
            *wait_ms = 0;
        } else if (left_ms < *wait_ms) {
            *wait_ms = left_ms;
        }
    }
    return KO_OK;
}

/* Asks all whose time has come while there is room. */
static ko_status ask_ready(const run *r, int64_t *wait_ms)
{
    ko_net *net = r->net;
    while (net->n_active < net->options.hosts && ko_schedule_first(&net->schedule)) {
        const int64_t left_ms = ko_schedule_first(&net->schedule)->ready_ms - ko_clock_ms();
        if (left_ms > 0) {
            *wait_ms = left_ms < *wait_ms ? left_ms : *wait_ms;
            return KO_OK;
        }
        const ko_status st = step(r, ko_schedule_take(&net->schedule));
        if (st != KO_OK)
            return st;
        if (net->fresh.first || ko_stop_asked()) {
            *wait_ms = 0;
            return KO_OK;
        }
    }
    return KO_OK;
}

/* What is answered may add more, which is answered, too. */
static ko_status stop(const run *r)
{
    ko_net *net = r->net;
    ko_verdict verdict = {0};
    ko_verdict_set(&verdict, KO_NET_STOPPED, "stopped");
    ko_status st = KO_OK;
    while (st == KO_OK && net->n_active)
        st = end(r, net->n_active - 1, CURLE_OK, true);
    while (ko_schedule_take(&net->schedule))
        ;
    for (size_t i = 0; i < net->hosts.n; i++) {
        ko_queue *queue = net->hosts.things[i];
        while (queue->jobs.first)
            ko_jobs_put(&net->fresh, ko_jobs_take(&queue->jobs));
    }
    while (st == KO_OK && net->fresh.first) {
        ko_job *job = ko_jobs_take(&net->fresh);
        st = job->robots_of ? KO_OK : tell(r, job, &verdict, NULL);
        ko_job_free(job);
    }
    for (size_t i = 0; i < net->sites.n; i++) {
        ko_site *site = net->sites.things[i];
        if (site->state == KO_SITE_ASKING)
            site->state = KO_SITE_UNKNOWN;
    }
    return st;
}

static ko_status tick(ko_net *net)
{
    const int64_t now = ko_clock_ms();
    if (!net->tick || now - net->ticked_ms < TICK_MS)
        return KO_OK;
    net->ticked_ms = now;
    return net->tick(net->tick_context);
}

ko_status ko_net_run(ko_net *net, ko_net_fn *on_answer, void *context, ko_error *err)
{
    const run r = {.net = net, .on_answer = on_answer, .context = context, .err = err};
    ko_status st = KO_OK;
    while (st == KO_OK && net->pending && !ko_stop_asked()) {
        int64_t wait_ms = STOP_POLL_MS;
        int under_way = 0;
        if (curl_multi_perform(net->multi, &under_way) != CURLM_OK)
            st = no_memory(&r);
        if (st == KO_OK)
            st = end_done(&r);
        if (st == KO_OK)
            st = end_silent(&r, &wait_ms);
        while (st == KO_OK && net->fresh.first)
            st = route_fresh(&r);
        if (st == KO_OK)
            st = ask_ready(&r, &wait_ms);
        if (st == KO_OK)
            st = tick(net);
        if (st == KO_OK && net->pending && wait_ms > 0)
            (void)curl_multi_poll(net->multi, NULL, 0, (int)wait_ms, NULL);
    }
    return st == KO_OK && net->pending ? stop(&r) : st;
}
