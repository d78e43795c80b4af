/* crawl/recheck.h - listings that were complained about, looked at again where they stand.
 *
 * When each is due follows from its state (store/look.h). Each is asked for once, politely, and
 * what comes is kept as evidence: the page, a refusal, or that there is nothing any more. */
#ifndef KO_CRAWL_RECHECK_H
#define KO_CRAWL_RECHECK_H

#include "crawl/crawl.h"

typedef struct ko_recheck_counts {
    size_t looked; /* listings asked for, the next five together */
    size_t alive, gone, changed, blocked, unreachable;
    size_t changes;  /* of these, that are otherwise than at the last look */
    size_t left;     /* due, and not asked for now: the host wants time, or a stop */
    int64_t next_at; /* when the next one is due, seconds since 1970; 0: none will be */
} ko_recheck_counts;

/* Looks at all listings that are due, or with n > 0 at those numbers whether due or not, and keeps
 * what was found. Pictures that a changed listing shows are fetched as well. on_progress of the
 * options is not called. KO_E_STOPPED: the user asked to stop; what came is kept. Errors of the
 * database and disk. */
KO_NODISCARD ko_status ko_recheck_run(const ko_crawl_options *options, const int64_t *listings,
                                      size_t n, ko_recheck_counts *out_counts, ko_error *err);

#endif
