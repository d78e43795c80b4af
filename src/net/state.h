/* net/state.h - what a ko_net is made of. */
#ifndef KO_NET_STATE_H
#define KO_NET_STATE_H

#include "net/book.h"
#include "net/guard.h"
#include "net/net.h"
#include "net/queue.h"
#include "net/site.h"
#include "net/transfer.h"

struct ko_net {
    ko_net_options options; /* user_agent and ca_file are its own; the allowed hosts are in guard */
    ko_guard guard;
    CURLM *multi;
    ko_book hosts; /* ko_queue, by host name */
    ko_book sites; /* ko_site, by origin */
    ko_schedule schedule;
    ko_jobs fresh; /* not looked at yet */
    ko_transfer **active;
    size_t n_active;      /* up to options.hosts */
    size_t pending;       /* requests of users that are not answered */
    uint64_t chance;      /* state of the jitter */
    ko_net_tick_fn *tick; /* NULL: none */
    void *tick_context;
    int64_t ticked_ms, opened_ms;
    ko_net_counts counts;
};

#endif
