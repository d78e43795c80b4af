/* case/decide.h - deciding about candidates as a person does: by a verb, as one act, all of it or
 * nothing. */
#ifndef KO_CASE_DECIDE_H
#define KO_CASE_DECIDE_H

#include "scan/problems.h"
#include "store/candidate.h"
#include "store/profile.h"

/* Whether a verb is one by which a person decides: accept, reject, unsure, licensed, reopen. Then
 * *out_state is the state that it leads to. */
bool ko_decide_state(const char *verb, ko_candidate_state *out_state);

/* To accept is a statement of the user's: KO_E_USAGE when the profile does not tell whose. */
KO_NODISCARD ko_status ko_decide_has_name(const ko_user *user, ko_error *err);

/* A candidate, and the evidence that it was chosen by. */
typedef struct ko_chosen {
    int64_t id, photo_id;
    double score;
} ko_chosen;

ko_chosen ko_chosen_of(const ko_candidate *candidate);
/* Is it still the same evidence? A scan may have found better. */
bool ko_chosen_holds(const ko_chosen *chosen, const ko_candidate *candidate);

typedef struct ko_decide_request {
    const char *verb;
    const ko_user *user;     /* who decides */
    const ko_chosen *chosen; /* each once */
    size_t n;
    bool good_faith; /* the user confirmed what accept states (17 USC 512(f)) */
    bool always;     /* reject: the picture never counts */
    bool shop;       /* licensed: the whole site is */
} ko_decide_request;

/* What became of one candidate. */
typedef struct ko_decide_result {
    int64_t candidate_id, act_id;
    ko_candidate_state state; /* that it is in now */
    bool changed;
} ko_decide_result;
typedef void ko_decide_fn(void *context, const ko_decide_result *result);

typedef struct ko_decided {
    size_t changed, same; /* candidates; problems are neither */
} ko_decided;

/* Does so in one transaction, and tells fn (NULL: nobody) of each. Sellers that cannot be told,
 * listings of allowed sellers that are to be accepted, and candidates whose evidence is another
 * than that which they were chosen by are problems. KO_E_USAGE: to accept without
 * good faith or a name, or a choice that goes with another verb. KO_E_NOT_FOUND: a candidate that
 * is not there. */
KO_NODISCARD ko_status ko_decide_chosen(ko_store *store, const ko_decide_request *request,
                                        ko_problems *problems, ko_decide_fn *fn, void *context,
                                        ko_decided *out_decided, ko_error *err);

#endif
