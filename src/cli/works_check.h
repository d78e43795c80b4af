/* cli/works_check.h - what the forms of platforms would still miss of works. */
#ifndef KO_CLI_WORKS_CHECK_H
#define KO_CLI_WORKS_CHECK_H

#include "base/buf.h"
#include "case/work_check.h"

typedef struct ko_works_check {
    ko_work_check with;
    const ko_channel *const *channels; /* that are looked at */
    size_t n_channels;
    bool json;
} ko_works_check;

/* Prints for one work, a channel each, by which commands it can be told what the form would miss
 * of the work, its papers and the profile. Fails as ko_lacking_find. */
KO_NODISCARD ko_status ko_works_check_one(const ko_works_check *check, const ko_work *work,
                                          ko_error *err);

/* Does so for all works; to people it tells once what the profile lacks, and groups works that
 * lack the same. */
KO_NODISCARD ko_status ko_works_check_all(const ko_works_check *check, ko_error *err);

/* --- what both share --- */

/* Appends lines that begin with indent, each a command that states some of it; right: the right is
 * to be shown, too. serial stands for the work. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_lacking_commands(const ko_lacking *lacking, bool right,
                                           const char *serial, const char *indent, ko_buf *out);

#endif
