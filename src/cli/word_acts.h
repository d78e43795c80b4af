/* cli/word_acts.h - words of a command that are acts of a person (store/decision.h), one each. */
#ifndef KO_CLI_WORD_ACTS_H
#define KO_CLI_WORD_ACTS_H

#include "cli/cli.h"

/* Does what one word means, as part of an act. */
typedef ko_status ko_word_act_fn(const ko_job *job, int64_t act_id, const char *word,
                                 ko_error *err);

/* Makes an act of the user, called verb, of each word behind the first; each is a transaction, so
 * what was done stays when a later word is wrong. */
KO_NODISCARD ko_status ko_word_acts(const ko_job *job, const char *verb, ko_word_act_fn *fn,
                                    ko_error *err);

#endif
