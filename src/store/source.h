/* store/source.h - where listings come from again and again, and what was asked for there.
 *
 * A source is what the user named; its requests are the addresses that running it leads to.
 * Both outlive any process: a run goes on where the last one ended. */
#ifndef KO_STORE_SOURCE_H
#define KO_STORE_SOURCE_H

#include "store/store.h"

typedef struct ko_source {
    int64_t id;
    const char *name; /* unique; what the user calls it */
    const char *url;  /* or the path of a file */
    const char *kind; /* "shopify", ... (crawl/kind.h); "" until it was asked */
    int64_t every_s;  /* between two runs; 0: only when told to */
    bool paused;
    int64_t added_at, last_run; /* last_run 0: never */
    const char *last_result;    /* one line; "" before the first run */
    bool running;               /* a run has begun and not ended: it is to be taken up again */
    int64_t listings;           /* found in all runs */
} ko_source;

/* Keeps a new source; name "" is made up from the host. KO_E_EXISTS when the name or the URL is
 * taken, with a line that says by which. */
KO_NODISCARD ko_status ko_source_add(ko_store *store, const ko_source *source, int64_t *out_id,
                                     ko_error *err);
/* With its requests; listings stay. */
KO_NODISCARD ko_status ko_source_remove(ko_store *store, int64_t id, ko_error *err);
/* Writes kind, last_run, last_result, running and listings of source->id: what a run says. */
KO_NODISCARD ko_status ko_source_update(ko_store *store, const ko_source *source, ko_error *err);
/* A source that is paused is not run by itself. A run that is under way goes on. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_source_pause(ko_store *store, int64_t id, bool paused, ko_error *err);

typedef ko_status ko_source_fn(void *context, const ko_source *source);
/* In order of id. name_or_url NULL: all; else the one of that name, URL or number, and
 * KO_E_NOT_FOUND when there is none. */
KO_NODISCARD ko_status ko_source_each(ko_store *store, const char *name_or_url, ko_source_fn *fn,
                                      void *context, ko_error *err);

/* --- requests --- */

typedef enum ko_request_role {
    KO_REQUEST_LIST = 0, /* a feed, sitemap, reply or one part of it: leads to more */
    KO_REQUEST_PAGE      /* a page about one listing */
} ko_request_role;

typedef enum ko_request_state {
    KO_REQUEST_NEW = 0,
    KO_REQUEST_DONE,   /* answered; of this run */
    KO_REQUEST_FAILED, /* given up in this run, reason says why */
    KO_REQUEST_BLOCKED /* a wall; given up in this run */
} ko_request_state;

typedef struct ko_request {
    int64_t id, source_id;
    const char *url;
    ko_request_role role;
    ko_request_state state;
    const char *reason; /* one line; "" */
    int tries;
    int64_t not_before;               /* seconds since 1970; 0: at once */
    const char *etag, *last_modified; /* of the last whole answer; "" */
    int64_t fetched_at;               /* of the last whole answer; 0: never */
} ko_request;

/* Adds a request in state NEW unless the source has it already; *out_new tells. */
KO_NODISCARD ko_status ko_request_add(ko_store *store, int64_t source_id, const char *url,
                                      ko_request_role role, bool *out_new, ko_error *err);
/* Writes state, reason, tries, not_before, etag, last_modified and fetched_at of request->id. */
KO_NODISCARD ko_status ko_request_update(ko_store *store, const ko_request *request, ko_error *err);
/* Begins a run: all requests of the source are NEW again, with tries 0. */
KO_NODISCARD ko_status ko_requests_renew(ko_store *store, int64_t source_id, ko_error *err);

typedef ko_status ko_request_fn(void *context, const ko_request *request);
/* Requests in state NEW with id > after whose time has come, lists before pages, in order of id
 * within each, at most limit of them. */
KO_NODISCARD ko_status ko_request_each_new(ko_store *store, int64_t source_id, int64_t after,
                                           int64_t now, size_t limit, ko_request_fn *fn,
                                           void *context, ko_error *err);

typedef struct ko_request_counts {
    int64_t fresh, done, failed, blocked;
    int64_t lists;   /* of role LIST among the last three */
    int64_t next_at; /* the earliest not_before of those that are fresh and wait; 0: none waits */
} ko_request_counts;
KO_NODISCARD ko_status ko_request_count(ko_store *store, int64_t source_id,
                                        ko_request_counts *out_counts, ko_error *err);

#endif
