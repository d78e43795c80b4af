/* report/counts.h - what came of long works, in JSON. */
#ifndef KO_REPORT_COUNTS_H
#define KO_REPORT_COUNTS_H

#include "scan/scan.h"

#include <jansson.h>

/* Of a scan at a threshold of the collection, new; NULL when there is no memory:
 * {"photos_read", "photos_refused", "photos_gone", "works", "fingerprints", "matches",
 * "new_candidates", "threshold"}. */
json_t *ko_scan_json(const ko_scan_counts *counts, double threshold);

#endif
