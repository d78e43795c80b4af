/* features/resize.h - a grey picture in another size. */
#ifndef KO_FEATURES_RESIZE_H
#define KO_FEATURES_RESIZE_H

#include "base/status.h"

#include <knockoff/raster.h>

/* Fills out, a raster with its own memory, with the picture in. Each output is a weighted
 * mean under a triangle one step wide (bilinear when enlarging); sides that shrink to half
 * or less are halved first, both at once, as long as both allow it. Both have at least one
 * pixel. KO_E_NOMEM leaves out undefined. */
KO_NODISCARD ko_status ko_resize(const ko_grey *in, const ko_grey *out, ko_error *err);

#endif
