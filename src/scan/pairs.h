/* scan/pairs.h - matching folders without a database: for trying out and for measuring. */
#ifndef KO_SCAN_PAIRS_H
#define KO_SCAN_PAIRS_H

#include "base/file.h"
#include "match/evidence.h"
#include "scan/problems.h"

/* One claimed match. Paths are those of the lists given. */
typedef struct ko_pair {
    const char *listing, *original;
    const ko_evidence *evidence;
} ko_pair;

typedef ko_status ko_pair_fn(void *context, const ko_pair *pair);

typedef struct ko_pairs_options {
    double threshold;
    unsigned jobs;
    ko_pair_fn *on_pair; /* in order of the listings, best score first */
    void *context;
    ko_problems *problems;
} ko_pairs_options;

typedef struct ko_pairs_counts {
    size_t originals, plain; /* read, and those of them too plain to be looked for */
    size_t listings;         /* read */
    size_t fingerprints;     /* of the originals: what scores account for */
    size_t claims;
} ko_pairs_counts;

/* Compares every listing picture with every original. Memory is bounded by the originals
 * and a chunk of listings. KO_E_STOPPED, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_pairs(const ko_paths *originals, const ko_paths *listings,
                                const ko_pairs_options *options, ko_pairs_counts *out_counts,
                                ko_error *err);

#endif
