/* watch/status.h - how the watch fares: what ran, what is next, what failed and why, and what waits
 * for whom. */
#ifndef KO_WATCH_STATUS_H
#define KO_WATCH_STATUS_H

#include "case/kit.h"
#include "store/store.h"

#include <jansson.h>

/* A new object for the database of the store, whose archive lies in archive_folder:
 *   "watch": {"running", "pid", "since"}, the last two null when nobody watches
 *   "jobs": [{"job", "every_s", "next", "failures", "last": {"began", "ended", "state":
 *     "done"|"failed"|"running"|"cut off", "result"} or null, "succeeded"}], as they are done
 *   "sources": [{"source", "name", "state": "new"|"running"|"ok"|"blocked"|"failed"|"paused",
 *     "result", "last_run", "next"}]
 *   "waiting": {"open": candidates to decide about, "unsorted", "held", "set_aside", "unread":
 *     photos to scan, "pictures": to fetch, "listings": to look at now, "digests", "overdue",
 *     "today": dates of the user's}
 *   "bytes": {"database", "archive"}
 * Moments are texts as ko_clock_text has them, or null. Errors of the database, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_status_json(ko_store *store, const ko_kit *kit,
                                      const char *archive_folder, json_t **out_status,
                                      ko_error *err);

#endif
