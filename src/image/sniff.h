/* image/sniff.h - names for what we recognise and do not read. */
#ifndef KO_IMAGE_SNIFF_H
#define KO_IMAGE_SNIFF_H

#include <knockoff/image.h>

#include <stddef.h>
#include <stdint.h>

/* "BMP", "PDF", ... for a kind of picture that no decoder here reads; NULL otherwise. */
const char *ko_image_unread_kind(const uint8_t *bytes, size_t size);

/* "image/jpeg"; of what is unknown "application/octet-stream". */
const char *ko_image_media_type(ko_image_kind kind);

#endif
