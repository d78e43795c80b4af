/* knockoff/raster.h - decoded pixels, the one thing that decoders and fingerprints share.
 *
 * A raster is a plain description of somebody's memory: it does not say who frees
 * it. Rows run top to bottom, stride bytes apart; stride >= width * bytes per pixel. */
#ifndef KNOCKOFF_RASTER_H
#define KNOCKOFF_RASTER_H

#include <stddef.h>
#include <stdint.h>

/* One byte a pixel: luma, or alpha (0 transparent, 255 opaque). */
typedef struct ko_grey {
    uint8_t *px;
    uint32_t width, height;
    size_t stride;
} ko_grey;

/* Three bytes a pixel, R G B, not premultiplied. */
typedef struct ko_rgb {
    uint8_t *px;
    uint32_t width, height;
    size_t stride;
} ko_rgb;

/* Four bytes a pixel, R G B A, not premultiplied; A as in ko_grey. */
typedef struct ko_rgba {
    uint8_t *px;
    uint32_t width, height;
    size_t stride;
} ko_rgba;

/* How large a picture is as displayed, and by how much its decoder shrank it: a raster of
 * it has ceil(width / shrink) by ceil(height / shrink) pixels. shrink is 1, 2, 4 or 8. */
typedef struct ko_extent {
    uint32_t width, height;
    uint32_t shrink;
} ko_extent;

#endif
