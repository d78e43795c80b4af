/* net/guard.h - what may be asked at all.
 *
 * The last word has ko_address_refused on the address of every socket; what a URL itself tells
 * is looked at first, since a proxy would resolve names where no socket of ours shows. */
#ifndef KO_NET_GUARD_H
#define KO_NET_GUARD_H

#include "net/net.h"
#include "platform/url.h"

typedef struct ko_guard {
    char **allowed; /* hosts in their normal form; ".x": all below x */
    size_t n_allowed;
    const char *proxy, *secure_proxy; /* of the environment, for http and https; NULL: none */
} ko_guard;

/* KO_E_USAGE (no host, no proxy that is known), KO_E_NOMEM. On failure nothing is to free. */
KO_NODISCARD ko_status ko_guard_init(ko_guard *guard, const ko_net_options *options, ko_error *err);
void ko_guard_free(ko_guard *guard);

/* The user allows the URL's host to be in his own network. */
bool ko_guard_allows(const ko_guard *guard, const ko_url *url);

/* NULL when the URL may be asked, else what speaks against it: "a loopback address". */
const char *ko_guard_refused(const ko_guard *guard, const ko_url *url);

/* The proxy to ask the URL through, borrowed; NULL: none. Hosts that are allowed to be in the
 * user's own network are asked directly. */
const char *ko_guard_proxy(const ko_guard *guard, const ko_url *url);

#endif
