/* serve/desk.h - what handlers of requests have at hand. */
#ifndef KO_SERVE_DESK_H
#define KO_SERVE_DESK_H

#include "net/net.h"
#include "notify/notify.h"
#include "serve/books.h"
#include "serve/eye.h"
#include "serve/gate.h"
#include "serve/live.h"
#include "serve/pairing.h"
#include "serve/pool.h"
#include "serve/route.h"
#include "serve/task.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct ko_desk {
    ko_gate gate;
    ko_pool *pool;
    ko_live *live;
    ko_tasks *tasks;
    ko_eye *eye;
    ko_pairings *pairings;
    ko_books *books;
    const char *path;                /* of the database; lives as long as the desk */
    const char *version;             /* of the program */
    const ko_net_options *net;       /* what other servers are asked with; NULL: they are not */
    const ko_notify_options *notify; /* what a sample of news is sent with; NULL: none is */
    pthread_mutex_t fetching;        /* of the one that asks them */
    pthread_mutex_t drawing;         /* of those that make a picture */
    pthread_cond_t drawn;
    unsigned n_drawing;
    atomic_uint last_stream;    /* number of the last stream of events */
    pthread_mutex_t archiving;  /* of those that read and keep what the helper sends */
    struct ko_archive *archive; /* theirs; NULL until something was sent */
} ko_desk;

/* Opens the database at path, which is borrowed. Close with ko_desk_close, also after an error. */
KO_NODISCARD ko_status ko_desk_open(const char *path, const char *version, ko_desk *out_desk,
                                    ko_error *err);
void ko_desk_close(ko_desk *desk);

/* What is served; ends in {0}. */
extern const ko_serve_route ko_serve_routes[];

#endif
