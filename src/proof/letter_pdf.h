/* proof/letter_pdf.h - a letter as a PDF, for those who take no text. */
#ifndef KO_PROOF_LETTER_PDF_H
#define KO_PROOF_LETTER_PDF_H

#include "base/buf.h"
#include "proof/statement.h"

typedef struct ko_letter_page {
    const char *text;     /* lines, cleaned; the first one is the heading, and title of the PDF */
    const char *date;     /* YYYY-MM-DD, kept as when it was made */
    const char *signer;   /* who is going to sign the PDF; NULL: no room is left for it */
    const char *software; /* what made it */
} ko_letter_page;

/* Appends a PDF of as many pages of A4 as it takes to an empty out, fonts embedded; *out_box is
 * where a signature belongs. The same letter and fonts give the same bytes. KO_E_USAGE: not a
 * date. KO_E_UNSUPPORTED: characters that no font has. KO_E_NOMEM, also when out reaches its
 * maximum. */
KO_NODISCARD ko_status ko_letter_pdf(const ko_letter_page *letter, ko_buf *out_pdf,
                                     ko_statement_box *out_box, ko_error *err);

#endif
