/* report/compared.h - the pictures of a candidate, read again as they were compared. */
#ifndef KO_REPORT_COMPARED_H
#define KO_REPORT_COMPARED_H

#include "image/colour.h"
#include "match/part_lines.h"
#include "match/part_view.h"
#include "store/candidate.h"

/* A listing's photo or a work's file, at most side_px on its longer side. KO_E_NOT_FOUND, KO_E_IO:
 * it is gone or cannot be read, or was never looked at. KO_E_FORMAT: it is damaged, or not the one
 * that was compared. KO_E_NOMEM. Free *out with ko_image_colour_free. */
KO_NODISCARD ko_status ko_compared_photo(const ko_photo *photo, uint32_t side_px,
                                         ko_image_colour *out, ko_error *err);
KO_NODISCARD ko_status ko_compared_work(const ko_view *view, uint32_t side_px, ko_image_colour *out,
                                        ko_error *err);

/* What the work's view was looked for by inside photos; *out_part stays NULL when it was never
 * described. Free it with ko_part_view_free. */
KO_NODISCARD ko_status ko_compared_part(ko_store *store, const ko_candidate *candidate,
                                        ko_part_view **out_part, ko_error *err);

/* Where in the photo the work lies. */
typedef struct ko_compared_place {
    float quad[8];           /* corners of its canvas, in pixels of the photo as displayed */
    bool whole;              /* the whole photo shows it, no part of it */
    bool mirrored, inverted; /* there */
} ko_compared_place;

/* part may be NULL; full is that of the photo. */
ko_compared_place ko_compared_where(const ko_candidate *candidate, const ko_part_view *part,
                                    const ko_extent *full);

/* Points that agree; more hide what they join. Those in the photo are in pixels of it as displayed,
 * as the place is. There may be none. Errors as ko_part_lines. */
#define KO_COMPARED_LINES 24
KO_NODISCARD ko_status ko_compared_lines(const ko_part_view *part, const ko_image_colour *photo,
                                         const ko_compared_place *place,
                                         ko_part_line out_lines[KO_COMPARED_LINES], size_t *out_n,
                                         ko_error *err);

#endif
