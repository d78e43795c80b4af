/* image/turn.h - turning a plane as an EXIF orientation asks. */
#ifndef KO_IMAGE_TURN_H
#define KO_IMAGE_TURN_H

#include <knockoff/raster.h>

#include <stdbool.h>

/* Replaces a plane had from ko_alloc by the same plane upright. orientation is the EXIF
 * value 1..8 (Exif 2.32, section 4.6.4, tag 0x0112) of the pixels as they are; 1 and
 * planes without pixels are left alone. False when there is no memory: nothing changed. */
bool ko_image_turn_grey(ko_grey *plane, unsigned orientation);
bool ko_image_turn_rgb(ko_rgb *plane, unsigned orientation);
bool ko_image_turn_rgba(ko_rgba *plane, unsigned orientation);

/* Whether that orientation swaps width and height. */
bool ko_image_turn_swaps(unsigned orientation);

#endif
