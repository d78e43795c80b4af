/* store/found.h - what was found out to be copies, for counting: without the evidence, which takes
 * long to look up. */
#ifndef KO_STORE_FOUND_H
#define KO_STORE_FOUND_H

#include "store/seen.h"

/* An accepted candidate. */
typedef struct ko_found {
    int64_t listing_id, work_id;
    int64_t at; /* queued, seconds since 1970 */
} ko_found;

typedef ko_status ko_found_fn(void *context, const ko_found *found);
/* By listing, then work. */
KO_NODISCARD ko_status ko_found_each(ko_store *store, ko_found_fn *fn, void *context,
                                     ko_error *err);

/* Listings with an accepted candidate or in a notice, each once, in order of id; record.pictures
 * are not filled. */
KO_NODISCARD ko_status ko_found_listing_each(ko_store *store, ko_seen_fn *fn, void *context,
                                             ko_error *err);

#endif
