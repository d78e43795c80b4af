/* report/digest.h - which file it was: its SHA-256. */
#ifndef KO_REPORT_DIGEST_H
#define KO_REPORT_DIGEST_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* The SHA-256 and size of a file of at most max bytes. KO_E_NOT_FOUND, KO_E_IO, KO_E_LIMIT,
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_file_digest(const char *path, size_t max, uint8_t out_sha256[32],
                                      int64_t *out_bytes, ko_error *err);

#endif
