/* match/part_lines.h - which points of a work and of a photo that shows it agree.
 *
 * Evidence for a person's eyes: what ko_parts_find has found is looked at again, and the
 * keypoints that lie where they should and look alike are paired. */
#ifndef KO_MATCH_PART_LINES_H
#define KO_MATCH_PART_LINES_H

#include "match/part_fit.h"
#include "match/parts.h"

/* One point, in the work and in the photo. */
typedef struct ko_part_line {
    float work[2];  /* share of the canvas, 0..1, from its top left */
    float photo[2]; /* pixels, whose top left corner is at 0, 0 */
} ko_part_line;

/* The homography that takes the unit square (0, 0), (1, 0), (1, 1), (0, 1) to the corners of
 * a quad, in that order (Heckbert, "Fundamentals of Texture Mapping and Image Warping",
 * 1989, section 2.2.3). False, with the model untouched, unless the quad is strictly
 * convex, of more than a pixel, and no farther out than a million pixels. */
bool ko_part_square_to_quad(const float quad[8], ko_part_model *out_model);

/* Writes at most max_lines pairs of the view and of luma, where it lies at quad, mirrored
 * and inverted, all as in a ko_part_found. No point is twice among them, and each lies as
 * far from those before it as the work allows, so that the first few are spread, too.
 * There may be none. The same pairs every time.
 * KO_E_FORMAT: no such quad (above). KO_E_LIMIT, KO_E_NOMEM as ko_pyramid_build. */
KO_NODISCARD ko_status ko_part_lines(const ko_part_view *view, const ko_grey *luma,
                                     const ko_part_found *found, size_t max_lines,
                                     ko_part_line *out_lines, size_t *out_count, ko_error *err);

#endif
