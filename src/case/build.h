/* case/build.h - what is done around a plan (case/plan.h) so that notices come to be.
 *
 * Before it listings are taken out of notices that nobody stands by any more; when it is kept,
 * packets are written one by one. What ends the program meanwhile leaves notices without a packet,
 * and the next build writes those first. */
#ifndef KO_CASE_BUILD_H
#define KO_CASE_BUILD_H

#include "case/doubt.h"
#include "case/packet.h"

typedef ko_status ko_doubt_fn(void *context, const ko_doubt *doubt);

/* Takes listings out of notices that are not filed when their candidates are not accepted any more,
 * whatever changed that, and hands each to fn; dry: only hands them. event has day and who. As
 * ko_notice_tell and ko_packet_remove, and what fn says. */
KO_NODISCARD ko_status ko_build_take_out(ko_store *store, const ko_notice_event *event, bool dry,
                                         ko_doubt_fn *fn, void *context, ko_error *err);

/* Notices without a packet, also those whose packet was lost, for nothing else would write it. */
typedef struct ko_waiting {
    int64_t *ids;
    size_t n, capacity;
} ko_waiting;

/* KO_E_NOMEM. Free with ko_waiting_free, also after an error. */
KO_NODISCARD ko_status ko_waiting_find(ko_store *store, ko_waiting *out_waiting, ko_error *err);
void ko_waiting_free(ko_waiting *waiting);

typedef struct ko_built {
    size_t written, n_unsigned; /* packets, and those that lack a signature (ko_packet_write) */
} ko_built;

/* Writes their packets below root and hands each notice to fn. What is wrong with one packet is a
 * problem of options, and the next one is written; what is wrong with all of them ends it, and
 * KO_E_STOPPED does. *out_built counts in any case. */
KO_NODISCARD ko_status ko_waiting_write(ko_store *store, const ko_waiting *waiting,
                                        const char *root, const ko_packet_options *options,
                                        ko_notice_fn *fn, void *context, ko_built *out_built,
                                        ko_error *err);

#endif
