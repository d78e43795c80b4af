/* case/answer_case.h - what is held against a counter-notice, between case/answer.c, which gathers
 * it, and case/answer_checklist.c. */
#ifndef KO_CASE_ANSWER_CASE_H
#define KO_CASE_ANSWER_CASE_H

#include "case/answer.h"
#include "case/case.h"
#include "case/due.h"
#include "case/stamps.h"

typedef struct ko_answer_case {
    const ko_case *the;
    ko_duties duties;            /* of the notice */
    ko_notice_listing *listings; /* that are countered; texts are the case's */
    size_t n_listings;
    ko_notice_proof *proofs; /* what goes with the answer: files of its folder, then papers, which
                                lie elsewhere */
    size_t n_proofs, proofs_capacity, n_in_folder;
    ko_texts texts; /* of proofs */
    ko_stamps stamps;
    ko_buf missing; /* as ko_answer has it */
} ko_answer_case;

/* Appends CHECKLIST.txt to an empty out. */
KO_NODISCARD ko_status ko_answer_checklist(ko_store *store, const ko_kit *kit,
                                           const ko_answer_case *c, ko_buf *out, ko_error *err);

#endif
