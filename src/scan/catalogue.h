/* scan/catalogue.h - the works of the store, loaded to be looked for. */
#ifndef KO_SCAN_CATALOGUE_H
#define KO_SCAN_CATALOGUE_H

#include "match/finder.h"
#include "scan/problems.h"
#include "store/work.h"

/* One work as a scan sees it. */
typedef struct ko_catalogue_work {
    int64_t id;
    double threshold;    /* its own, or the collection's */
    int64_t compared_to; /* photos up to this number are done */
} ko_catalogue_work;

typedef struct ko_catalogue {
    ko_catalogue_work *works;
    ko_finder_view *views; /* own their variants and parts */
    int64_t *view_ids;
    size_t n_works, n_views, n_fingerprints, works_capacity, views_capacity;
    int64_t last_view_id;
} ko_catalogue;

/* Loads all works. A work whose threshold is now lower than what its scans kept starts
 * again at the first photo. Views that were kept by an older Knockoff, without what a work
 * is looked for by inside pictures, are described anew from their files and kept; one whose
 * file is gone or changed is a problem, and looked for as a whole alone. KO_E_STOPPED. */
KO_NODISCARD ko_status ko_catalogue_load(ko_store *store, unsigned jobs, ko_problems *problems,
                                         ko_catalogue *out_catalogue, ko_error *err);
void ko_catalogue_free(ko_catalogue *catalogue);

/* Builds a finder of the works with compared_to <= photo_id; scores account for all. Numbers
 * of works and views in its claims are those of the catalogue, which it outlives not. */
KO_NODISCARD ko_status ko_catalogue_finder(const ko_catalogue *catalogue, int64_t photo_id,
                                           unsigned jobs, ko_finder **out_finder, ko_error *err);

#endif
