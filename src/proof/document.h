/* proof/document.h - words and pictures on pages of A4, set from top to bottom into a PDF.
 *
 * Lengths are points, from the top left. What does not fit a page begins the next one; each ends
 * in a footer with its number. */
#ifndef KO_PROOF_DOCUMENT_H
#define KO_PROOF_DOCUMENT_H

#include "base/buf.h"
#include "proof/pen.h"

#include <stdint.h>

#define KO_DOCUMENT_WIDTH 595.
#define KO_DOCUMENT_HEIGHT 842.
#define KO_DOCUMENT_MARGIN 54.
#define KO_DOCUMENT_BREADTH (KO_DOCUMENT_WIDTH - 2 * KO_DOCUMENT_MARGIN) /* of what is set */
#define KO_DOCUMENT_GREY .4                                              /* of what is less said */

#define KO_DOCUMENT_FOOTER_SIZE 200

typedef struct ko_document_info {
    const char *title, *software;
    const char *date;   /* YYYY-MM-DD, kept as when it was made */
    const char *footer; /* stands behind the number of the page; longer ones are cut */
    bool lenient;       /* see ko_proof_pen */
} ko_document_info;

typedef struct ko_document {
    cairo_surface_t *surface;
    cairo_t *cairo;
    ko_proof_pen pen;
    char footer[KO_DOCUMENT_FOOTER_SIZE];
    double y;      /* where the next thing begins */
    unsigned page; /* from 1 on */
    ko_buf *out;
    bool is_cut;   /* out had no room for all of it */
    ko_error *err; /* of all that goes wrong */
} ko_document;

/* Begins a PDF 1.4, which is written to an empty out. KO_E_USAGE: not a date; KO_E_NOMEM; then
 * there is nothing to close. */
KO_NODISCARD ko_status ko_document_open(const ko_document_info *info, ko_buf *out,
                                        ko_document *out_document, ko_error *err);

/* Ends what came to st so far. After an error, which is returned, out is empty. KO_E_NOMEM, also
 * when out reaches its maximum. */
KO_NODISCARD ko_status ko_document_close(ko_document *document, ko_status st);

/* A text in a column. */
typedef struct ko_document_text {
    const char *what, *text; /* what names it in errors */
    double x, width;
    double size, grey; /* of letters; 0 is black, 1 white */
    bool bold;
    int lines;        /* at most so many, then it is cut; 0: all */
    const char *link; /* where a click on it leads: an http(s) URL, anything else leads nowhere;
                         NULL: nowhere */
} ko_document_text;

/* One that is set and waits for its place. */
typedef struct ko_document_block {
    PangoLayout *layout;
    double x, width, height, grey;
    const char *link;
} ko_document_block;

/* As ko_proof_layout. Ends in ko_document_show or ko_document_drop. */
KO_NODISCARD ko_status ko_document_set(const ko_document *document, const ko_document_text *text,
                                       ko_document_block *out_block);
void ko_document_show(const ko_document *document, ko_document_block *block, double y);
void ko_document_drop(ko_document_block *block); /* zeroed ones are fine */

/* Begins a new page unless so much room is left on this one. */
KO_NODISCARD ko_status ko_document_need(ko_document *document, double height);

/* Puts a text at y, over as many pages as it takes, and moves y below it; x and width are not
 * looked at: it has the whole breadth. */
KO_NODISCARD ko_status ko_document_put(ko_document *document, const ko_document_text *text);

/* A JPEG, as it is, in a box of that width and height with its top at y. */
typedef struct ko_document_picture {
    const ko_buf *jpeg;
    uint32_t pixels_wide, pixels_high;
    double x, width, height;
} ko_document_picture;
/* KO_E_NOMEM. */
KO_NODISCARD ko_status ko_document_draw(const ko_document *document,
                                        const ko_document_picture *picture, double y);

void ko_document_rule(const ko_document *document, double x, double y, double width);

#endif
