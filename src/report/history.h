/* report/history.h - the earlier cases that a candidate goes on with, in words and as JSON. */
#ifndef KO_REPORT_HISTORY_H
#define KO_REPORT_HISTORY_H

#include "base/buf.h"
#include "store/tie.h"

#include <jansson.h>

/* Appends a line for each tie of a candidate; a complaint that was lost is a warning. Errors of the
 * database, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_history_words(ko_buf *out, ko_store *store, int64_t candidate_id,
                                        ko_error *err);
/* A new array of all of them. */
KO_NODISCARD ko_status ko_history_json(ko_store *store, int64_t candidate_id, json_t **out_array,
                                       ko_error *err);

#endif
