/* store/decision.h - what a person decided about candidates, when, and on which evidence.
 *
 * An act is one command of a person: it decides about some candidates, and may change the lists
 * of store/allow.h and store/negative.h. Acts and decisions are only ever added, never changed
 * or removed: taking one back is an act of its own. A candidate's decision in force is the last
 * one that was not taken back; scans do not touch it. */
#ifndef KO_STORE_DECISION_H
#define KO_STORE_DECISION_H

#include "store/candidate.h"

typedef struct ko_act {
    int64_t id;
    const char *verb;    /* "accept", "undo", "allow", ... */
    const char *subject; /* what it was about besides candidates; "" */
    const char *who;     /* signature of the user; "" */
    int64_t at;          /* seconds since 1970 */
    bool good_faith;     /* the user confirmed what 17 USC 512(f) asks for */
    int64_t undoes;      /* the act that this one takes back; 0: none */
    bool undone;         /* it was taken back later */
} ko_act;

/* Keeps verb, subject, who and good_faith as a new act of now. Call it, and what it does, in one
 * transaction. */
KO_NODISCARD ko_status ko_act_add(ko_store *store, const ko_act *act, int64_t *out_id,
                                  ko_error *err);

/* Decides about a candidate with the evidence that it has now. state is one of the first five.
 * *out_changed is false, and nothing is kept, when the same was decided on the same evidence. */
KO_NODISCARD ko_status ko_decision_add(ko_store *store, int64_t act_id,
                                       const ko_candidate *candidate, ko_candidate_state state,
                                       bool *out_changed, ko_error *err);

#define KO_ACT_VERB_SIZE 32

typedef struct ko_undone {
    int64_t act_id; /* that was taken back */
    char verb[KO_ACT_VERB_SIZE];
    size_t candidates; /* that are now as they were before it */
} ko_undone;

/* Takes back the last act that was not taken back yet, with all that it did: decisions, allowed
 * sellers, negative pictures. KO_E_NOT_FOUND when there is none. */
KO_NODISCARD ko_status ko_act_undo(ko_store *store, const char *who, ko_undone *out_undone,
                                   ko_error *err);

/* One decision as kept. */
typedef struct ko_decision {
    int64_t candidate_id;
    ko_candidate_state was, state; /* before it, and by it */
    /* the evidence then */
    const char *serial, *url, *seller, *method;
    double score;
    int64_t photo_id;
    uint8_t photo_sha256[KO_SHA256_SIZE], view_sha256[KO_SHA256_SIZE];
} ko_decision;

/* decision is NULL for an act that was not about candidates. */
typedef ko_status ko_act_fn(void *context, const ko_act *act, const ko_decision *decision);

/* All acts with all their decisions, in the order in which they were made; with a candidate_id
 * other than 0 only the decisions about that one. */
KO_NODISCARD ko_status ko_act_each(ko_store *store, int64_t candidate_id, ko_act_fn *fn,
                                   void *context, ko_error *err);

#endif
