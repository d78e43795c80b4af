/* features/corners.h - where the keypoints of a picture are. */
#ifndef KO_FEATURES_CORNERS_H
#define KO_FEATURES_CORNERS_H

#include "base/status.h"
#include "features/pyramid.h"

/* A pixel of one level. */
typedef struct ko_corner {
    int16_t x, y;
    float response; /* Harris's, of grey levels a pixel to the fourth, summed over a square */
    uint8_t level;
} ko_corner;

/* Writes the max best corners of all levels to out, which has room for as many, by level
 * and place, and how many there are to out_count. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_corners_find(const ko_pyramid *pyramid, size_t max, ko_corner *out,
                                       size_t *out_count, ko_error *err);

#endif
