/* cli/due_words.h - what is due, for people. */
#ifndef KO_CLI_DUE_WORDS_H
#define KO_CLI_DUE_WORDS_H

#include "case/due.h"
#include "cli/cli.h"

/* A line: by when, and what. */
void ko_duty_print(const ko_duty *duty);
/* Lines about n duties that are one thing to do (ko_duties_alike): by when, what, and for which
 * notices. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_duties_print(const ko_duties *duties, size_t place, size_t n,
                                       ko_error *err);

#endif
