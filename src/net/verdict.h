/* net/verdict.h - what became of one hop, or why it was never asked. */
#ifndef KO_NET_VERDICT_H
#define KO_NET_VERDICT_H

#include "net/net.h"

typedef struct ko_verdict {
    ko_net_outcome outcome;
    bool again;         /* the host asked for time, reset or was silent: worth another try */
    bool whole_host;    /* what it says goes for all that waits for the host */
    int64_t wait_s;     /* that the host asked for; 0: it did not say */
    int64_t not_before; /* LATER: seconds since 1970 */
    char text[KO_ERROR_TEXT_SIZE]; /* "" for DATA; may hold bytes of strangers */
} ko_verdict;

/* Writes outcome and text; for callers to return. */
void ko_verdict_set(ko_verdict *verdict, ko_net_outcome outcome, const char *fmt, ...)
    KO_PRINTF(3, 4);

/* What a status of HTTP means for the one who asked. retry_after is the header's value, "" when
 * there is none (RFC 9110 section 10.2.3); asked tells that the request was conditional. */
void ko_verdict_of_status(ko_verdict *verdict, int status, bool conditional,
                          const char *retry_after);

#endif
