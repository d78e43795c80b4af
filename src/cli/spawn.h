/* cli/spawn.h - another program, without a shell between. */
#ifndef KO_CLI_SPAWN_H
#define KO_CLI_SPAWN_H

#include "base/buf.h"

/* Runs the program that words name, found as a shell would, ending in NULL, and waits for its end.
 * input becomes what it reads (NULL: nothing); what it prints is appended to out, and what it
 * complains of is dropped (NULL: both go where ours go). *out_exit is its exit status, 128 and the
 * signal that ended it. KO_E_NOT_FOUND: there is no such program. KO_E_IO; KO_E_LIMIT: it printed
 * more than out takes. */
KO_NODISCARD ko_status ko_spawn(const char *const *words, const char *input, ko_buf *out,
                                int *out_exit, ko_error *err);

#endif
