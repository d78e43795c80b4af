/* features/pyramid.h - the levels of a ko_pyramid, for those who read its pixels. */
#ifndef KO_FEATURES_PYRAMID_H
#define KO_FEATURES_PYRAMID_H

#include <knockoff/features.h>

#include <stddef.h>

#define KO_PYRAMID_LEVELS 9
/* A step of 2^(1/3): a corner is still found half a step away from its own scale. */
#define KO_PYRAMID_STEP 1.26f
/* Pixels around each level that repeat its border: a descriptor reaches 22 px from its
 * keypoint, and gradients need two more. */
#define KO_PYRAMID_MARGIN 26
/* A shorter side below this ends the pyramid: a descriptor would see mostly border. */
#define KO_PYRAMID_SIDE_MIN 20

typedef struct ko_level {
    const uint8_t *px; /* pixel (0, 0); KO_PYRAMID_MARGIN pixels more on every side */
    int32_t width, height;
    ptrdiff_t stride;
    float scale; /* pixels of the first level per pixel of this one */
} ko_level;

struct ko_pyramid {
    size_t n;
    ko_level level[KO_PYRAMID_LEVELS];
    uint8_t *px_memory; /* of all levels */
};

#endif
