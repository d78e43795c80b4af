/* case/alike.h - what is one decision with a candidate: the others of its cluster
 * (store/leader.h). */
#ifndef KO_CASE_ALIKE_H
#define KO_CASE_ALIKE_H

#include "case/decide.h"

#include <jansson.h>

/* Zeroed to begin with. */
typedef struct ko_alikes {
    ko_chosen *of; /* in order of id, with the evidence that each has now */
    size_t n, capacity;
    size_t left_out; /* rest on another picture by now than the one that they share */
} ko_alikes;

/* Adds the others that show what was looked at of chosen, and about which a verb may decide that
 * leads to state: those that are shown and not decided, and for KO_CANDIDATE_OPEN the decided ones.
 * All are left out when chosen itself rests on another picture by now. KO_E_NOMEM, and errors of
 * the database. Free with ko_alikes_free, also after an error. */
KO_NODISCARD ko_status ko_alikes_add(ko_alikes *alikes, ko_store *store, const ko_chosen *chosen,
                                     ko_candidate_state state, ko_error *err);
void ko_alikes_free(ko_alikes *alikes);

/* A new array of the numbers of those that would be decided about along with a candidate. */
KO_NODISCARD ko_status ko_alikes_json(ko_store *store, int64_t candidate_id, json_t **out_array,
                                      ko_error *err);

/* The n that were chosen, and all that are alike and not among these. Free *out_chosen with
 * ko_free. *out_alike of them were not chosen. */
KO_NODISCARD ko_status ko_alikes_with(ko_store *store, const ko_chosen *chosen, size_t n,
                                      ko_candidate_state state, ko_chosen **out_chosen,
                                      size_t *out_alike, size_t *out_left_out, ko_error *err);

#endif
