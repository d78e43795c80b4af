#include "net/net.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "net/state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void ko_net_options_init(ko_net_options *options)
{
    *options = (ko_net_options){
        .rate = 1,
        .hosts = 64,
        .tries = 3,
        .redirects = 10,
        .connect_ms = 15000,
        .idle_ms = 30000,
        .total_ms = 300000,
    };
}

const char *ko_net_outcome_name(ko_net_outcome outcome)
{
    static const char *const names[] = {
        [KO_NET_DATA] = "data",       [KO_NET_NOT_MODIFIED] = "not modified",
        [KO_NET_GONE] = "gone",       [KO_NET_DENIED] = "denied",
        [KO_NET_ROBOTS] = "robots",   [KO_NET_ADDRESS] = "address",
        [KO_NET_LATER] = "later",     [KO_NET_BUDGET] = "budget",
        [KO_NET_LIMIT] = "limit",     [KO_NET_UNREACHABLE] = "unreachable",
        [KO_NET_DAMAGED] = "damaged", [KO_NET_STATUS] = "status",
        [KO_NET_LEFT] = "left",       [KO_NET_STOPPED] = "stopped",
    };
    return names[outcome];
}

static ko_status copy_options(ko_net *net, const ko_net_options *options, ko_error *err)
{
    net->options = *options;
    net->options.allow_hosts = NULL;
    net->options.n_allow_hosts = 0;
    net->options.user_agent = ko_strdup(options->user_agent);
    net->options.ca_file = options->ca_file ? ko_strdup(options->ca_file) : NULL;
    if (!net->options.user_agent || (options->ca_file && !net->options.ca_file))
        return ko_fail(err, KO_E_NOMEM, "no memory to fetch with");
    return ko_guard_init(&net->guard, options, err);
}

ko_status ko_net_open(const ko_net_options *options, ko_net **out_net, ko_error *err)
{
    assert(options->user_agent && options->rate > 0 && options->tries > 0);
    assert(options->connect_ms > 0 && options->idle_ms > 0 && options->total_ms > 0);
    if (options->hosts < 1 || options->hosts > KO_MAX_NET_HOSTS)
        return ko_fail(err, KO_E_LIMIT, "%u hosts at the same time, limit %u", options->hosts,
                       KO_MAX_NET_HOSTS);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ko_fail(err, KO_E_NOMEM, "no memory to fetch with");
    ko_net *net = ko_alloc_zero(1, sizeof *net);
    if (!net) {
        curl_global_cleanup();
        return ko_fail(err, KO_E_NOMEM, "no memory to fetch with");
    }
    net->opened_ms = ko_clock_ms();
    net->chance = (uint64_t)net->opened_ms | 1;
    ko_status st = copy_options(net, options, err);
    if (st == KO_OK) {
        net->active = ko_alloc_array(options->hosts, sizeof(ko_transfer *));
        net->multi = curl_multi_init();
        if (!net->active || !net->multi)
            st = ko_fail(err, KO_E_NOMEM, "no memory to fetch with");
    }
    if (st != KO_OK) {
        ko_net_close(net);
        return st;
    }
    (void)curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, (long)KO_MAX_NET_CONNECTIONS);
    *out_net = net;
    return KO_OK;
}

void ko_net_close(ko_net *net)
{
    if (!net)
        return;
    for (size_t i = 0; i < net->n_active; i++)
        ko_transfer_free(net->multi, net->active[i]);
    for (size_t i = 0; i < net->sites.n; i++)
        ko_site_free(net->sites.things[i]);
    for (size_t i = 0; i < net->hosts.n; i++)
        ko_queue_free(net->hosts.things[i]);
    ko_book_free(&net->sites);
    ko_book_free(&net->hosts);
    ko_schedule_free(&net->schedule);
    ko_jobs_free(&net->fresh);
    (void)curl_multi_cleanup(net->multi);
    ko_guard_free(&net->guard);
    ko_free((void *)net->active);
    ko_free((void *)net->options.user_agent);
    ko_free((void *)net->options.ca_file);
    ko_free(net);
    curl_global_cleanup();
}

ko_status ko_net_add(ko_net *net, const ko_net_request *request, ko_error *err)
{
    ko_job *job = NULL;
    const ko_status st = ko_job_make(request, &job, err);
    if (st != KO_OK)
        return st;
    ko_jobs_put(&net->fresh, job);
    net->pending++;
    return KO_OK;
}

void ko_net_leave(ko_net *net, const char *url, const char *wall)
{
    ko_url parsed;
    char name[KO_ORIGIN_SIZE];
    if (ko_url_parse(url, strlen(url), NULL, &parsed, NULL) != KO_OK)
        return;
    const ko_slice host = ko_url_host(&parsed);
    (void)snprintf(name, sizeof name, "%.*s", (int)host.n, host.at);
    ko_queue *queue = ko_book_find(&net->hosts, name);
    if (queue)
        queue->wall = wall;
}

void ko_net_on_tick(ko_net *net, ko_net_tick_fn *tick, void *context)
{
    net->tick = tick;
    net->tick_context = context;
}

size_t ko_net_pending(const ko_net *net)
{
    return net->pending;
}

void ko_net_count(const ko_net *net, ko_net_counts *out_counts)
{
    *out_counts = net->counts;
    out_counts->hosts = net->hosts.n;
}
