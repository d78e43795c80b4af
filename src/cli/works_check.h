/* cli/works_check.h - what the forms of platforms would still miss of works. */
#ifndef KO_CLI_WORKS_CHECK_H
#define KO_CLI_WORKS_CHECK_H

#include "case/kit.h"
#include "store/profile.h"
#include "store/work.h"

typedef struct ko_works_check {
    ko_store *store;
    const ko_kit *kit;
    const ko_user *user;
    const char *proof_folder; /* where statements are kept */
    bool json;
} ko_works_check;

/* Prints for one work, for each channel of the rules, by which commands it can be told what the
 * form would miss of the work, its papers and the profile. Fails as ko_lacking_find. */
KO_NODISCARD ko_status ko_works_check_one(const ko_works_check *check, const ko_work *work,
                                          ko_error *err);

#endif
