/* proof/pen.h - words on a page or a picture, whoever wrote them. */
#ifndef KO_PROOF_PEN_H
#define KO_PROOF_PEN_H

#include "base/status.h"

#include <pango/pangocairo.h>
#include <stdbool.h>

/* The fonts of one drawing; opened and closed by the same thread. */
typedef struct ko_proof_pen {
    PangoFontMap *fonts;
    PangoContext *context;
    bool lenient; /* what no font has is replaced instead of refused */
} ko_proof_pen;

void ko_proof_pen_open(ko_proof_pen *pen);
void ko_proof_pen_close(ko_proof_pen *pen);

/* Sets *out_layout to the text, cleaned (base/text.h), with what pango guesses of its direction;
 * size is in units of the drawing. The caller unrefs it. what names the text in errors.
 * KO_E_UNSUPPORTED: no font of this system has all its characters, and boxes in their place
 * would spoil it; a lenient pen writes U+FFFD for them, or "?". KO_E_NOMEM. */
KO_NODISCARD ko_status ko_proof_layout(const ko_proof_pen *pen, const char *what, const char *text,
                                       double size, bool bold, PangoLayout **out_layout,
                                       ko_error *err);

#endif
