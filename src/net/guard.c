#include "net/guard.h"

#include "base/alloc.h"
#include "net/address.h"
#include "platform/host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Ports of services that take a line of HTTP for one of their own (WHATWG Fetch Standard, "port
 * blocking"). */
static const uint16_t blocked_ports[] = {
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,    25,
    37,   42,   43,   53,   69,   77,   79,   87,   95,   101,  102,  103,  104,   109,
    110,  111,  113,  115,  117,  119,  123,  135,  137,  139,  143,  161,  179,   389,
    427,  465,  512,  513,  514,  515,  526,  530,  531,  532,  540,  548,  554,   556,
    563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659,  4045,
    4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
};

static bool is_blocked(uint16_t port)
{
    for (size_t i = 0; i < sizeof blocked_ports / sizeof *blocked_ports; i++)
        if (blocked_ports[i] == port)
            return true;
    return false;
}

static bool ends_with(ko_slice host, const char *end)
{
    const size_t n = strlen(end);
    return host.n >= n && memcmp(host.at + host.n - n, end, n) == 0;
}

static bool is(ko_slice host, const char *name)
{
    return host.n == strlen(name) && memcmp(host.at, name, host.n) == 0;
}

/* What the host is when it is an address, written as one. */
static const char *refused_literal(ko_slice host)
{
    char text[KO_HOST_SIZE];
    const bool six = host.at[0] == '[';
    (void)snprintf(text, sizeof text, "%.*s", (int)host.n - 2 * six, host.at + six);
    struct sockaddr_storage address = {0};
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (six && inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
        memcpy(&address, &in6, sizeof in6);
    else if (!six && inet_pton(AF_INET, text, &in.sin_addr) == 1)
        memcpy(&address, &in, sizeof in);
    else
        return NULL;
    return ko_address_refused((const struct sockaddr *)&address);
}

bool ko_guard_allows(const ko_guard *guard, const ko_url *url)
{
    const ko_slice host = ko_url_host(url);
    for (size_t i = 0; i < guard->n_allowed; i++) {
        const char *allowed = guard->allowed[i];
        if (allowed[0] == '.' ? ends_with(host, allowed) : is(host, allowed))
            return true;
    }
    return false;
}

const char *ko_guard_refused(const ko_guard *guard, const ko_url *url)
{
    const ko_slice host = ko_url_host(url);
    if (is_blocked(url->port))
        return "a port of another service";
    if (ko_guard_allows(guard, url))
        return NULL;
    if (is(host, "localhost") || ends_with(host, ".localhost"))
        return "a name of this machine (RFC 6761)";
    return refused_literal(host);
}

const char *ko_guard_proxy(const ko_guard *guard, const ko_url *url)
{
    const char *proxy = url->secure ? guard->secure_proxy : guard->proxy;
    return proxy && !ko_guard_allows(guard, url) ? proxy : NULL;
}

/* Not HTTP_PROXY: in a CGI program that is a header of the client's. */
static const char *const proxy_names[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
static const char *const secure_proxy_names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy",
                                                 "ALL_PROXY", NULL};

static const char *first_set(const char *const *names)
{
    for (; *names; names++) {
        const char *value = getenv(*names);
        if (value && *value)
            return value;
    }
    return NULL;
}

static ko_status check_proxy(const char *proxy, ko_error *err)
{
    static const char *const schemes[] = {"http://",    "https://",  "socks4://",
                                          "socks4a://", "socks5://", "socks5h://"};
    if (!proxy || !strstr(proxy, "://"))
        return KO_OK;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(proxy, schemes[i], strlen(schemes[i])) == 0)
            return KO_OK;
    return ko_fail(err, KO_E_USAGE, "the environment names a proxy of no kind that is known");
}

/* "*.x" is kept as ".x", an IPv6 address in its brackets. */
static ko_status normal_host(const char *text, char **out, ko_error *err)
{
    char host[KO_HOST_SIZE + 1] = ".", six[KO_HOST_SIZE + 2];
    const bool below = strncmp(text, "*.", 2) == 0;
    if (below)
        text += 2;
    if (strchr(text, ':') && text[0] != '[') {
        (void)snprintf(six, sizeof six, "[%.*s]", KO_HOST_SIZE - 1, text);
        text = six;
    }
    const ko_status st = ko_host_normal(text, strlen(text), host + below, err);
    if (st != KO_OK)
        return st == KO_E_NOMEM ? st : KO_E_USAGE;
    *out = ko_strdup(host);
    return *out ? KO_OK : ko_fail(err, KO_E_NOMEM, "no memory for a host");
}

static ko_status copy_allowed(ko_guard *guard, const ko_net_options *options, ko_error *err)
{
    if (options->n_allow_hosts == 0)
        return KO_OK;
    guard->allowed = ko_alloc_zero(options->n_allow_hosts, sizeof *guard->allowed);
    if (!guard->allowed)
        return ko_fail(err, KO_E_NOMEM, "no memory for hosts");
    guard->n_allowed = options->n_allow_hosts;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < guard->n_allowed; i++)
        st = normal_host(options->allow_hosts[i], &guard->allowed[i], err);
    return st;
}

ko_status ko_guard_init(ko_guard *guard, const ko_net_options *options, ko_error *err)
{
    *guard = (ko_guard){0};
    if (options->proxy_from_environment) {
        guard->proxy = first_set(proxy_names);
        guard->secure_proxy = first_set(secure_proxy_names);
    }
    ko_status st = check_proxy(guard->proxy, err);
    if (st == KO_OK)
        st = check_proxy(guard->secure_proxy, err);
    if (st == KO_OK)
        st = copy_allowed(guard, options, err);
    if (st != KO_OK)
        ko_guard_free(guard);
    return st;
}

void ko_guard_free(ko_guard *guard)
{
    for (size_t i = 0; i < guard->n_allowed; i++)
        ko_free(guard->allowed[i]);
    ko_free((void *)guard->allowed);
    *guard = (ko_guard){0};
}
