/* match/part_view.h - what is kept of one view of a work, for the files that look for it.
 *
 * A view is described at its content box, KO_PART_VIEW_SIDE pixels long: where nothing is
 * transparent the whole canvas, else the part of the canvas that is seen. Places are pixels
 * of that description, the centre of its first pixel at 0. */
#ifndef KO_MATCH_PART_VIEW_H
#define KO_MATCH_PART_VIEW_H

#include "match/parts.h"

#include <knockoff/features.h>

#define KO_PART_VIEW_SIDE 400u
#define KO_PART_GROUNDS 3           /* white, black, and a tone between: most of cloth and walls */
#define KO_PART_KEYPOINTS_MAX 2048u /* of a ground */
#define KO_PART_LOOKS 4
#define KO_PART_LOOK_SIDE 160u /* of the largest look; 104, 64 and 40 follow */

/* A keypoint: its place, its direction in radians, and how many pixels of the view one
 * pixel of its level is. */
typedef struct ko_part_point {
    float x, y, angle, scale;
} ko_part_point;

/* A small picture of the content box. On ground g a pixel is light + g * clear / 255. */
typedef struct ko_part_look {
    uint32_t width, height;
    float scale; /* look pixels per view pixel */
    uint8_t *light;
    uint8_t *clear; /* NULL when the view is opaque */
} ko_part_look;

struct ko_part_view {
    uint32_t width, height;
    float canvas[4]; /* left, top, width, height; here alone the first pixel's edge is at 0 */
    uint32_t n_grounds;
    uint32_t first[KO_PART_GROUNDS + 1]; /* points first[g]..first[g + 1]-1 are of ground g */
    ko_part_point *points;
    ko_descriptor *descriptors; /* of points, plain */
    ko_part_look looks[KO_PART_LOOKS];
    uint8_t *look_memory; /* of all looks */
};

/* Sizes the looks of a view whose width and height are set, and gives them memory. */
KO_NODISCARD ko_status ko_part_looks_alloc(ko_part_view *view, bool transparent, ko_error *err);

/* The grey of ground number g (0..KO_PART_GROUNDS-1). */
uint8_t ko_part_ground(uint32_t g);

/* A point as it lies when the view is mirrored, inverted or both (KO_VARIANT_...): an
 * inverted patch has its brighter side where the darker was. */
ko_part_point ko_part_point_seen(const ko_part_view *view, uint32_t point, unsigned variant);

#endif
