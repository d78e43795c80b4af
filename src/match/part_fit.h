/* match/part_fit.h - planar transforms from a view to a photo, fitted to pairs of points.
 *
 * Weighted least squares in double precision; outliers are met by refitting with weights
 * that fall off with the residual. Pure; nothing here allocates. */
#ifndef KO_MATCH_PART_FIT_H
#define KO_MATCH_PART_FIT_H

#include <stdbool.h>
#include <stddef.h>

/* A point of the view (as seen: mirrored or not), the point of the photo it matches, and
 * how much the pair counts. */
typedef struct ko_part_pair {
    float x, y, u, v, weight;
} ko_part_pair;

/* A homography, row by row: (x, y, 1) of the view goes to h times it, divided by the last. */
typedef struct ko_part_model {
    double h[9];
} ko_part_model;

/* What is fitted, by its number of parameters. */
typedef enum ko_part_kind {
    KO_PART_SIMILARITY = 4,
    KO_PART_AFFINE = 6,
    KO_PART_HOMOGRAPHY = 8
} ko_part_kind;

/* How a model treats the neighbourhood of a point: where it puts it, and its Jacobian
 * (du/dx, du/dy, dv/dx, dv/dy). */
typedef struct ko_part_spot {
    float u, v;
    float slope[4];
} ko_part_spot;

ko_part_spot ko_part_project(const ko_part_model *model, float x, float y);

/* The similarity that takes (x, y) to (u, v), turns by turn radians and enlarges by scale. */
ko_part_model ko_part_similarity(float x, float y, float u, float v, float turn, float scale);

/* Fits to n pairs; side_px, about the length of the view, sets the unit in which equations
 * are solved. False, with the model untouched, when the pairs do not determine one. */
bool ko_part_fit(const ko_part_pair *pairs, size_t n, ko_part_kind kind, float side_px,
                 ko_part_model *model);

/* Refits a model to the pairs near it, four times: the weight of a pair falls to a quarter
 * at tolerance_px and to nothing at twice that. Fewer pairs get a simpler kind. room holds
 * n pairs. False when too few stay; the model is then one of those on the way. */
bool ko_part_refit(const ko_part_pair *pairs, size_t n, ko_part_kind kind, float side_px,
                   float tolerance_px, ko_part_pair *room, ko_part_model *model);

/* Whether a view of that size may be seen so: from its front, not too slanted, not too
 * small. Then *out_side_px is the square root of its area in the photo. */
bool ko_part_plausible(const ko_part_model *model, float width, float height, float *out_side_px);

#endif
