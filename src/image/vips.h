/* image/vips.h - one door to libvips. */
#ifndef KO_IMAGE_VIPS_H
#define KO_IMAGE_VIPS_H

#include "base/status.h"

#include <knockoff/image.h>

#include <vips/vips.h>

/* Opens borrowed bytes, which must outlive it, as a picture of that kind (any but PNG and
 * SVG): only the header is read, pixels come when they are asked for. The caller unrefs the
 * result. NULL when the header cannot be read or libvips cannot start. */
VipsImage *ko_image_vips_open(const void *bytes, size_t size, ko_image_kind kind);

#endif
