/* proof/picture.h - a work as it may be shown to strangers: recognisable, and of no use to them.
 *
 * Complaints are forwarded to the seller they are about, with all that is attached. So the
 * picture is small, it has no metadata, and its owner's name, its serial and the date are
 * written all over it. */
#ifndef KO_PROOF_PICTURE_H
#define KO_PROOF_PICTURE_H

#include "base/buf.h"

#include <knockoff/raster.h>

/* What is drawn; all is borrowed. The texts are cleaned, and long ones are cut. */
typedef struct ko_proof_source {
    const ko_rgba *work;
    const char *owner;  /* "Jane Doe" */
    const char *serial; /* "KO-000042" */
    const char *date;   /* "2026-11-22" */
} ko_proof_source;

/* How large the proof of a work is: the longer side has KO_PROOF_SIDE_LEAST_PX to KO_PROOF_SIDE_PX
 * pixels (base/limits.h). */
void ko_proof_size(const ko_rgba *work, uint32_t *out_width, uint32_t *out_height);

/* Appends a JPEG to out; the same bytes for the same source and fonts. Transparent parts are laid
 * on white, or on dark grey when the work is light.
 * KO_E_UNSUPPORTED: characters that no font has. KO_E_NOMEM, also when out reaches its maximum. */
KO_NODISCARD ko_status ko_proof_picture(const ko_proof_source *source, ko_buf *out_jpeg,
                                        ko_error *err);

#endif
