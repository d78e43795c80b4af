/* match/finder.h - which works a photo shows, as a whole and in parts.
 *
 * A finder holds what is known of all works: fingerprints for pictures that are copies,
 * keypoints for works inside a picture. It is built once, is never changed, and any number
 * of threads may ask it, each with a scratch of its own. */
#ifndef KO_MATCH_FINDER_H
#define KO_MATCH_FINDER_H

#include "match/evidence.h"
#include "match/parts.h"

/* One view of one work. */
typedef struct ko_finder_view {
    uint32_t work;                 /* 0..n_works-1, numbered by the caller */
    const ko_fp_variant *variants; /* n_variants of them; copied */
    size_t n_variants;
    const ko_part_view *part; /* borrowed until the finder is freed; NULL: looked for as a
                               * whole alone */
} ko_finder_view;

/* What to look for. */
typedef struct ko_finder_works {
    const ko_finder_view *views;
    size_t n_views;
    /* The score that claims of each work must reach; INFINITY: it is not looked for now, but
     * the scores of the others account for it. */
    const double *thresholds;
    size_t n_works;
} ko_finder_works;

typedef struct ko_finder ko_finder;

/* The same finder whatever the jobs. KO_E_LIMIT, KO_E_NOMEM, KO_E_STOPPED. */
KO_NODISCARD ko_status ko_finder_build(const ko_finder_works *works, unsigned jobs,
                                       ko_finder **out_finder, ko_error *err);
size_t ko_finder_fingerprints(const ko_finder *finder); /* that scores account for */
size_t ko_finder_bytes(const ko_finder *finder);        /* of the index of keypoints */
void ko_finder_free(ko_finder *finder);                 /* NULL is fine */

/* A photo to ask about. */
typedef struct ko_finder_photo {
    const ko_fp *fp;     /* NULL: too plain to be compared as a whole */
    const ko_grey *luma; /* NULL: not at hand, compared as a whole alone */
    ko_extent full;      /* of the photo as displayed; luma may be smaller */
} ko_finder_photo;

/* The photo shows a work. */
typedef struct ko_claim {
    uint32_t work;
    uint32_t view; /* index into the views; the one that the evidence is about */
    ko_evidence evidence;
} ko_claim;

typedef struct ko_claims {
    ko_claim *items; /* ko_free */
    size_t n, capacity;
} ko_claims;

/* Writes the claims that reach their works' thresholds, best score first, of equals the
 * lowest work, one a work; *out_claims may be zeroed or hold memory to use again.
 * Deterministic whatever the thread. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_finder_ask(const ko_finder *finder, ko_parts_scratch *scratch,
                                     const ko_finder_photo *photo, ko_claims *out_claims,
                                     ko_error *err);

#endif
