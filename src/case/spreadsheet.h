/* case/spreadsheet.h - everything out as one sheet such as artists keep by hand.
 *
 * It has the columns of listing/remarks.h with those of the listing, and then the user's own. What
 * is known here goes before what the sheet said when it came in; what only that said stays, and so
 * does a word of the user's that means what is known. Read again (listing/sheet.h, case/past.h)
 * with the same works, it gives the same sheet. */
#ifndef KO_CASE_SPREADSHEET_H
#define KO_CASE_SPREADSHEET_H

#include "case/kit.h"
#include "report/export.h"

typedef struct ko_spreadsheet_options {
    const ko_kit *kit;
    ko_day today;
    ko_export_format format;
    bool all; /* also candidates below the threshold */
} ko_spreadsheet_options;

/* Writes it to file. KO_E_IO: not all of it could be written. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_spreadsheet_write(ko_store *store, const ko_spreadsheet_options *options,
                                            FILE *file, ko_error *err);

#endif
