/* proof/sign_line.h - the end of a document, where it is signed. */
#ifndef KO_PROOF_SIGN_LINE_H
#define KO_PROOF_SIGN_LINE_H

#include "proof/document.h"
#include "proof/statement.h"

/* Draws two ruled lines at y: one for place (may be NULL or "") and date, one for the signature,
 * with the name of who is going to sign the PDF (NULL or "": it is left to a pen). *out_box is
 * where that signature belongs. KO_E_UNSUPPORTED, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_sign_line(ko_document *document, const char *place, const char *date,
                                    const char *signer, ko_statement_box *out_box);

#endif
