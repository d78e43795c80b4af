/* cli/works_check.h - what the forms of platforms would still miss. */
#ifndef KO_CLI_WORKS_CHECK_H
#define KO_CLI_WORKS_CHECK_H

#include "store/profile.h"
#include "store/work.h"

/* Prints for one work, a line or an object a channel, what its form would miss of the work, its
 * papers and the profile. */
KO_NODISCARD ko_status ko_works_check(ko_store *store, const ko_work *work, const ko_user *user,
                                      bool json, ko_error *err);

#endif
