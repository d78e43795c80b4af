/* report/exhibit.h - the evidence picture of one candidate, from the files it speaks of. */
#ifndef KO_REPORT_EXHIBIT_H
#define KO_REPORT_EXHIBIT_H

#include "base/buf.h"
#include "report/picture.h"
#include "store/candidate.h"

/* What the exhibits of one work have in common, so that it is read only once for all of them. A
 * zeroed one has nothing yet. */
typedef struct ko_exhibit_work {
    int64_t view_id;
    ko_image_colour picture;
    ko_part_view *part; /* NULL when the view was never described */
} ko_exhibit_work;

void ko_exhibit_work_free(ko_exhibit_work *work); /* zeroed ones are fine */

/* Reads the listing's photo again, and the work's file unless work has it from the last call, and
 * draws them for half a page of paper (report/picture.h), without words below. The caller frees
 * out_pixels->rows, and work when the last one is drawn, also after errors. KO_E_NOT_FOUND,
 * KO_E_IO: a file is gone or cannot be read. KO_E_FORMAT: it is damaged, or not the one that was
 * compared. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_exhibit_draw(ko_store *store, const ko_candidate *candidate,
                                       ko_exhibit_work *work, ko_report_pixels *out_pixels,
                                       ko_error *err);

/* Appends the same, larger and with words below, as a PNG to an empty out. software names what
 * made it. */
KO_NODISCARD ko_status ko_exhibit_png(ko_store *store, const ko_candidate *candidate,
                                      const char *software, ko_buf *out_png, ko_error *err);

#endif
