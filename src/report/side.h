/* report/side.h - one of the pictures that people judge by, alone: a listing's photo, a work, or
 * what a photo shows where a work lies. */
#ifndef KO_REPORT_SIDE_H
#define KO_REPORT_SIDE_H

#include "report/picture.h"
#include "store/candidate.h"

/* Each reads its file again and draws it, at most side_px on its longer side. The caller frees
 * out_pixels->rows. Errors as report/compared.h. */

/* Never enlarged. */
KO_NODISCARD ko_status ko_side_photo(const ko_photo *photo, uint32_t side_px,
                                     ko_report_pixels *out_pixels, ko_error *err);
/* Clear parts lie on squares. Never enlarged. */
KO_NODISCARD ko_status ko_side_work(const ko_view *view, uint32_t side_px,
                                    ko_report_pixels *out_pixels, ko_error *err);
/* Its shape: white where it is seen, black where it is clear. */
KO_NODISCARD ko_status ko_side_shape(const ko_view *view, uint32_t side_px,
                                     ko_report_pixels *out_pixels, ko_error *err);
/* A stranger's picture in memory; clear parts are white. Never enlarged. */
KO_NODISCARD ko_status ko_side_bytes(const void *bytes, size_t size, uint32_t side_px,
                                     ko_report_pixels *out_pixels, ko_error *err);
/* Of the candidate's photo, in the work's frame, upright and mirrored back. KO_E_FORMAT also of a
 * place that no work can have. */
KO_NODISCARD ko_status ko_side_patch(ko_store *store, const ko_candidate *candidate,
                                     uint32_t side_px, ko_report_pixels *out_pixels, ko_error *err);

#endif
