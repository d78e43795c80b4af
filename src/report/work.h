/* report/work.h - one work as JSON for programs. */
#ifndef KO_REPORT_WORK_H
#define KO_REPORT_WORK_H

#include "store/work.h"

#include <jansson.h>

/* What is known of a work, its fields among it, as a new object; NULL when there is no memory.
 * threshold is the collection's, for a work that has none of its own. */
json_t *ko_work_json(const ko_work *work, double threshold);

/* Adds "views" and "papers" to that object, which may be NULL. KO_E_NOMEM, and errors of the
 * database. */
KO_NODISCARD ko_status ko_work_files_json(ko_store *store, int64_t work_id, json_t *object,
                                          ko_error *err);

#endif
