/* report/side.h - one of the pictures that a candidate is judged by, alone: the listing's photo,
 * the work, or what the photo shows where the work lies. */
#ifndef KO_REPORT_SIDE_H
#define KO_REPORT_SIDE_H

#include "report/picture.h"
#include "store/candidate.h"

typedef enum ko_side {
    KO_SIDE_LISTING,
    KO_SIDE_WORK,
    KO_SIDE_PATCH /* in the work's frame, upright and mirrored back */
} ko_side;

/* Reads the files again and draws a side, at most side_px on its longer side and never enlarged
 * but for a patch. Clear parts lie on squares. Errors as report/compared.h; KO_E_FORMAT also of a
 * place that no work can have. */
KO_NODISCARD ko_status ko_side_draw(ko_store *store, const ko_candidate *candidate, ko_side side,
                                    uint32_t side_px, ko_report_pixels *out_pixels, ko_error *err);

#endif
