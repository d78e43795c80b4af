/* features/describe.h - what surrounds a keypoint. */
#ifndef KO_FEATURES_DESCRIBE_H
#define KO_FEATURES_DESCRIBE_H

#include "features/corners.h"
#include "features/gradients.h"

/* Gives a corner of the gradients' level its place in the picture, its direction and its
 * descriptor. The corners of a level come by row. */
void ko_describe(ko_gradients *gradients, const ko_corner *corner, ko_keypoint *out_keypoint,
                 ko_descriptor *out_descriptor);

#endif
