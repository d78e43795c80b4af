/* simd/features.h - the kernels that find and describe keypoints.
 *
 * All levels give the same bits: everything is integers, or floats whose every operation
 * and order of summing is part of the contract. Strides are in elements. */
#ifndef KO_SIMD_FEATURES_H
#define KO_SIMD_FEATURES_H

#include <stddef.h>
#include <stdint.h>

/* Gradient of grey, x to the right and y down; 128 for one grey level a pixel. */
typedef struct ko_gradient {
    int16_t x, y;
} ko_gradient;

#define KO_RESAMPLE_TAPS 4

/* Writes to out[0..n) what KO_RESAMPLE_TAPS rows of n pixels give together: the sums of
 * weights[k] * rows[k][x], divided by 128 and rounded. Weights are 0..127 and add up to
 * 128. n may be 0; nothing past out[n-1] is touched. */
typedef void ko_blend_rows_fn(const uint8_t *const rows[KO_RESAMPLE_TAPS],
                              const int16_t weights[KO_RESAMPLE_TAPS], size_t n, uint8_t *out);

/* Where four neighbouring outputs of a resampled row come from. */
typedef struct ko_resample_four {
    uint8_t index[4 * KO_RESAMPLE_TAPS]; /* output by output; below 16, from first on */
    int8_t weight[4 * KO_RESAMPLE_TAPS]; /* 0..127; those of an output add up to 128 */
    uint32_t first;
} ko_resample_four;

/* Writes to out[0..n) the outputs of ceil(n / 4) fours: the weighted sum of their inputs,
 * divided by 128 and rounded. The 16 bytes from in + first on are read for each four;
 * nothing past out[n-1] is touched. n may be 0. */
typedef void ko_resample_row_fn(const uint8_t *in, const ko_resample_four *fours, size_t n,
                                uint8_t *out);

/* Writes to out[0..n) the gradients at the pixels px[0..n): differences 1 2 0 -2 -1 one way
 * of what 1 4 6 4 1 smoothed the other way. Two pixels around are read. n may be 0. */
typedef void ko_gradient_row_fn(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out);

/* Writes to out[0..n) the FAST-9 score of the pixels px[0..n): the largest difference that
 * all of 9 neighbouring points on the ring of 16 around have to the pixel, all lighter or
 * all darker, or 0 where that is at most threshold. Three pixels around are read. n may
 * be 0. */
typedef void ko_corner_row_fn(const uint8_t *px, ptrdiff_t stride, size_t n, uint8_t threshold,
                              uint8_t *out);

/* Writes to out the places in row[0..n) that are higher than their eight neighbours, in
 * order, and returns how many; of equals the last in reading order is the higher. Of all
 * three rows, [-1..n] are read. n is at most UINT16_MAX, and out has room for n. */
typedef size_t ko_peaks_row_fn(const uint8_t *above, const uint8_t *row, const uint8_t *below,
                               size_t n, uint16_t *out);

#define KO_TENSOR_SIDE 7

typedef struct ko_tensor {
    int64_t xx, xy, yy;
} ko_tensor;

#define KO_TENSOR_REACH (KO_TENSOR_SIDE / 2 + 2)

/* The sums of products of gradients, as ko_gradient_row_fn makes them, over KO_TENSOR_SIDE
 * by KO_TENSOR_SIDE pixels, of which centre is the middle one. Of the rows KO_TENSOR_REACH
 * above the centre to as many below, 16 pixels are read from as many left of it on. */
typedef void ko_tensor_fn(const uint8_t *centre, ptrdiff_t stride, ko_tensor *out);

#define KO_DISC_RADIUS 15

typedef struct ko_moment {
    int32_t x, y;
} ko_moment;

/* The first moments of grey about centre over a disc of radius KO_DISC_RADIUS. Reads of
 * each row of the disc the 32 pixels from KO_DISC_RADIUS left of the centre on. */
typedef void ko_disc_moment_fn(const uint8_t *centre, ptrdiff_t stride, ko_moment *out);

#define KO_HISTOGRAM_SIDE 16 /* samples, both ways, two pixels apart */
#define KO_HISTOGRAM_BINS 128
#define KO_HISTOGRAM_REACH 22 /* pixels from the keypoint to the farthest sample, rounded */
#define KO_HISTOGRAM_ROWS 64  /* a power of two that holds the reach both ways */

/* A turned square: where its middle lies and where its own x axis points. */
typedef struct ko_patch {
    int16_t x, y;
    int16_t cos, sin; /* 1 is KO_PATCH_ONE */
} ko_patch;

#define KO_PATCH_ONE 32767

/* Writes the histogram of gradient directions of a patch as simd/histogram.h explains it:
 * 4 x 4 cells, row by row, of 8 directions; 512 * sqrt(share of the whole), at most 127.
 * grad is the gradient at (0, 0) of a ring of rows: row y lies y modulo KO_HISTOGRAM_ROWS
 * strides further on. Those within KO_HISTOGRAM_REACH of the patch are read. The stride is
 * at most INT16_MAX. */
typedef void ko_histogram_fn(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *patch,
                             uint8_t out[KO_HISTOGRAM_BINS]);

typedef struct ko_features_kernels {
    ko_blend_rows_fn *blend_rows;
    ko_resample_row_fn *resample_row;
    ko_gradient_row_fn *gradient_row;
    ko_corner_row_fn *corner_row;
    ko_peaks_row_fn *peaks_row;
    ko_tensor_fn *tensor;
    ko_disc_moment_fn *disc_moment;
    ko_histogram_fn *histogram;
} ko_features_kernels;

#endif
