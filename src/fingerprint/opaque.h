/* fingerprint/opaque.h - where a transparent work lies on its canvas. */
#ifndef KO_FINGERPRINT_OPAQUE_H
#define KO_FINGERPRINT_OPAQUE_H

#include <knockoff/raster.h>

#include <stdbool.h>

/* A part of a raster, in pixels. */
typedef struct ko_fp_box {
    uint32_t x, y, width, height;
} ko_fp_box;

/* Whether a ground would show through anywhere, more than the rounding of an editor. */
bool ko_fp_is_transparent(const ko_grey *alpha);

/* The smallest box around the pixels of alpha at or above seen_from (1..255); the whole
 * canvas when there is none. */
ko_fp_box ko_fp_opaque_box(const ko_grey *alpha, uint8_t seen_from);

#endif
