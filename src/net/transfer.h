/* net/transfer.h - one hop of a request: asked of one host, answered or not. */
#ifndef KO_NET_TRANSFER_H
#define KO_NET_TRANSFER_H

#include "net/guard.h"
#include "net/job.h"
#include "net/verdict.h"

typedef struct ko_transfer {
    ko_job *job; /* owned */
    CURL *easy;
    struct curl_slist *headers; /* of this hop */
    ko_buf head, body;
    size_t body_max;   /* of an answer with data */
    size_t head_bytes; /* of all heads, interim ones and trailers too */
    bool head_done;    /* the blank line after the head came */
    bool head_over, body_over, bomb, no_memory;
    bool guarded;        /* addresses are looked at */
    const char *refused; /* what an address was that was not connected to */
    int64_t sent_ms;     /* when the request was; 0: not yet */
    int64_t heard_ms;    /* when something came last */
    int64_t heard_bytes; /* by then */
    bool silent;         /* nothing came for too long */
    char error[CURL_ERROR_SIZE];
} ko_transfer;

/* Begins to ask job->url; owns the job from then on. On failure the job stays the caller's.
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_transfer_start(CURLM *multi, const ko_net_options *options,
                                         const ko_guard *guard, ko_job *job,
                                         ko_transfer **out_transfer, ko_error *err);
/* Ends it, done or not, and frees it with its job unless that was taken out. */
void ko_transfer_free(CURLM *multi, ko_transfer *transfer);

/* Looks whether something came. Milliseconds until the host counts as silent; 0: it does. */
int64_t ko_transfer_listen(ko_transfer *transfer, int idle_ms);

/* By ko_clock_ms, when the request was sent; now when that never came to pass. */
int64_t ko_transfer_sent_ms(const ko_transfer *transfer);

/* What became of it, with the code that it ended with. */
void ko_transfer_judge(const ko_transfer *transfer, const ko_net_options *options, CURLcode code,
                       ko_verdict *out_verdict);

int ko_transfer_status(const ko_transfer *transfer); /* 0: no whole head of an answer */
/* The value of a header of the final answer, borrowed; "" when it has none. */
const char *ko_transfer_header(const ko_transfer *transfer, const char *name);
/* Where the answer sends us, borrowed; NULL when it is no redirect. */
const char *ko_transfer_location(const ko_transfer *transfer);

#endif
