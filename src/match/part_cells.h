/* match/part_cells.h - the codes of all views, in lists by what their descriptors look like.
 *
 * Immutable once built; any number of threads may search. */
#ifndef KO_MATCH_PART_CELLS_H
#define KO_MATCH_PART_CELLS_H

#include "match/part_view.h"
#include "simd/parts.h"

typedef struct ko_part_cells ko_part_cells;

/* With two bits of variant and the gaps between lists, slots of so many fit a word. */
#define KO_PART_POINTS_MAX ((size_t)1 << 29)

/* Indexes each keypoint of the views once, and what looks the same on several grounds once
 * for all of them. Keypoints are numbered through: first_point has the number of each view's
 * first one and, at n_views, of all together, at most KO_PART_POINTS_MAX. Copies what it
 * needs. KO_E_NOMEM, KO_E_STOPPED. */
KO_NODISCARD ko_status ko_part_cells_build(const ko_part_view *const *views,
                                           const uint32_t *first_point, size_t n_views,
                                           unsigned jobs, ko_part_cells **out_cells, ko_error *err);
void ko_part_cells_free(ko_part_cells *cells); /* NULL is fine */
size_t ko_part_cells_bytes(const ko_part_cells *cells);

#define KO_PART_RADIUS 72u /* bits; hits beyond tell no more than chance */
#define KO_PART_HITS_MAX 8192u

/* What a hit stands for: a numbered keypoint, and the variant of it that the photo shows. */
typedef struct ko_part_entry {
    uint32_t point;
    unsigned variant;
} ko_part_entry;

ko_part_entry ko_part_cells_entry(const ko_part_cells *cells, uint32_t slot);

/* Gathers what is near one descriptor of a photo, whose code goes with it, within a radius of
 * at most KO_PART_RADIUS, as far as the lists most alike hold it. Writes the hits, which name
 * slots, and their order by distance, both with room for KO_PART_HITS_MAX; returns how many. */
size_t ko_part_cells_search(const ko_part_cells *cells, const ko_descriptor *descriptor,
                            const ko_code *code, uint32_t radius, ko_codes_hit *hits,
                            uint16_t *order);

#endif
