/* proof/jpeg.h - writing a picture of ours as a JPEG file. */
#ifndef KO_PROOF_JPEG_H
#define KO_PROOF_JPEG_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Appends a baseline JPEG of height rows, stride bytes apart, of width pixels 0x??RRGGBB in the
 * machine's byte order; quality is 1 to 100. It has the JFIF header and no other metadata.
 * KO_E_NOMEM, also when out reaches its maximum; out is then empty. */
KO_NODISCARD ko_status ko_proof_jpeg(const uint8_t *rows, size_t stride, uint32_t width,
                                     uint32_t height, int quality, ko_buf *out, ko_error *err);

#endif
