/* cli/choice.h - the candidates that the words of a command line mean.
 *
 * A number means that candidate. A range ("3-9") means those of its numbers that the same
 * options would list, so that none is decided about unseen; no number at all means all that
 * they would list. */
#ifndef KO_CLI_CHOICE_H
#define KO_CLI_CHOICE_H

#include "case/decide.h"
#include "cli/options.h"
#include "store/candidate.h"

/* What options say of which candidates are listed; NULL: they do not say. */
typedef struct ko_choice_options {
    const char *work, *seller, *state;
    bool all; /* also below the threshold */
} ko_choice_options;

/* Those in state open unless told. KO_E_USAGE: no such state; KO_E_NOT_FOUND: no such work. */
KO_NODISCARD ko_status ko_choice_filter(ko_store *store, const ko_choice_options *options,
                                        ko_candidate_filter *out_filter, ko_error *err);

typedef struct ko_choice {
    ko_chosen *chosen; /* in the order of the list, then numbers that are not in it */
    size_t n, capacity;
} ko_choice;

/* words[0..n) are numbers and ranges. KO_E_USAGE: a word is neither; KO_E_NOT_FOUND: there is no
 * such candidate, or none is left to choose. Free with ko_choice_free, also after an error. */
KO_NODISCARD ko_status ko_choice_make(ko_store *store, char *const *words, size_t n,
                                      const ko_candidate_filter *filter, ko_choice *out_choice,
                                      ko_error *err);
void ko_choice_free(ko_choice *choice);

#endif
