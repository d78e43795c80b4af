/* cli/notice_sheet.h - the platform's numbers of many notices, as a sheet: notice,ref,on. */
#ifndef KO_CLI_NOTICE_SHEET_H
#define KO_CLI_NOTICE_SHEET_H

#include "base/day.h"
#include "base/status.h"
#include "scan/problems.h"

/* A row that says something. Borrowed. */
typedef struct ko_notice_row {
    int64_t notice_id;
    const char *ref; /* clean; "" when there is none */
    bool has_day;
    ko_day on;
} ko_notice_row;

/* What is wrong with a row is said with its line; what is wrong with more than it (ko_is_refusal)
 * ends the reading. */
typedef ko_status ko_notice_row_fn(void *context, const ko_notice_row *row, ko_error *err);

/* Reads a CSV file, "-" for standard input. Its first row names the columns: notice, ref and, if it
 * likes, on; others mean nothing. A row with neither number nor day says nothing yet and is only
 * counted. A bad row is a problem with its line, and the rest goes on. KO_E_FORMAT: the columns are
 * not there. KO_E_NOT_FOUND, KO_E_IO, KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_notice_sheet_read(const char *path, ko_problems *problems,
                                            ko_notice_row_fn *fn, void *context,
                                            size_t *out_n_silent, ko_error *err);

#endif
