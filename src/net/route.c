#include "net/route.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

/* A host is taken to have been asked just before this ko_net was opened. A process that was killed
 * a moment ago may have done so, and what it wrote down last need not be the last it did. */
static ko_status queue_of(ko_net *net, const ko_url *url, ko_queue **out_queue, ko_error *err)
{
    char name[KO_ORIGIN_SIZE];
    const ko_slice host = ko_url_host(url);
    (void)snprintf(name, sizeof name, "%.*s", (int)host.n, host.at);
    *out_queue = ko_book_find(&net->hosts, name);
    if (*out_queue)
        return KO_OK;
    ko_queue *queue = NULL;
    ko_status st = ko_queue_make(host.at, host.n, &queue, err);
    if (st == KO_OK)
        st = ko_book_add(&net->hosts, queue, err);
    if (st != KO_OK) {
        ko_queue_free(queue);
        return st;
    }
    queue->sent_ms = net->opened_ms;
    ko_queue_rest(queue, net->options.rate);
    *out_queue = queue;
    return KO_OK;
}

static ko_status site_of(ko_net *net, const ko_url *url, ko_site **out_site, ko_error *err)
{
    char origin[KO_ORIGIN_SIZE];
    ko_site_origin(url, origin);
    *out_site = ko_book_find(&net->sites, origin);
    if (*out_site)
        return KO_OK;
    ko_queue *queue = NULL;
    ko_site *site = NULL;
    ko_status st = queue_of(net, url, &queue, err);
    if (st == KO_OK)
        st = ko_site_make(url, queue, &site, err);
    if (st == KO_OK)
        st = ko_site_recall(site, &net->options, err);
    if (st == KO_OK)
        st = ko_book_add(&net->sites, site, err);
    if (st != KO_OK) {
        ko_site_free(site);
        return st;
    }
    *out_site = site;
    return KO_OK;
}

ko_status ko_route(ko_net *net, ko_job *job, const char *location, bool *out_routed,
                   ko_verdict *out_refusal, ko_error *err)
{
    ko_url base, url;
    ko_error why = {0};
    *out_routed = false;
    ko_status st = KO_OK;
    if (job->url)
        st = ko_url_parse(job->url, strlen(job->url), NULL, &base, err);
    if (st != KO_OK)
        return st;
    st = ko_url_parse(location, strlen(location), job->url ? &base : NULL, &url, &why);
    if (st == KO_E_NOMEM)
        return ko_fail(err, st, "%s", why.text);
    if (st != KO_OK) {
        ko_verdict_set(out_refusal, st == KO_E_LIMIT ? KO_NET_LIMIT : KO_NET_ADDRESS, "%s",
                       why.text);
        return KO_OK;
    }
    const char *refused = ko_guard_refused(&net->guard, &url);
    if (refused) {
        ko_verdict_set(out_refusal, KO_NET_ADDRESS, "%.300s is %s", url.text, refused);
        return KO_OK;
    }
    ko_site *site = NULL;
    st = site_of(net, &url, &site, err);
    char *text = st == KO_OK ? ko_strdup(url.text) : NULL;
    if (!text)
        return st == KO_OK ? ko_fail(err, KO_E_NOMEM, "no memory for a URL") : st;
    ko_free(job->url);
    job->url = text;
    job->site = site;
    job->home = job->home ? job->home : site;
    *out_routed = true;
    return KO_OK;
}
