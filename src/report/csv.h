/* report/csv.h - tables for spreadsheets: CSV (RFC 4180), UTF-8, without a byte order mark.
 *
 * Texts of sellers end up in the artist's spreadsheet, where a cell that begins like a
 * formula would be run. Such cells get an apostrophe before them, which spreadsheets take
 * for "this is text". Plain numbers, also negative ones, are left alone. */
#ifndef KO_REPORT_CSV_H
#define KO_REPORT_CSV_H

#include "base/status.h"

#include <stdbool.h>
#include <stdio.h>

/* A table being written. Set file, the rest zero; the file stays the caller's. */
typedef struct ko_csv {
    FILE *file;
    bool in_row; /* a cell of this row is written */
    bool no_memory;
} ko_csv;

/* Writes one cell, cleaned (base/text.h); NULL is an empty one. What goes wrong is kept
 * for ko_csv_end. */
void ko_csv_cell(ko_csv *csv, const char *text);
void ko_csv_row_end(ko_csv *csv);

/* Flushes the file and says whether all of it was written: KO_E_IO (disk full, closed
 * pipe), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_csv_end(ko_csv *csv, ko_error *err);

#endif
