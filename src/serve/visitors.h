/* serve/visitors.h - who is connected, so that nobody can keep others out by being slow.
 *
 * A stranger is a connection on which nobody has shown yet that it is the user's browser. It has
 * so long for one request, byte by byte or not, and there is room for so many strangers: when one
 * more comes, the one that has been there longest has to go. Any thread may call. */
#ifndef KO_SERVE_VISITORS_H
#define KO_SERVE_VISITORS_H

#include "serve/answer.h"
#include "serve/route.h"

#include <pthread.h>

/* One connection. What follows deadline_ms belongs to its own thread, and to one request. */
typedef struct ko_visitor {
    struct ko_visitor *older, *newer;
    int socket;
    bool stranger;
    int64_t deadline_ms; /* of ko_clock_ms; 0: none */

    char target[KO_MAX_SERVE_TARGET + 2]; /* as sent; one byte more when it is too long */
    bool begun;                           /* its head was looked at */
    bool answered;
    ko_gate_verdict verdict;
    ko_target read;
    ko_serve_routed routed;
    ko_buf body;
    uint64_t room; /* taken for it */
} ko_visitor;

typedef struct ko_visitors {
    pthread_mutex_t lock;
    ko_visitor *oldest, *newest;
    size_t n_strangers;
    uint64_t room; /* taken by bodies of all */
} ko_visitors;

void ko_visitors_init(ko_visitors *visitors);
void ko_visitors_end(ko_visitors *visitors); /* when all have left */

/* A connection was made; NULL when there is no memory. The oldest stranger's is shut down when
 * there are too many. */
ko_visitor *ko_visitors_enter(ko_visitors *visitors, int socket);
/* Its socket is about to be closed. */
void ko_visitors_leave(ko_visitors *visitors, ko_visitor *visitor);

/* It is no stranger any more, for as long as it is connected. */
void ko_visitors_know(ko_visitors *visitors, ko_visitor *visitor);
/* The request has to have come by then; 0: none is awaited. */
void ko_visitors_expect(ko_visitors *visitors, ko_visitor *visitor, int64_t deadline_ms);

/* Takes room for a body of so many bytes, instead of what it had: false when those of others leave
 * too little (KO_MAX_SERVE_BODIES). 0: gives it back. */
bool ko_visitors_make_room(ko_visitors *visitors, ko_visitor *visitor, uint64_t bytes);

/* Shuts down the connections whose deadline has passed. */
void ko_visitors_sweep(ko_visitors *visitors, int64_t now_ms);

#endif
