/* report/lookup.h - what was found out about a picture, as JSON for programs. */
#ifndef KO_REPORT_LOOKUP_H
#define KO_REPORT_LOOKUP_H

#include "scan/lookup.h"

#include <jansson.h>

/* *out_object is new: {"image": name, "width", "height" (as displayed), "quality", "plain": too
 * plain to be compared as a whole, "threshold": of photos, "works": [{"id", "serial", "title", and
 * the evidence (report/evidence.h)}], "seen": [{"photo", "path", "offset", "score", "distance",
 * "orientation", "listings": [{"listing": its number, "candidates": [as ko_candidate_brief_json],
 * and what ko_seen_json has}]}], "n_listings"}. Of the listings it has the first most_listings, and
 * counts all. Works and photos that were removed since are left out. KO_E_NOMEM, and what the store
 * says. */
KO_NODISCARD ko_status ko_lookup_json(ko_store *store, const char *name, const ko_looked *looked,
                                      size_t most_listings, json_t **out_object, ko_error *err);

#endif
