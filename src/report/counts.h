/* report/counts.h - what came of long works, in JSON. */
#ifndef KO_REPORT_COUNTS_H
#define KO_REPORT_COUNTS_H

#include "ingest/ingest.h"
#include "scan/scan.h"

#include <jansson.h>

/* Of a scan at a threshold of the collection, new; NULL when there is no memory:
 * {"photos_read", "photos_refused", "photos_gone", "works", "fingerprints", "matches",
 * "new_candidates", "threshold"}. */
json_t *ko_scan_json(const ko_scan_counts *counts, double threshold);

/* Of listings taken in, when to_fetch pictures of all listings are known by their URL alone, new;
 * NULL when there is no memory: {"listings", "new_listings", "photos", "new_photos",
 * "missing_photos", "to_fetch"}. */
json_t *ko_ingest_json(const ko_ingest_counts *counts, int64_t to_fetch);

#endif
