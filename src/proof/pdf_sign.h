/* proof/pdf_sign.h - a signature in a PDF that we have written. */
#ifndef KO_PROOF_PDF_SIGN_H
#define KO_PROOF_PDF_SIGN_H

#include "proof/signer.h"
#include "proof/statement.h"

/* Adds a signature field in a box of the last page to a PDF as ko_statement_pdf gives it, as an
 * incremental update (ISO 32000-1, sections 7.5.6 and 12.8): what was there stays as it is, byte
 * for byte, and all but the signature itself is signed. at: the time of signing, in seconds since
 * 1970. KO_E_FORMAT: not such a PDF. KO_E_LIMIT: a signature beyond KO_MAX_SIGNATURE_BYTES.
 * KO_E_NOMEM, also when pdf reaches its maximum. After an error pdf is empty. */
KO_NODISCARD ko_status ko_pdf_sign(ko_buf *pdf, const ko_statement_box *box,
                                   const ko_signer *signer, int64_t at, ko_error *err);

#endif
