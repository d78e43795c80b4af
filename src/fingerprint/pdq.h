/* fingerprint/pdq.h - the stages of PDQ that its two paths and the variants share.
 *
 * raster -> grid of at most 512x512 pixels -> thumbnail of 64x64 means -> 16x16 DCT
 * coefficients -> 256 bits. All pure; nothing here allocates. */
#ifndef KO_FINGERPRINT_PDQ_H
#define KO_FINGERPRINT_PDQ_H

#include "simd/simd.h"

#include <knockoff/fingerprint.h>

#include <stdbool.h>

#define KO_FP_THUMB_SIDE 64 /* pixels a side of the thumbnail */
#define KO_FP_DCT_SIDE 16   /* frequencies 1 to 16 of each axis; 0, the mean, is left out */
#define KO_FP_GRID_MAX 512  /* pixels a side that the reference program looks at */
#define KO_FP_GRID_MIN 5    /* below this on a side it gives the zero fingerprint */

/* Means of light around 64x64 places of the picture, 0..255, rows top to bottom. */
typedef struct ko_fp_thumb {
    float px[KO_FP_THUMB_SIDE][KO_FP_THUMB_SIDE];
} ko_fp_thumb;

/* Coefficient of vertical frequency row + 1 and horizontal frequency column + 1. */
typedef struct ko_fp_dct {
    float c[KO_FP_DCT_SIDE][KO_FP_DCT_SIDE];
} ko_fp_dct;

/* The pixels that are looked at. A picture with a side above 512 is represented by 512x512
 * of its pixels, column k of the grid being column k * from / to of the picture; a
 * smaller one by all of them. So does the reference program, which drops pixels without
 * smoothing: filtering the whole of a large picture instead moves its fingerprint by 6 bits
 * in the median, and that of one picture in six by more than 10. */
typedef struct ko_fp_grid {
    uint32_t width, height;
} ko_fp_grid;

static inline ko_fp_grid ko_fp_grid_of(uint32_t width, uint32_t height)
{
    if (width > KO_FP_GRID_MAX || height > KO_FP_GRID_MAX)
        return (ko_fp_grid){KO_FP_GRID_MAX, KO_FP_GRID_MAX};
    return (ko_fp_grid){width, height};
}

static inline uint32_t ko_fp_grid_at(uint32_t k, uint32_t from, uint32_t to)
{
    return k * from / to; /* at most 512 * 65,500 */
}

/* Of two box passes each covers half a thumbnail pixel. */
#define KO_FP_HALVES ((size_t)2 * KO_FP_THUMB_SIDE)

/* Pixels that one pass averages along an axis of n. */
static inline size_t ko_fp_window(size_t n)
{
    return (n + KO_FP_HALVES - 1) / KO_FP_HALVES;
}

/* Where among n pixels the centre of thumbnail pixel i lies. */
static inline size_t ko_fp_centre(size_t i, size_t n)
{
    return (2 * i + 1) * n / KO_FP_HALVES;
}

static inline bool ko_fp_hashable(ko_fp_grid grid)
{
    return grid.width >= KO_FP_GRID_MIN && grid.height >= KO_FP_GRID_MIN;
}

/* KO_E_LIMIT unless both sides are within 1..KO_MAX_IMAGE_SIDE_PX. */
KO_NODISCARD ko_status ko_fp_check_size(uint32_t width, uint32_t height, ko_error *err);

/* The thumbnail of a picture whose grid is hashable, from a raster of it that may have
 * been shrunk. */
void ko_fp_thumbnail(const ko_simd *simd, const ko_grey *luma, const ko_extent *full,
                     ko_fp_thumb *out_thumb);

/* Quality 0..100: how much neighbours of the thumbnail differ, in hundredths of the
 * range from black to white, 9,000 of them being full marks. */
int ko_fp_quality(const ko_fp_thumb *thumb);

/* Rows 1 to 16 of the 64-point DCT-II matrix, sqrt(2/64) cos(pi/128 (i+1) (2j+1)). */
typedef float ko_fp_dct_row[KO_FP_THUMB_SIDE];
const ko_fp_dct_row *ko_fp_dct_matrix(void);

/* Two-dimensional DCT of the thumbnail by even and odd halves; differs from the
 * reference in the order of float sums alone. */
void ko_fp_dct_of(const ko_fp_thumb *thumb, ko_fp_dct *out_dct);

/* The bits of the picture as it is: which coefficients are above their median. */
void ko_fp_bits(const ko_fp_dct *dct, ko_fp *out_fp);

/* The bits of the picture in all eight orientations. */
void ko_fp_bits_all(const ko_fp_dct *dct, ko_fp out_fps[KO_ORIENT_COUNT]);

#endif
