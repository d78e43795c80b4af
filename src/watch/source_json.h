/* watch/source_json.h - sources for programs. */
#ifndef KO_WATCH_SOURCE_JSON_H
#define KO_WATCH_SOURCE_JSON_H

#include "store/source.h"

#include <jansson.h>

/* {"source": number, "name", "url", "kind", "every_s", "paused", "running", "listings", "added",
 * "last_run", "last_result", "next": when it begins anew by itself, "state": "new", "running",
 * "ok", "blocked", "failed" or "paused"}, new; moments are "" when there is none. KO_E_NOMEM,
 * errors of the database. */
KO_NODISCARD ko_status ko_source_json(ko_store *store, const ko_source *source, json_t **out_object,
                                      ko_error *err);

#endif
