/* notice/vero.h - a notice as eBay's VeRO interface takes it (createVeroReport).
 *
 * Fields and lengths are those of ReportItemDetails, developer.ebay.com/api-docs/commerce/vero,
 * read on 2026-11-22. That is version 1, which ended on 2026-09-30; version 2 reports listings by
 * reportVeroViolations, whose fields could not be looked up. Hold the result against the
 * documentation before it is sent. */
#ifndef KO_NOTICE_VERO_H
#define KO_NOTICE_VERO_H

#include "base/buf.h"
#include "notice/pack.h"

#include <stdbool.h>

#define KO_VERO_BRAND_CHARACTERS 50
#define KO_VERO_MESSAGE_CHARACTERS 1000 /* to the seller, and in detail */

typedef struct ko_vero_report {
    const char *reason_code;       /* veroReasonCodeId: "9052" */
    const char *brand;             /* this and the messages: NULL or "" for none */
    const char *message_to_seller; /* goes to the seller */
    const char *detailed_message;  /* to eBay; required for the codes of "other" */
    bool no_copy;                  /* of the notice, by mail to the owner */
} ko_vero_report;

/* Appends JSON that reports all items of the notice. Texts are cleaned (base/text.h).
 * KO_E_LIMIT: a text is too long; KO_E_NOT_FOUND: an item without a number, no code, or no message
 * where the code asks for one; KO_E_NOMEM. */
KO_NODISCARD ko_status ko_vero_write(const ko_pack_notice *notice, const ko_vero_report *report,
                                     ko_buf *out, ko_error *err);

#endif
