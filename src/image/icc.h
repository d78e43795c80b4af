/* image/icc.h - does a colour profile matter? */
#ifndef KO_IMAGE_ICC_H
#define KO_IMAGE_ICC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether pixels of so many colour channels (1, 3 or 4, alpha not counted) must be
 * converted with this ICC profile to become sRGB. False for profiles that are sRGB in
 * effect, whatever they are called, that are for another number of channels, or that are
 * no profiles. Reads nothing outside profile[0..size). */
bool ko_image_icc_matters(const uint8_t *profile, size_t size, unsigned channels);

#endif
