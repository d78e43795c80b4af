/* case/work_check.h - what the form of a platform would still miss of a work, its papers and the
 * profile. */
#ifndef KO_CASE_WORK_CHECK_H
#define KO_CASE_WORK_CHECK_H

#include "case/lacking.h"

#include <jansson.h>

/* What works are looked at with; everything borrowed. */
typedef struct ko_work_check {
    ko_store *store;
    const ko_kit *kit;
    const ko_user *user;
    const char *proof_folder; /* where statements are kept */
} ko_work_check;

/* What shows the right to a work. */
typedef struct ko_right_shown {
    bool certificate; /* of registration */
    bool statement;   /* of one's own, made by knockoff proof */
} ko_right_shown;

KO_NODISCARD ko_status ko_right_find(const ko_work_check *check, const ko_work *work,
                                     ko_right_shown *out_shown, ko_error *err);
bool ko_right_is_missing(const ko_channel *channel, const ko_right_shown *shown);

/* What one channel would miss, as a new object: {"work": serial, "number", "channel", "name",
 * "platforms", "missing": [{"fact", "words", "command"}], "papers", "proof_missing", "certificate",
 * "statement"}. Fails as ko_lacking_find. */
KO_NODISCARD ko_status ko_work_check_json(const ko_work_check *check, const ko_work *work,
                                          const ko_channel *channel, const ko_right_shown *shown,
                                          json_t **out_object, ko_error *err);

#endif
