/* report/png.h - writing a picture of ours as a PNG file. */
#ifndef KO_REPORT_PNG_H
#define KO_REPORT_PNG_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Appends a PNG of height rows, stride bytes apart, of width pixels 0x??RRGGBB in the
 * machine's byte order, with a text chunk "Software" (borrowed, Latin-1).
 * KO_E_NOMEM, also when out reaches its maximum; out is then empty. */
KO_NODISCARD ko_status ko_report_png(const uint8_t *rows, size_t stride, uint32_t width,
                                     uint32_t height, const char *software, ko_buf *out,
                                     ko_error *err);

#endif
