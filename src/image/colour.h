/* image/colour.h - pictures to be looked at, in colour.
 *
 * What is searched for is luma (knockoff/image.h); this is for people. Kinds, caps and
 * trust are the same: the bytes of a stranger go through the same decoders. */
#ifndef KO_IMAGE_COLOUR_H
#define KO_IMAGE_COLOUR_H

#include "base/status.h"

#include <knockoff/image.h>
#include <knockoff/raster.h>

/* A decoded picture; owns its pixels. */
typedef struct ko_image_colour {
    ko_rgba raster; /* sRGB, upright */
    ko_extent full; /* as displayed; here shrink may be any whole number from 1 on */
} ko_image_colour;

/* Decodes borrowed bytes as ko_image_decode does, with the same errors, and shrinks what
 * is longer than side_px (1 or more) on its longer side by the least whole number that
 * brings it there; JPEG already while it is decoded. options->min_side_px is not used.
 * Where all is transparent, a shrunk pixel is black. */
KO_NODISCARD ko_status ko_image_decode_colour(const void *bytes, size_t size,
                                              const ko_image_options *options, uint32_t side_px,
                                              ko_image_colour *out_colour, ko_error *err);

void ko_image_colour_free(ko_image_colour *colour); /* NULL and zeroed ones are fine */

#endif
