/* image/exif.h - the one thing we ask of EXIF: which way is up. */
#ifndef KO_IMAGE_EXIF_H
#define KO_IMAGE_EXIF_H

#include <stddef.h>
#include <stdint.h>

/* Orientation 1..8 from an EXIF block, with or without the "Exif" mark before its TIFF
 * header (Exif 2.32, section 4.5). Anything missing, broken or out of range gives 1, as
 * in browsers. Reads nothing outside exif[0..size); exif may be NULL when size is 0. */
unsigned ko_image_exif_orientation(const uint8_t *exif, size_t size);

#endif
