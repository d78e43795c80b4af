/* match/parts.h - finds works anywhere inside a photo, by local features and geometry.
 *
 * At registration each view of a work is described once (ko_part_view) and may be kept as
 * bytes. A ko_parts is the index over all views; it is immutable once built and any number
 * of threads may ask it, each with a scratch of its own. */
#ifndef KO_MATCH_PARTS_H
#define KO_MATCH_PARTS_H

#include "base/buf.h"

#include <knockoff/features.h>
#include <knockoff/raster.h>
#include <knockoff/status.h>

#include <stdbool.h>

/* One view of a work, described on the grounds it may lie on: keypoints, descriptors, and
 * small pictures of it for the last look. */
typedef struct ko_part_view ko_part_view;

/* alpha may be NULL or have px NULL. A plain view has no keypoints and is never found. */
KO_NODISCARD ko_status ko_part_view_make(const ko_grey *luma, const ko_grey *alpha,
                                         ko_part_view **out_view, ko_error *err);
size_t ko_part_view_keypoints(const ko_part_view *view); /* of all grounds */
void ko_part_view_free(ko_part_view *view);

/* To bytes for keeping, and back; little-endian, versioned, checked (hostile bytes give
 * KO_E_FORMAT, an older or newer layout KO_E_VERSION). */
KO_NODISCARD ko_status ko_part_view_pack(const ko_part_view *view, ko_buf *out, ko_error *err);
KO_NODISCARD ko_status ko_part_view_unpack(const void *bytes, size_t size, ko_part_view **out_view,
                                           ko_error *err);

/* In what share of some hard photos made of it the view is found, alone in its index, at score
 * floor or above: percent, 0..100, always the same for the same work. luma and alpha are those
 * that the view was made of. About as dear as asking about eight photos. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_part_view_robustness(const ko_part_view *view, const ko_grey *luma,
                                               const ko_grey *alpha, double floor,
                                               unsigned *out_percent, ko_error *err);

typedef struct ko_parts ko_parts;

/* views[i] shows works[i] (0..n_works-1). Views are borrowed and must outlive the index.
 * n_collection is the number of works that scores account for, at least n_works.
 * The same index whatever the jobs. n_views may be 0. KO_E_NOMEM, KO_E_LIMIT (2^29
 * keypoints), KO_E_STOPPED. */
KO_NODISCARD ko_status ko_parts_build(const ko_part_view *const *views, const uint32_t *works,
                                      size_t n_views, size_t n_works, size_t n_collection,
                                      unsigned jobs, ko_parts **out_parts, ko_error *err);
size_t ko_parts_bytes(const ko_parts *parts);
void ko_parts_free(ko_parts *parts);

/* Where a photo shows a work. */
typedef struct ko_part_found {
    uint32_t work, view;
    double score;  /* -log10 of the false claims expected for this photo */
    float quad[8]; /* the view's canvas corners, clockwise from its top left (mirrored: as
                    * they lie), in pixels of the luma given,
                    * whose own top left corner is at 0, 0 */
    bool mirrored, inverted;
    float turn;       /* degrees clockwise, -180..180 */
    float share;      /* of the work that is inside the photo and looks like it, 0..1 */
    unsigned inliers; /* distinctive matches that agree with the place */
} ko_part_found;

#define KO_PARTS_FOUND_MAX 8

typedef struct ko_parts_scratch ko_parts_scratch;
KO_NODISCARD ko_status ko_parts_scratch_make(ko_parts_scratch **out_scratch, ko_error *err);
void ko_parts_scratch_free(ko_parts_scratch *scratch);

/* Milliseconds of CPU spent by stage since the scratch was made. */
typedef struct ko_parts_cost {
    double pyramid_ms, features_ms, search_ms, vote_ms, verify_ms, look_ms;
    size_t photos;
} ko_parts_cost;
void ko_parts_scratch_cost(const ko_parts_scratch *scratch, ko_parts_cost *out_cost);

/* Claims with score >= floor, best first, each work at most once; out_found has room for
 * KO_PARTS_FOUND_MAX. Deterministic whatever the thread. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_parts_find(const ko_parts *parts, ko_parts_scratch *scratch,
                                     const ko_grey *luma, double floor, ko_part_found *out_found,
                                     size_t *out_count, ko_error *err);

#endif
