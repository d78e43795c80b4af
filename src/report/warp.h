/* report/warp.h - a picture seen through a homography. */
#ifndef KO_REPORT_WARP_H
#define KO_REPORT_WARP_H

#include "match/part_fit.h"

#include <knockoff/raster.h>

/* What lies behind clear pixels: squares of two greys, 0..255, or one grey twice. */
typedef struct ko_report_ground {
    uint8_t grey[2];
} ko_report_ground;

/* What a work with clear parts stands out from. */
ko_report_ground ko_report_ground_of(const ko_rgba *work);

#define KO_REPORT_OUTSIDE 160 /* grey where a picture does not reach */
#define KO_REPORT_SQUARE_PX 12

/* Fills width x height pixels 0xFFRRGGBB, rows stride bytes apart, with what model, which
 * goes from the unit square to pixels of in (edges at whole numbers), puts there: bilinear, or
 * averaged over as many pixels of in as one covers, KO_REPORT_SAMPLES_MAX each way at most. model's
 * last row is positive on the unit square. */
#define KO_REPORT_SAMPLES_MAX 8
void ko_report_warp(const ko_rgba *in, const ko_part_model *model, ko_report_ground ground,
                    uint8_t *rows, size_t stride, uint32_t width, uint32_t height);

#endif
