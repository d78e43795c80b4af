/* simd/histogram.h - the weights of a descriptor's samples and its directions.
 *
 * A sample counts for the two nearest cells each way, by its distance from their middles,
 * and less the farther it is from the keypoint. Both weights are products of one for its
 * column and one for its row, so one table serves columns and rows: samples i = 0..15 lie
 * (i - 7.5) / 4 cells from the keypoint; cells' middles at -1.5, -.5, .5 and 1.5. */
#ifndef KO_SIMD_HISTOGRAM_H
#define KO_SIMD_HISTOGRAM_H

#include "simd/features.h"

#define KO_HISTOGRAM_CELLS 4 /* both ways */
#define KO_HISTOGRAM_DIRECTIONS 8
/* Bins get share ^ 1/2 (Arandjelovic and Zisserman, "Three things everyone should know to
 * improve object retrieval", 2012), so that their Euclidean distance is Hellinger's. */
#define KO_HISTOGRAM_GAIN 512.f
#define KO_HISTOGRAM_MAX 127.f

/* cos(pi / 4): a gradient counts for a direction by what it has beyond a turn of 45 degrees,
 * so for the nearest two. */
#define KO_HISTOGRAM_LEAST .70710678f

static const float ko_direction_cos[KO_HISTOGRAM_DIRECTIONS] = {1.f,  .70710678f,  0.f, -.70710678f,
                                                                -1.f, -.70710678f, 0.f, .70710678f};
static const float ko_direction_sin[KO_HISTOGRAM_DIRECTIONS] = {
    0.f, .70710678f, 1.f, .70710678f, 0.f, -.70710678f, -1.f, -.70710678f};

/* exp(-d^2 / (2 * 1.4^2)) at d = .5/8, 1.5/8, ... 7.5/8 half widths of the square. */
#define G0 .99900400f
#define G1 .99107167f
#define G2 .97539544f
#define G3 .95234480f
#define G4 .92245574f
#define G5 .88641010f
#define G6 .84500967f
#define G7 .79914667f

/* Of sample i: to the cell before and to the cell after it. Cells -1 and 4, outside, take
 * their part of the outermost samples and are dropped. */
static const float ko_sample_weight[KO_HISTOGRAM_SIDE][2] = {
    {.375f * G7, .625f * G7}, {.125f * G6, .875f * G6}, {.875f * G5, .125f * G5},
    {.625f * G4, .375f * G4}, {.375f * G3, .625f * G3}, {.125f * G2, .875f * G2},
    {.875f * G1, .125f * G1}, {.625f * G0, .375f * G0}, {.375f * G0, .625f * G0},
    {.125f * G1, .875f * G1}, {.875f * G2, .125f * G2}, {.625f * G3, .375f * G3},
    {.375f * G4, .625f * G4}, {.125f * G5, .875f * G5}, {.875f * G6, .125f * G6},
    {.625f * G7, .375f * G7}};

#undef G0
#undef G1
#undef G2
#undef G3
#undef G4
#undef G5
#undef G6
#undef G7

/* Cells of one line, those outside among them. */
#define KO_HISTOGRAM_LINE (KO_HISTOGRAM_CELLS + 2)

/* The earlier of the two cells of sample i in a line. */
static inline size_t ko_sample_cell(size_t i)
{
    return (i + 2) / KO_HISTOGRAM_CELLS;
}

/* Added to coordinates before their fraction is cut off, so that none is below 0. */
#define KO_HISTOGRAM_BIAS 64

/* Where sample i lies from the middle of the patch, in pixels along an axis of it. */
static inline float ko_sample_offset(size_t i)
{
    return ((float)i - (KO_HISTOGRAM_SIDE - 1) / 2.f) * KO_HISTOGRAM_STEP;
}

/* Sums of each direction to the sum of all, never 0. */
static inline float ko_histogram_total(const float sum[KO_HISTOGRAM_DIRECTIONS])
{
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7])) +
           1e-6f;
}

#endif
