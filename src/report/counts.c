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

json_t *ko_ingest_json(const ko_ingest_counts *c, int64_t to_fetch)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "listings", (json_int_t)c->listings,
                     "new_listings", (json_int_t)c->new_listings, "photos", (json_int_t)c->photos,
                     "new_photos", (json_int_t)c->new_photos, "missing_photos",
                     (json_int_t)c->missing, "to_fetch", (json_int_t)to_fetch);
}
