/* match/collection.h - all works at once: which of them a listing photo may show.
 *
 * A collection holds every fingerprint of every work (orientations, grounds and cuts) in
 * one index, with the threshold that each work's claims must reach. It is built once, is
 * never changed, and any number of threads may ask it. */
#ifndef KO_MATCH_COLLECTION_H
#define KO_MATCH_COLLECTION_H

#include <knockoff/match.h>

/* One fingerprint of one work. */
typedef struct ko_collection_entry {
    ko_fp fp;
    uint32_t work; /* 0..n_works-1, numbered by the caller */
} ko_collection_entry;

typedef struct ko_collection ko_collection;

/* Copies n_entries entries (0 is fine) of n_works works, and thresholds, one score a work.
 * n_fingerprints is the number that scores account for: n_entries, or more when this is
 * only a part of a larger collection. KO_E_LIMIT (more than 2^32 - 1 entries), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_collection_build(const ko_collection_entry *entries, size_t n_entries,
                                           const double *thresholds, size_t n_works,
                                           size_t n_fingerprints, ko_collection **out_collection,
                                           ko_error *err);

/* A photo shows a work, by the nearest of the work's entries. */
typedef struct ko_found {
    uint32_t photo; /* index into the photos asked about */
    uint32_t work;
    uint32_t entry;    /* index into the entries; the lowest when several are as near */
    uint16_t distance; /* bits */
    double score;      /* ko_score_whole; at or above the work's threshold */
} ko_found;

typedef ko_status ko_found_fn(void *context, const ko_found *found);

/* Calls fn for every pair of photo and work that reaches the work's threshold, ordered by
 * photo, then by score from the best down, then by work. Dozens of photos or more in one
 * call cost far less than one by one. KO_E_NOMEM, or what fn returned. */
KO_NODISCARD ko_status ko_collection_ask(const ko_collection *collection, const ko_fp *photos,
                                         size_t n_photos, ko_found_fn *fn, void *context,
                                         ko_error *err);

void ko_collection_free(ko_collection *collection); /* NULL is fine */

#endif
