/* scan/catalogue.h - the works of the store, loaded to be looked for. */
#ifndef KO_SCAN_CATALOGUE_H
#define KO_SCAN_CATALOGUE_H

#include "match/collection.h"
#include "store/work.h"

/* One work as a scan sees it. */
typedef struct ko_catalogue_work {
    int64_t id;
    double threshold;    /* its own, or the collection's */
    int64_t compared_to; /* photos up to this number are done */
} ko_catalogue_work;

/* One fingerprint: which work and view it belongs to, and how it was made. */
typedef struct ko_catalogue_entry {
    ko_fp_variant variant;
    int64_t view_id;
    uint32_t work; /* index into works */
} ko_catalogue_entry;

typedef struct ko_catalogue {
    ko_catalogue_work *works;
    ko_catalogue_entry *entries;
    size_t n_works, n_entries, works_capacity, entries_capacity;
    int64_t last_view_id;
} ko_catalogue;

/* Loads all works. A work whose threshold is now lower than what its scans kept starts
 * again at the first photo. */
KO_NODISCARD ko_status ko_catalogue_load(ko_store *store, ko_catalogue *out_catalogue,
                                         ko_error *err);
void ko_catalogue_free(ko_catalogue *catalogue);

/* Builds a collection of the works with compared_to <= photo_id; scores account for all.
 * out_entries[i] is the place in catalogue->entries of the collection's entry i; ko_free
 * it. Work numbers are those of the catalogue. */
KO_NODISCARD ko_status ko_catalogue_collect(const ko_catalogue *catalogue, int64_t photo_id,
                                            ko_collection **out_collection, uint32_t **out_entries,
                                            ko_error *err);

#endif
