/* proof/statement.h - a Copyright Claim Statement: what the artist says about one work, as a PDF.
 *
 * Platforms ask for one of an unregistered work: whose it is, when it was made, where it was
 * first shown, the picture, and a declaration that is signed. Fonts are embedded. */
#ifndef KO_PROOF_STATEMENT_H
#define KO_PROOF_STATEMENT_H

#include "base/buf.h"

#include <stdint.h>

/* All is borrowed. Texts are cleaned (base/text.h), have at most KO_MAX_STATEMENT_TEXT bytes, and
 * are NULL or "" when not stated; what is not stated is left out. */
typedef struct ko_statement {
    const char *title, *serial, *author, *holder; /* these four must be stated */
    const char *kind;                             /* "illustration" */
    const char *completed_on;
    const char *published_on, *published_at, *published_url; /* first publication */
    const char *country;                                     /* of first publication */
    const char *registration;                                /* number at a copyright office */
    const char *sha256;                                      /* of the work's file, in hex */
    const char *place, *date; /* of the statement; date is YYYY-MM-DD and must be stated */
    const char *signer;       /* who is going to sign the PDF; NULL: a line is left for a pen */
    const ko_buf *picture;    /* a JPEG (proof/picture.h) of */
    uint32_t width, height;   /* so many pixels */
    const char *software;     /* what made the PDF */
} ko_statement;

/* A rectangle of the last page, in points from its lower left. */
typedef struct ko_statement_box {
    double x, y, width, height;
} ko_statement_box;

/* Appends a PDF 1.4 to an empty out, and sets *out_box to where the signature belongs. The same
 * statement and fonts give the same bytes. KO_E_USAGE: not a date, or something that must be
 * stated is not. KO_E_LIMIT: a text is too long. KO_E_UNSUPPORTED: characters that no font has.
 * KO_E_NOMEM, also when out reaches its maximum. */
KO_NODISCARD ko_status ko_statement_pdf(const ko_statement *statement, ko_buf *out_pdf,
                                        ko_statement_box *out_box, ko_error *err);

#endif
