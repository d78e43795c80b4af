/* serve/route.h - what can be asked for, by method and path. */
#ifndef KO_SERVE_ROUTE_H
#define KO_SERVE_ROUTE_H

#include "serve/answer.h"
#include "serve/gate.h"
#include "serve/target.h"

struct ko_desk;

/* A request that was let in; everything borrowed. */
typedef struct ko_serve_request {
    ko_http_method method;
    ko_asker asker;
    int64_t pairing; /* of a helper (serve/pairing.h); else 0 */
    const ko_target *target;
    int64_t id;                /* what {id} stands for, 1 and up; 0 without */
    const char *name;          /* what {name} stands for; NULL without */
    const char *if_none_match; /* NULL: not said */
    const char *body;          /* ends in a zero that is not counted; "" without */
    size_t body_size;
    int socket; /* of the client: at its end nobody waits for the answer any more; -1: none */
} ko_serve_request;

/* Answers on any thread. Of a failure err holds the line; what answer holds then is dropped. */
typedef ko_status ko_handler(struct ko_desk *desk, const ko_serve_request *request,
                             ko_serve_answer *answer, ko_error *err);

/* A path pattern has segments that stand for themselves, {id} for a number from 1 on, and {name}
 * for any; behind "?" the names that its query may have, parted by "&". HEAD is asked where GET is.
 */
typedef struct ko_serve_route {
    ko_http_method method;
    ko_sent sent; /* of POST */
    const char *pattern;
    unsigned may;      /* who may ask, bits of ko_asker */
    unsigned max_body; /* bytes */
    ko_handler *handler;
} ko_serve_route;

typedef struct ko_serve_routed {
    const ko_serve_route *route; /* NULL: there is none */
    const char *allow;           /* methods, of a path that there is for others alone; else NULL */
    int64_t id;
    const char *name;  /* borrowed from path */
    const char *query; /* names; static */
} ko_serve_routed;

/* Finds the route in a table that ends in {0}. */
ko_serve_routed ko_serve_route_find(const ko_serve_route *table, ko_http_method method,
                                    const char *path);

#endif
