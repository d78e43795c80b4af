/* case/evidence_sheet.h - the listings of a notice side by side with the work, as one PDF. */
#ifndef KO_CASE_EVIDENCE_SHEET_H
#define KO_CASE_EVIDENCE_SHEET_H

#include "base/buf.h"
#include "scan/problems.h"
#include "store/notice.h"

/* Appends a PDF to an empty out, whose maximum KO_MAX_EVIDENCE_PDF_BYTES suits: a first page says
 * what the notice is about and lists all its items; then each of them (of those in states, as bits;
 * 0: all) has what report/exhibit.h draws, and in words its URL, title, seller, when it was seen,
 * score and digests. These are what is known now; where the notice rests on other pictures, that
 * is said, too. An item whose pictures cannot be read again is a problem, and has its words alone.
 * The same notice and files give the same bytes. KO_E_NOT_FOUND: no such notice. KO_E_STOPPED: the
 * user asked to stop. KO_E_NOMEM, also when out reaches its maximum. After an error out is empty.
 */
KO_NODISCARD ko_status ko_evidence_sheet(ko_store *store, int64_t notice_id, unsigned states,
                                         const char *software, ko_problems *problems,
                                         ko_buf *out_pdf, ko_error *err);

#endif
