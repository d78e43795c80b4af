/* features/describe.h - what surrounds a keypoint. */
#ifndef KO_FEATURES_DESCRIBE_H
#define KO_FEATURES_DESCRIBE_H

#include "features/corners.h"
#include "features/pyramid.h"

/* Gives a corner its place in the picture, its direction and its descriptor. */
void ko_describe(const ko_level *level, const ko_corner *corner, ko_keypoint *out_keypoint,
                 ko_descriptor *out_descriptor);

#endif
