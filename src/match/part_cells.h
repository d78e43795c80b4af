/* match/part_cells.h - the codes of all views, in lists by what their descriptors look like.
 *
 * Immutable once built; any number of threads may search. */
#ifndef KO_MATCH_PART_CELLS_H
#define KO_MATCH_PART_CELLS_H

#include "match/part_view.h"
#include "simd/parts.h"

typedef struct ko_part_cells ko_part_cells;

#define KO_PART_POINTS_MAX ((size_t)1 << 30) /* with two bits of variant they fit a word */

/* Indexes each keypoint of the views in its four variants. Keypoints are numbered through:
 * first_point has the number of each view's first one and, at n_views, of all together, at
 * most KO_PART_POINTS_MAX. Copies what it needs. KO_E_NOMEM, KO_E_STOPPED. */
KO_NODISCARD ko_status ko_part_cells_build(const ko_part_view *const *views,
                                           const uint32_t *first_point, size_t n_views,
                                           unsigned jobs, ko_part_cells **out_cells, ko_error *err);
void ko_part_cells_free(ko_part_cells *cells); /* NULL is fine */
size_t ko_part_cells_bytes(const ko_part_cells *cells);

#define KO_PART_RADIUS 72u /* bits; hits beyond tell no more than chance */
#define KO_PART_HITS_MAX 8192u

/* What a list entry stands for: a numbered keypoint in one variant. */
typedef struct ko_part_entry {
    uint32_t point;
    unsigned variant;
} ko_part_entry;

ko_part_entry ko_part_cells_entry(const ko_part_cells *cells, uint32_t slot);

/* Gathers the nearest codes to one keypoint of a photo, as far as some thousand codes of the
 * lists most alike hold them; hits have room for KO_PART_HITS_MAX and name slots. */
void ko_part_cells_search(const ko_part_cells *cells, const ko_descriptor *descriptor,
                          const ko_code *code, ko_codes_hit *hits, ko_codes_harvest *out_harvest);

#endif
