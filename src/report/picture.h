/* report/picture.h - the evidence of one candidate as a picture, for the artist's own eyes
 * and for those of a platform's reviewer.
 *
 * Left the listing's photo with the outline of the work, right above the work, right below
 * what the photo shows inside the outline, set upright and into the work's own frame; lines
 * join points that agree, and below stands what is known in words. */
#ifndef KO_REPORT_PICTURE_H
#define KO_REPORT_PICTURE_H

#include "base/buf.h"
#include "image/colour.h"
#include "match/part_lines.h"

#include <knockoff/fingerprint.h>

#include <stdbool.h>

/* One line below the pictures. Both texts may come from strangers: whatever is no clean
 * UTF-8 is replaced, and what is too long is cut. */
typedef struct ko_report_fact {
    const char *name, *value;
} ko_report_fact;

/* How large the parts are, in pixels. */
typedef struct ko_report_size {
    uint32_t width, margin;      /* of the whole */
    uint32_t gap_x, gap_y;       /* between panels */
    uint32_t listing_width;      /* at most */
    uint32_t height_min;         /* of all panels together, */
    uint32_t listing_height_max; /* and of the listing's */
} ko_report_size;

#define KO_REPORT_PICTURE_WIDTH 1600u
/* To be looked at alone, and half a page of A4 wide and high. */
extern const ko_report_size ko_report_on_screen, ko_report_on_paper;

/* What is drawn; everything borrowed. Places in the listing are pixels of listing->full. */
typedef struct ko_report_picture_source {
    const ko_report_size *size;
    const ko_image_colour *listing, *work;
    float quad[8]; /* the corners of the work's canvas, in the order of a ko_part_found */
    bool whole;    /* the whole photo shows the work, no part of it */
    bool mirrored, inverted;
    const ko_part_line *lines;
    size_t n_lines;
    const ko_report_fact *facts;
    size_t n_facts;       /* at most KO_REPORT_FACTS_MAX */
    const char *software; /* ASCII; kept in a PNG as what made it */
} ko_report_picture_source;

#define KO_REPORT_FACTS_MAX 16

/* The quad of a work that the whole photo shows: the box of its canvas (left, top, width
 * and height as shares of it; {0, 0, 1, 1} is all) fills the photo, so oriented. Returns
 * whether that is mirrored. */
bool ko_report_whole_quad(ko_orientation orientation, const float box[4], const ko_extent *full,
                          float out_quad[8]);

/* Where the pictures lie in the result, in pixels. */
typedef struct ko_report_panel {
    uint32_t x, y, width, height;
} ko_report_panel;

typedef struct ko_report_layout {
    uint32_t width, height; /* of the result */
    ko_report_panel listing, work, patch;
} ko_report_layout;

ko_report_layout ko_report_picture_layout(const ko_report_picture_source *source);

/* Rows of pixels 0x??RRGGBB in the machine's byte order. */
typedef struct ko_report_pixels {
    uint8_t *rows; /* ko_free it */
    size_t stride; /* bytes from row to row */
    uint32_t width, height;
} ko_report_pixels;

/* Draws it; the same pixels for the same source and fonts. KO_E_FORMAT: the quad is none that a
 * work can have (part_lines.h). KO_E_NOMEM. */
KO_NODISCARD ko_status ko_report_draw(const ko_report_picture_source *source,
                                      ko_report_pixels *out_pixels, ko_error *err);

/* Appends the same as a PNG to out. KO_E_NOMEM, also when out reaches its maximum; out is then
 * empty. */
KO_NODISCARD ko_status ko_report_picture(const ko_report_picture_source *source, ko_buf *out_png,
                                         ko_error *err);

#endif
