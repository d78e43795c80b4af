#include "report/counts.h"

json_t *ko_scan_json(const ko_scan_counts *c, double threshold)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f}", "photos_read",
                     (json_int_t)c->photos_read, "photos_refused", (json_int_t)c->photos_refused,
                     "photos_gone", (json_int_t)c->photos_gone, "works", (json_int_t)c->works,
                     "fingerprints", (json_int_t)c->fingerprints, "matches",
                     (json_int_t)c->pairs_found, "new_candidates", (json_int_t)c->new_candidates,
                     "threshold", threshold);
}
