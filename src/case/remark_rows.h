/* case/remark_rows.h - the rows of the artist's own sheet, as their remarks were kept. */
#ifndef KO_CASE_REMARK_ROWS_H
#define KO_CASE_REMARK_ROWS_H

#include "listing/remarks.h"
#include "store/store.h"

/* A cell in a column of the user's own. */
typedef struct ko_own_cell {
    size_t column;
    char *text;
} ko_own_cell;

/* What was said of one listing and one work. */
typedef struct ko_remark_row {
    int64_t listing_id;
    char *work;                  /* as the sheet names it; "": it does not say */
    char *text[KO_REMARK_KINDS]; /* "" when not said */
    ko_own_cell *own;
    size_t n_own, own_capacity;
} ko_remark_row;

/* Owns all its texts. */
typedef struct ko_remark_rows {
    ko_remark_row *row; /* by listing, then work */
    size_t n, capacity;
    char **column; /* names of the user's own, in the order in which rows have them */
    size_t n_columns, columns_capacity;
} ko_remark_rows;

/* Reads all that are kept. KO_E_NOMEM. Free with ko_remark_rows_free, also after an error. */
KO_NODISCARD ko_status ko_remark_rows_read(ko_store *store, ko_remark_rows *out_rows,
                                           ko_error *err);
void ko_remark_rows_free(ko_remark_rows *rows);

#endif
