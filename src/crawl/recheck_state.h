/* crawl/recheck_state.h - what a run of looks holds; for this folder alone. */
#ifndef KO_CRAWL_RECHECK_STATE_H
#define KO_CRAWL_RECHECK_STATE_H

#include "crawl/recheck.h"
#include "crawl/recheck_judge.h"
#include "crawl/state.h"
#include "store/look.h"

/* What is known of the front page of a host. */
typedef enum ko_front {
    KO_FRONT_UNKNOWN,
    KO_FRONT_ASKED,
    KO_FRONT_WORKS, /* or need not be asked for */
    KO_FRONT_GONE,
    KO_FRONT_SILENT,
    KO_FRONT_BLOCKED
} ko_front;

typedef struct ko_look_host {
    struct ko_look_host *next;
    size_t asked;
    unsigned refusals; /* in a row */
    bool silent;       /* the last answer was none */
    ko_front front;
    char front_said[KO_FINDING_REASON_SIZE];
    size_t n;
    char origin[]; /* scheme, name and port, n bytes, and "/": its front page */
} ko_look_host;

typedef struct ko_looking_at {
    int64_t listing_id;
    char *key, *url;
    ko_look_host *host;
    bool held; /* found gone, and the front page is still to be heard */
    ko_look_found found;
    char reason[KO_FINDING_REASON_SIZE];
} ko_looking_at;

typedef struct ko_recheck {
    ko_crawl crawl;
    ko_crawl_counts pictures; /* what became of them; not told */
    ko_recheck_counts *counts;
    ko_looking_at *looks;
    size_t n, capacity;
    ko_look_host *hosts;
    bool fetches; /* pictures, for a listing that shows others */
} ko_recheck;

/* --- recheck_take.c --- */

/* Takes the answer to a listing that was asked for. */
KO_NODISCARD ko_status ko_recheck_take(ko_recheck *r, ko_looking_at *look,
                                       const ko_net_answer *answer);
/* Writes down all looks that were held back until that was known of their host. */
KO_NODISCARD ko_status ko_recheck_release(ko_recheck *r, ko_look_host *host, ko_front front);

/* --- recheck.c --- */

/* Asks for the front page of a host; its looks may be held back till then. */
KO_NODISCARD ko_status ko_recheck_ask_front(ko_recheck *r, ko_look_host *host);

#endif
