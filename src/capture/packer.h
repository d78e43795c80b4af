/* capture/packer.h - records packed as gzip members, one each, so that a reader can begin at any
 * of them (ISO 28500 annex D).
 *
 * Private to this folder. */
#ifndef KO_CAPTURE_PACKER_H
#define KO_CAPTURE_PACKER_H

#include "base/buf.h"

#include <stdbool.h>
#include <zlib.h>

typedef struct ko_packer {
    z_stream z;
    bool open;
    ko_buf packed; /* the member made last */
} ko_packer;

typedef struct ko_piece {
    const void *bytes;
    size_t size;
} ko_piece;

/* KO_E_NOMEM. Close it in any case; zeroed ones are fine. */
KO_NODISCARD ko_status ko_packer_open(ko_packer *packer);
/* Makes packed one member of the pieces in their order. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_packer_pack(ko_packer *packer, const ko_piece *pieces, size_t n);
void ko_packer_close(ko_packer *packer);

#endif
