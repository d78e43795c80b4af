#include "crawl/hosts.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "platform/url.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static bool recall(void *context, const char *origin, ko_net_host *out_host)
{
    ko_web_host known;
    if (ko_web_host_get(context, origin, &known, NULL) != KO_OK)
        return false;
    *out_host = (ko_net_host){.origin = origin,
                              .robots_status = known.robots_status,
                              .robots = known.robots,
                              .robots_bytes = known.robots_bytes,
                              .robots_at = known.robots_at,
                              .not_before = known.not_before};
    return true;
}

static void remember(void *context, const ko_net_host *host)
{
    const ko_web_host known = {.origin = host->origin,
                               .robots_status = host->robots_status,
                               .robots = host->robots,
                               .robots_bytes = host->robots_bytes,
                               .robots_at = host->robots_at,
                               .not_before = host->not_before};
    const ko_status st = ko_web_host_put(context, &known, NULL);
    (void)st; /* a memory that fails costs one more request to the host */
}

void ko_hosts_in_store(ko_net_options *options, ko_store *store)
{
    options->context = store;
    options->recall = recall;
    options->remember = remember;
}

/* --- sitemaps --- */

/* The value of a line "Sitemap: URL"; empty for any other. */
static ko_slice sitemap_of(const char *line, size_t n)
{
    static const char name[] = "sitemap:";
    const size_t skip = sizeof name - 1;
    if (n < skip || strncasecmp(line, name, skip) != 0)
        return (ko_slice){0};
    ko_slice value = {line + skip, n - skip};
    while (value.n && strchr(" \t", *value.at)) {
        value.at++;
        value.n--;
    }
    while (value.n && strchr(" \t\r", value.at[value.n - 1]))
        value.n--;
    return value;
}

static ko_status each_named(const char *robots, size_t size, const ko_url *base,
                            ko_hosts_sitemap_fn *fn, void *context, size_t *out_n)
{
    ko_status st = KO_OK;
    for (size_t at = 0; st == KO_OK && at < size && *out_n < KO_MAX_SOURCE_LISTS;) {
        const char *end = memchr(robots + at, '\n', size - at);
        const size_t n = end ? (size_t)(end - robots) - at : size - at;
        const ko_slice value = sitemap_of(robots + at, n);
        ko_url url;
        if (value.n && ko_url_parse(value.at, value.n, base, &url, NULL) == KO_OK) {
            st = fn(context, url.text);
            (*out_n)++;
        }
        at += n + 1;
    }
    return st;
}

ko_status ko_hosts_sitemaps(ko_store *store, const char *url, ko_hosts_sitemap_fn *fn,
                            void *context, ko_error *err)
{
    ko_url base, own;
    ko_status st = ko_url_parse(url, strlen(url), NULL, &base, err);
    if (st == KO_OK)
        st = ko_url_parse("/sitemap.xml", strlen("/sitemap.xml"), &base, &own, err);
    if (st != KO_OK)
        return st;
    char origin[KO_MAX_URL_BYTES + 1];
    memcpy(origin, base.text, base.path);
    origin[base.path] = '\0';
    ko_web_host host;
    size_t n = 0;
    char *robots = NULL; /* of our own: the receiver may use the store */
    st = ko_web_host_get(store, origin, &host, err);
    if (st == KO_OK && host.robots_status == 200 && host.robots_bytes) {
        robots = ko_strndup(host.robots, host.robots_bytes);
        st = robots ? each_named(robots, host.robots_bytes, &base, fn, context, &n)
                    : ko_fail(err, KO_E_NOMEM, "robots.txt of %s", origin);
    } else if (st == KO_E_NOT_FOUND) {
        st = KO_OK;
    }
    if (st == KO_OK && n == 0)
        st = fn(context, own.text);
    ko_free(robots);
    return st;
}
