/* case/answer_case.h - what is known of a countered notice, between case/answer.c, which gathers
 * it, and case/answer_checklist.c. */
#ifndef KO_CASE_ANSWER_CASE_H
#define KO_CASE_ANSWER_CASE_H

#include "case/answer.h"
#include "case/due.h"
#include "case/stamps.h"
#include "notice/facts.h"

typedef struct ko_answer_case {
    const ko_notice *notice;
    const ko_work *work;
    const ko_channel *channel;   /* NULL: the rules have it no more */
    ko_duties duties;            /* of the notice */
    ko_notice_listing *listings; /* that are countered; texts are its own */
    size_t n_listings, listings_capacity;
    ko_notice_proof *proofs; /* what goes with the answer: files of the folder, then papers, which
                                lie elsewhere; texts are its own */
    size_t n_proofs, proofs_capacity, n_in_folder;
    ko_stamps stamps;
    ko_buf missing;
} ko_answer_case;

/* Appends CHECKLIST.txt to an empty out. */
KO_NODISCARD ko_status ko_answer_checklist(ko_store *store, const ko_kit *kit,
                                           const ko_answer_case *c, ko_buf *out, ko_error *err);

#endif
