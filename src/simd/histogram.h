/* simd/histogram.h - a descriptor step by step; for the kernels, which all do the same
 * integer arithmetic.
 *
 * Samples lie two pixels apart, (i - 7.5) * 2 from the keypoint for i = 0..15 each way, and
 * take the nearest pixel's gradient, turned into the frame of the patch. A gradient counts
 * for a direction by what it has along it beyond cos(pi / 4) of its length, so for the
 * nearest two. A sample counts for the two nearest cells each way, by its distance from
 * their middles, and less the farther it is from the keypoint. These weights are products of
 * one for its column and one for its row, so one table serves both: samples lie (i - 7.5) / 4
 * cells from the keypoint, cells' middles at -1.5, -.5, .5 and 1.5.
 *
 * Rows are summed first: 16 columns of a direction stay side by side until the four lines
 * of cells are complete. Bins get share ^ 1/2 (Arandjelovic and Zisserman, "Three things
 * everyone should know to improve object retrieval", 2012), so that their Euclidean
 * distance is Hellinger's. */
#ifndef KO_SIMD_HISTOGRAM_H
#define KO_SIMD_HISTOGRAM_H

#include "simd/features.h"

#define KO_HISTOGRAM_CELLS 4 /* both ways */
#define KO_HISTOGRAM_DIRECTIONS 8
#define KO_HISTOGRAM_GAIN (512.f * 512.f)
#define KO_HISTOGRAM_MAX 127.f

#define KO_HISTOGRAM_LEAST .70710678f /* cos(pi / 4) */
#define KO_HISTOGRAM_DIAGONAL 23170   /* the same, of 2^15 */

/* Places and turned gradients have 15 bits below the point. */
#define KO_HISTOGRAM_SHIFT 15
#define KO_HISTOGRAM_HALF (1 << (KO_HISTOGRAM_SHIFT - 1))
/* Below the point of a finished cell's 32 bits, these are dropped: what is left of a cell
 * fits a float, and of all cells 31 bits. */
#define KO_HISTOGRAM_DROP 8

/* exp(-d^2 / (2 * 1.4^2)) at d = .5/8, 1.5/8, ... 7.5/8 half widths of the square, times
 * the weight in eighths, of 2^15. */
#define G0(eighths) (int16_t)(.99900400 * 4096 * (eighths) + .5)
#define G1(eighths) (int16_t)(.99107167 * 4096 * (eighths) + .5)
#define G2(eighths) (int16_t)(.97539544 * 4096 * (eighths) + .5)
#define G3(eighths) (int16_t)(.95234480 * 4096 * (eighths) + .5)
#define G4(eighths) (int16_t)(.92245574 * 4096 * (eighths) + .5)
#define G5(eighths) (int16_t)(.88641010 * 4096 * (eighths) + .5)
#define G6(eighths) (int16_t)(.84500967 * 4096 * (eighths) + .5)
#define G7(eighths) (int16_t)(.79914667 * 4096 * (eighths) + .5)

/* Of each sample, to the cell before it and to the cell after it. Cells outside the patch
 * get nothing. */
static const int16_t ko_weight_before[KO_HISTOGRAM_SIDE] = {
    0,     0,     G5(7), G4(5), G3(3), G2(1), G1(7), G0(5),
    G0(3), G1(1), G2(7), G3(5), G4(3), G5(1), G6(7), G7(5)};
static const int16_t ko_weight_after[KO_HISTOGRAM_SIDE] = {G7(5), G6(7), G5(1), G4(3), G3(5), G2(7),
                                                           G1(1), G0(3), G0(5), G1(7), G2(1), G3(3),
                                                           G4(5), G5(7), 0,     0};

#undef G0
#undef G1
#undef G2
#undef G3
#undef G4
#undef G5
#undef G6
#undef G7

/* Samples lie between the same two cells in groups of 2, 4, 4, 4 and 2; of group g these
 * are g - 1 and g. This is where one begins, and the last one ends. */
static const uint8_t ko_sample_group[KO_HISTOGRAM_CELLS + 2] = {0, 2, 6, 10, 14, 16};

/* Where sample i lies, in pixels from the middle of the patch. */
static inline int ko_sample_offset(size_t i)
{
    return 2 * (int)i - (KO_HISTOGRAM_SIDE - 1);
}

/* Where row i of samples would begin if its samples were at offset 0: 15 bits are below
 * the point, and half a pixel is added so that dropping them rounds. */
static inline int32_t ko_row_x(const ko_patch *p, size_t i)
{
    return p->x * (1 << KO_HISTOGRAM_SHIFT) + KO_HISTOGRAM_HALF - p->sin * ko_sample_offset(i);
}

static inline int32_t ko_row_y(const ko_patch *p, size_t i)
{
    return p->y * (1 << KO_HISTOGRAM_SHIFT) + KO_HISTOGRAM_HALF + p->cos * ko_sample_offset(i);
}

#endif
