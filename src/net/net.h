/* net/net.h - fetching, many hosts at once, one polite queue a host.
 *
 * A ko_net belongs to one thread. Requests wait in the queue of their host name; a host is asked
 * one thing at a time, no faster than the rate, its robots.txt (one for each scheme and port) and
 * its Retry-After allow; its first request waits as if the process before had just asked it.
 * Redirects are followed hop by hop, each a request of its own to the next host, checked anew.
 * Nothing here opens a page, solves anything or tries twice where a site said no.
 *
 * No socket is opened to an address that is not of the public internet (net/address.h), unless the
 * user allows the host. Through a proxy that cannot be held: the proxy looks names up, where they
 * lead is not seen here, and only addresses and names of this machine in the URL are refused. */
#ifndef KO_NET_NET_H
#define KO_NET_NET_H

#include "base/buf.h"
#include "capture/reply.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ko_net ko_net;

/* What is remembered of a host between runs. */
typedef struct ko_net_host {
    const char *origin; /* "https://shop.example" */
    int robots_status;  /* of HTTP; 0: could not be reached; -1: not asked yet */
    const char *robots; /* what it said; "" when nothing */
    size_t robots_bytes;
    int64_t robots_at;  /* seconds since 1970 */
    int64_t not_before; /* seconds since 1970: asked to wait until then; 0: not */
} ko_net_host;

typedef struct ko_net_options {
    const char *user_agent; /* "Knockoff/1.0 (+mailto:me@example.com)"; the product token is
                               what robots.txt is asked for */
    double rate;            /* requests a second and host at most; a Crawl-delay makes it fewer */
    unsigned hosts;         /* asked at the same time, 1 to KO_MAX_NET_HOSTS */
    unsigned budget;        /* requests a host in the life of this ko_net; 0: any number */
    unsigned tries;         /* of one request, the first included, when a host asks for time,
                               resets or is silent */
    unsigned redirects;     /* followed */
    int connect_ms, idle_ms, total_ms; /* deadlines of one hop; idle: no byte came */
    const char *const *allow_hosts;    /* names or addresses that may be in the user's own
                                          network; "*.x" allows all below x */
    size_t n_allow_hosts;
    bool proxy_from_environment; /* hosts of allow_hosts are asked directly all the same */
    const char *ca_file;         /* NULL: the system's */

    /* The memory of hosts; may be NULL. recall fills out_host (borrowed until the next call)
     * with what remember was told last and returns false when nothing is known. */
    void *context;
    bool (*recall)(void *context, const char *origin, ko_net_host *out_host);
    void (*remember)(void *context, const ko_net_host *host);
} ko_net_options;

void ko_net_options_init(ko_net_options *options); /* the defaults, without user_agent */

/* The options and their texts are copied. KO_E_USAGE (an allowed host or a proxy that is none),
 * KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_net_open(const ko_net_options *options, ko_net **out_net, ko_error *err);
void ko_net_close(ko_net *net); /* drops what still waits; NULL is fine */

/* What to ask for. Texts are copied. */
typedef struct ko_net_request {
    const char *url;
    const char *post; /* a body to POST; NULL: GET */
    size_t post_bytes;
    const char *const *headers; /* "Name: value" each, sent to the first origin alone and never
                                   written anywhere */
    size_t n_headers;
    const char *etag, *last_modified; /* of what is known; NULL or "": none */
    size_t max_bytes;                 /* of the body, as decoded */
    bool api;    /* an interface used with the user's own key: its robots.txt is not asked */
    void *owner; /* handed back */
    int64_t id;  /* handed back */
} ko_net_request;

typedef enum ko_net_outcome {
    KO_NET_DATA,         /* 200 and a whole body */
    KO_NET_NOT_MODIFIED, /* 304 */
    KO_NET_GONE,         /* 404, 410 */
    KO_NET_DENIED,       /* 401, 403, 407, 451, 999: the site does not want us here */
    KO_NET_ROBOTS,       /* robots.txt forbids it, or could not be had from a host that answers */
    KO_NET_ADDRESS,      /* an address, scheme or port that is never asked */
    KO_NET_LATER,        /* 429, 503 and the like after all tries, a wait of more than
                            KO_MAX_WAIT_S, or a host that failed KO_MAX_HOST_FAILURES times */
    KO_NET_BUDGET,       /* the host's budget is used up */
    KO_NET_LIMIT,        /* a body beyond max_bytes, too many redirects, headers, a long URL */
    KO_NET_UNREACHABLE,  /* no such name, refused, reset, silent, too slow, TLS not trusted */
    KO_NET_DAMAGED,      /* cut off, or not what its coding says */
    KO_NET_STATUS,       /* any other status */
    KO_NET_LEFT,         /* not asked: its host is left alone (ko_net_leave) */
    KO_NET_STOPPED       /* the user asked to stop: not asked, ask again */
} ko_net_outcome;

const char *ko_net_outcome_name(ko_net_outcome outcome); /* "robots", ... */

typedef struct ko_net_answer {
    ko_net_outcome outcome;
    const char *text; /* one line: what, which limit; "" for DATA */
    ko_reply reply;   /* as it came; body only of DATA and GONE, DENIED, STATUS, LATER */
    const char *etag, *last_modified; /* "" when not sent */
    int64_t not_before;               /* LATER: when to ask again, seconds since 1970; else 0 */
    void *owner;
    int64_t id;
} ko_net_answer;

/* Puts a request into the queue of its host. A request that can never be sent is answered
 * like the others. KO_E_USAGE (a line break in a header), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_net_add(ko_net *net, const ko_net_request *request, ko_error *err);
/* Leaves the host of url alone from now on, if it was ever asked: it has shown a wall (static
 * text, "a captcha"). All that waits for it, and whatever is added later, is answered as LEFT. */
void ko_net_leave(ko_net *net, const char *url, const char *wall);
/* Requests that wait or are under way. */
size_t ko_net_pending(const ko_net *net);

/* Has tick called a few times a second while ko_net_run runs, also when no answer comes: for what
 * its caller does by the clock. A return other than KO_OK ends the run with it. NULL: not. */
typedef ko_status ko_net_tick_fn(void *context);
void ko_net_on_tick(ko_net *net, ko_net_tick_fn *tick, void *context);

/* Runs until every request is answered, each by one call of on_answer, which may add more.
 * When the user asks to stop, what is under way is dropped and all that waits is answered as
 * STOPPED, within a quarter of a second; that is KO_OK. A return of on_answer other than KO_OK
 * ends the run with it. KO_E_NOMEM. */
typedef ko_status ko_net_fn(void *context, const ko_net_answer *answer);
KO_NODISCARD ko_status ko_net_run(ko_net *net, ko_net_fn *on_answer, void *context, ko_error *err);

/* Since ko_net_open. */
typedef struct ko_net_counts {
    size_t requests, answers; /* on the wire: each hop, each try, each robots.txt */
    size_t bytes;             /* of bodies, decoded */
    size_t hosts;
    double busiest; /* the most requests a second that any host got: 1 / the shortest interval */
} ko_net_counts;
void ko_net_count(const ko_net *net, ko_net_counts *out_counts);

#endif
