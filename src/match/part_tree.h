/* match/part_tree.h - cells of descriptors that look alike, found level by level.
 *
 * A descriptor, that of the mirror image and those of both with tones inverted share a cell:
 * nodes of the first level are shapes up to such a change, and a descriptor belongs where
 * any of its variants is most like a shape. So a changed print is found in an index of the
 * unchanged works. Immutable once learnt; any number of threads may ask. */
#ifndef KO_MATCH_PART_TREE_H
#define KO_MATCH_PART_TREE_H

#include <knockoff/features.h>
#include <knockoff/status.h>

typedef struct ko_part_tree ko_part_tree;

/* Learns about n_cells cells, at least 1, from n descriptors, which are overwritten; n may
 * be 0. The same tree whatever the jobs. KO_E_NOMEM, KO_E_STOPPED. */
KO_NODISCARD ko_status ko_part_tree_learn(ko_descriptor *sample, size_t n, size_t n_cells,
                                          unsigned jobs, ko_part_tree **out_tree, ko_error *err);
void ko_part_tree_free(ko_part_tree *tree); /* NULL is fine */
size_t ko_part_tree_bytes(const ko_part_tree *tree);
size_t ko_part_tree_cells(const ko_part_tree *tree);

/* A cell, 0..ko_part_tree_cells - 1, and the variant of a descriptor that is alike there. */
typedef struct ko_part_cell {
    uint32_t cell;
    uint32_t variant;
} ko_part_cell;

/* Where a descriptor belongs that is given in all variants. */
ko_part_cell ko_part_tree_place(const ko_part_tree *tree,
                                const ko_descriptor variants[KO_VARIANTS]);

/* Writes the cells where descriptors like this one are most likely to be, the likeliest
 * first, each perhaps in more than one variant; none that is much less like it than the
 * first. Returns how many, at least 1. */
#define KO_PART_TREE_RANKED 96
size_t ko_part_tree_rank(const ko_part_tree *tree, const ko_descriptor variants[KO_VARIANTS],
                         ko_part_cell out_cells[KO_PART_TREE_RANKED]);

#endif
