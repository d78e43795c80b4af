/* cli/notice_sheet.h - the platform's numbers of many notices, as a sheet: notice,ref. */
#ifndef KO_CLI_NOTICE_SHEET_H
#define KO_CLI_NOTICE_SHEET_H

#include "base/status.h"
#include "scan/problems.h"

#include <stdint.h>

/* A row: ref is clean text, "" when there is none, borrowed. What is wrong with it is said with its
 * line; what is wrong with more than it (ko_is_refusal) ends the reading. */
typedef ko_status ko_notice_sheet_fn(void *context, int64_t notice_id, const char *ref,
                                     ko_error *err);

/* Reads a CSV file, "-" for standard input. Its first row names the columns, "notice" and "ref";
 * what else it has is passed over. A bad row is a problem with its line, and the rest goes on.
 * KO_E_FORMAT: it has not these columns. KO_E_NOT_FOUND, KO_E_IO, KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_notice_sheet_read(const char *path, ko_problems *problems,
                                            ko_notice_sheet_fn *fn, void *context, ko_error *err);

#endif
