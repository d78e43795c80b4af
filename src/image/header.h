/* image/header.h - sizes of pictures whose libraries would go ahead before we are asked. */
#ifndef KO_IMAGE_HEADER_H
#define KO_IMAGE_HEADER_H

#include <knockoff/raster.h>

#include <stdbool.h>

/* Width and height as a PSD states them. False when the header is cut off. */
bool ko_image_psd_size(const uint8_t *bytes, size_t size, ko_extent *out_size);

/* Width and height of the largest picture in an AVIF or HEIC file: the "ispe" properties
 * (ISO/IEC 23008-12, section 6.5.3), which tiles and their whole have alike. False when
 * there is none, which makes the file unreadable. */
bool ko_image_heif_size(const uint8_t *bytes, size_t size, ko_extent *out_size);

#endif
