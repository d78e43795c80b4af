/* listing/rows.h - the text of a sheet, cut into rows of cells.
 *
 * Both readers hand out rows one at a time, each with its faults: a row that is damaged
 * carries a problem instead of cells, and reading goes on behind it. */
#ifndef KO_LISTING_ROWS_H
#define KO_LISTING_ROWS_H

#include "base/buf.h"
#include "base/limits.h"
#include "listing/columns.h"

/* Cells of one row that are not empty, in order of appearance. */
typedef struct ko_sheet_row {
    size_t line; /* 1-based, where it begins; 0 between rows */
    size_t n_cells;
    struct {
        size_t column; /* by position (CSV) or index of the key's name (JSON) */
        size_t start;  /* of its zero-terminated text in text.data */
    } cell[KO_MAX_SHEET_COLUMNS];
    ko_buf text;
    ko_error problem; /* text[0] != '\0': why the row cannot be used */
} ko_sheet_row;

#define KO_MAX_SHEET_ROW (KO_MAX_SHEET_COLUMNS * (KO_MAX_SHEET_FIELD + 1))
#define KO_SHEET_ROW ((ko_sheet_row){.text = KO_BUF(KO_MAX_SHEET_ROW)})

/* Adds a copy of n bytes as a cell, white space off both ends, nothing for an empty one.
 * A cell that is too long or holds a NUL, and one too many, becomes the row's problem.
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_sheet_row_add(ko_sheet_row *row, size_t column, const char *bytes,
                                        size_t n, ko_error *err);
/* The text of cell i, until the next cell is added. */
char *ko_sheet_row_text(const ko_sheet_row *row, size_t i);
void ko_sheet_row_clear(ko_sheet_row *row);
void ko_sheet_row_free(ko_sheet_row *row);

/* Receives a row, which it may alter; a return other than KO_OK ends the reading. */
typedef ko_status ko_sheet_row_fn(void *context, ko_sheet_row *row);

/* Comma, semicolon, tab or pipe, whichever stands most often in the first line; a first
 * line "sep=;" as some spreadsheets write it decides instead and is skipped. Blank rows are
 * not handed out. A quote that is never closed, or only after KO_MAX_SHEET_FIELD bytes,
 * costs the line that it is on; after KO_MAX_SHEET_RESTARTS of them the sheet is given up
 * with KO_E_FORMAT. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_sheet_rows_csv(const char *text, size_t size, ko_sheet_row_fn *fn,
                                         void *context, ko_error *err);

/* One object a line, or one array of objects. Keys are looked up in columns and added to
 * them; values of ignored ones are skipped. The elements of an array are cells of one
 * column; a key inside an object is known as "outer inner". Scalars are given as text,
 * null as nothing. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_sheet_rows_json(const char *text, size_t size, ko_sheet_columns *columns,
                                          ko_sheet_row_fn *fn, void *context, ko_error *err);

/* Where the line that begins at text[at] ends, its line end (LF, CRLF, CR) included. */
size_t ko_sheet_line_end(const char *text, size_t size, size_t at);

#endif
