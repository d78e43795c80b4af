/* features/gradients.h - the gradients around the keypoints of one level after the other. */
#ifndef KO_FEATURES_GRADIENTS_H
#define KO_FEATURES_GRADIENTS_H

#include "base/status.h"
#include "features/pyramid.h"
#include "simd/features.h"

/* Pixels this far outside of a level still have gradients; those of what is repeated beyond
 * count as none. */
#define KO_GRADIENTS_BORDER 2

/* As many rows as one descriptor reaches, made while keypoints are walked down a level;
 * they stay in a near cache, where those of a whole level would not. Row y lies at
 * at0 + (y modulo KO_HISTOGRAM_ROWS) * the level's stride. */
typedef struct ko_gradients {
    ko_gradient *memory; /* owned; KO_HISTOGRAM_ROWS of the widest level's */
    const ko_level *level;
    const ko_gradient *at0; /* column 0 of row 0 */
    int32_t next;           /* rows before are made, those out of any reach left out */
} ko_gradients;

/* KO_E_NOMEM. Gradients that are all zero may be freed. */
KO_NODISCARD ko_status ko_gradients_make(const ko_pyramid *pyramid, ko_gradients *out,
                                         ko_error *err);
void ko_gradients_free(ko_gradients *gradients);

void ko_gradients_start(ko_gradients *gradients, const ko_level *level);

/* Makes what the histogram of a keypoint at row y of the level needs; y never goes down. */
void ko_gradients_reach(ko_gradients *gradients, int32_t y);

#endif
