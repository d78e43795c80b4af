/* simd/disc.h - the disc of KO_DISC_RADIUS, row by row. */
#ifndef KO_SIMD_DISC_H
#define KO_SIMD_DISC_H

#include "simd/features.h"

/* How far a row of the disc reaches to each side, by its distance from the middle. */
static const uint8_t ko_disc_reach[KO_DISC_RADIUS + 1] = {15, 15, 15, 15, 14, 14, 14, 13,
                                                          13, 12, 11, 10, 9,  8,  6,  3};

#endif
