/* report/look.h - the last look at a listing as words for people and as JSON for programs. */
#ifndef KO_REPORT_LOOK_H
#define KO_REPORT_LOOK_H

#include "base/buf.h"
#include "store/look.h"

#include <jansson.h>

/* Appends "gone since 2026-11-21T08:00:00Z, seen 3 times: HTTP 404", without a line break; words of
 * sites are cleaned. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_look_words(ko_buf *out, const ko_look *look);

/* {"outcome", "sure", "reason", "since", "at", "times", "next_at"}, new; moments are null where
 * there is none. NULL when there is no memory. */
json_t *ko_look_json(const ko_look *look);

/* Of the listing with this number: a field of its evidence in words (report/candidate.h), nothing
 * when it was never looked at; and an object as above, null then. */
KO_NODISCARD ko_status ko_look_field(ko_buf *out, ko_store *store, int64_t listing_id,
                                     ko_error *err);
KO_NODISCARD ko_status ko_look_of_json(ko_store *store, int64_t listing_id, json_t **out_look,
                                       ko_error *err);

#endif
