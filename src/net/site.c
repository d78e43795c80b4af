#include "net/site.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void ko_site_origin(const ko_url *url, char out[KO_ORIGIN_SIZE])
{
    (void)snprintf(out, KO_ORIGIN_SIZE, "%.*s", (int)url->path, url->text);
}

ko_status ko_site_make(const ko_url *url, ko_queue *queue, ko_site **out_site, ko_error *err)
{
    char origin[KO_ORIGIN_SIZE];
    ko_site_origin(url, origin);
    ko_site *site = ko_alloc_zero(1, sizeof *site);
    if (site)
        site->origin = ko_strdup(origin);
    if (!site || !site->origin) {
        ko_site_free(site);
        return ko_fail(err, KO_E_NOMEM, "no memory for site %s", origin);
    }
    site->queue = queue;
    *out_site = site;
    return KO_OK;
}

void ko_site_free(ko_site *site)
{
    if (!site)
        return;
    ko_robots_free(site->rules);
    ko_free(site->barred);
    ko_free(site->origin);
    ko_free(site);
}

/* Errors of the server bar the site (RFC 9309 section 2.3.1.4), and so does 429, by which it says
 * that we ask too much; any other answer that is no file means that there are no rules
 * (section 2.3.1.3). */
static bool is_server_error(int status)
{
    return status >= 500 || status == 429;
}

/* text NULL: there are no rules. */
static ko_status set_rules(ko_site *site, const char *text, size_t n, int64_t at, ko_error *err)
{
    ko_robots *rules = NULL;
    const ko_status st = text ? ko_robots_parse(text, n, &rules, err) : KO_OK;
    if (st != KO_OK)
        return st;
    ko_robots_free(site->rules);
    ko_free(site->barred);
    site->barred = NULL;
    site->rules = rules;
    site->at = at;
    site->state = KO_SITE_KNOWN;
    return KO_OK;
}

/* A host that cannot be asked at all is told as such; else it is about robots.txt alone. */
static ko_status bar(ko_site *site, const ko_verdict *why, bool answered, ko_error *err)
{
    const bool host =
        why->outcome == KO_NET_BUDGET ||
        (!answered && (why->outcome == KO_NET_ADDRESS || why->outcome == KO_NET_UNREACHABLE));
    ko_verdict *barred = ko_alloc_zero(1, sizeof *barred);
    if (!barred)
        return ko_fail(err, KO_E_NOMEM, "no memory for site %s", site->origin);
    if (host)
        ko_verdict_set(barred, why->outcome, "%s", why->text);
    else
        ko_verdict_set(barred, KO_NET_ROBOTS, "robots.txt could not be had: %.400s", why->text);
    ko_robots_free(site->rules);
    ko_free(site->barred);
    site->rules = NULL;
    site->barred = barred;
    site->at = ko_clock_now();
    site->state = KO_SITE_KNOWN;
    return KO_OK;
}

ko_status ko_site_recall(ko_site *site, const ko_net_options *options, ko_error *err)
{
    ko_net_host known = {0};
    if (!options->recall || !options->recall(options->context, site->origin, &known))
        return KO_OK;
    if (known.not_before > site->queue->not_before)
        site->queue->not_before = known.not_before;
    const int64_t age_s = ko_clock_now() - known.robots_at;
    if (known.robots_status <= 0 || is_server_error(known.robots_status) || age_s < 0 ||
        age_s > KO_MAX_ROBOTS_AGE_S)
        return KO_OK;
    const char *text = known.robots_status == 200 ? known.robots : NULL;
    return set_rules(site, text, known.robots_bytes, known.robots_at, err);
}

static void remember(const ko_net_options *options, const ko_net_host *host)
{
    if (options->remember)
        options->remember(options->context, host);
}

typedef enum file { FILE_READ, FILE_NONE, FILE_NOT_HAD } file;

/* Beyond the limit a file is cut, and what came before that counts (RFC 9309 section 2.5). Too
 * many redirects mean that there is none (section 2.3.1.2). */
static file what_came(const ko_verdict *verdict, int status)
{
    switch (verdict->outcome) {
    case KO_NET_DATA:
        return FILE_READ;
    case KO_NET_LIMIT:
        return status == 200 ? FILE_READ : FILE_NONE;
    case KO_NET_GONE:
    case KO_NET_DENIED:
    case KO_NET_STATUS:
        return is_server_error(status) ? FILE_NOT_HAD : FILE_NONE;
    default:
        return FILE_NOT_HAD;
    }
}

ko_status ko_site_settle(ko_site *site, const ko_net_options *options, const ko_verdict *verdict,
                         const ko_reply *reply, ko_error *err)
{
    assert(site->state == KO_SITE_ASKING);
    ko_net_host host = {.origin = site->origin,
                        .robots_status = reply->status,
                        .robots = "",
                        .robots_at = ko_clock_now(),
                        .not_before = site->queue->not_before};
    ko_status st = KO_OK;
    switch (what_came(verdict, reply->status)) {
    case FILE_READ:
        host.robots = reply->body;
        host.robots_bytes = reply->size;
        st = set_rules(site, host.robots, host.robots_bytes, host.robots_at, err);
        break;
    case FILE_NONE:
        st = set_rules(site, NULL, 0, host.robots_at, err);
        break;
    case FILE_NOT_HAD:
        host.robots_status = is_server_error(reply->status) ? reply->status : 0;
        st = bar(site, verdict, reply->status > 0, err);
        break;
    }
    if (st == KO_OK && verdict->outcome != KO_NET_BUDGET)
        remember(options, &host);
    return st;
}

void ko_site_remember_wait(const ko_site *site, const ko_net_options *options)
{
    ko_net_host host = {.robots_status = -1, .robots = ""};
    if (options->recall && !options->recall(options->context, site->origin, &host))
        host = (ko_net_host){.robots_status = -1, .robots = ""};
    host.origin = site->origin;
    host.not_before = site->queue->not_before;
    remember(options, &host);
}

void ko_site_forget(ko_site *site, const ko_net_options *options)
{
    if (site->state != KO_SITE_KNOWN || !site->rules || !options->recall || !options->remember)
        return;
    ko_robots_free(site->rules);
    site->rules = NULL;
    site->state = KO_SITE_UNKNOWN;
}

bool ko_site_allows(const ko_site *site, const ko_net_options *options, const char *url,
                    ko_verdict *out_verdict, double *out_delay_s)
{
    assert(site->state == KO_SITE_KNOWN);
    *out_delay_s = 0;
    if (site->barred) {
        *out_verdict = *site->barred;
        return false;
    }
    if (!site->rules)
        return true;
    const ko_robots_verdict asked = ko_robots_ask(site->rules, options->user_agent, url);
    *out_delay_s = asked.crawl_delay_s;
    if (!asked.allowed)
        ko_verdict_set(out_verdict, KO_NET_ROBOTS, "robots.txt, line %zu: %.*s", asked.line,
                       (int)(asked.rule_bytes < 400 ? asked.rule_bytes : 400), asked.rule);
    return asked.allowed;
}
