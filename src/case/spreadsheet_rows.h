/* case/spreadsheet_rows.h - the rows of the artist's sheet, and all that is known for each.
 *
 * Private to case/spreadsheet.c. */
#ifndef KO_CASE_SPREADSHEET_ROWS_H
#define KO_CASE_SPREADSHEET_ROWS_H

#include "case/remark_rows.h"
#include "case/work_names.h"
#include "store/candidate.h"
#include "store/notice.h"

typedef struct ko_row_candidate {
    int64_t listing_id, work_id;
    ko_candidate_state state;
    int64_t found_at;
    ko_method method;
} ko_row_candidate;

/* The last item about a listing and work, with texts of its own as the listing may be gone. */
typedef struct ko_row_item {
    int64_t id, notice_id, listing_id, work_id;
    char *url, *item, *platform, *seller, *seller_id, *title, *work_title, *channel, *reason, *ref;
    ko_notice_state state;
    ko_day state_on;
    unsigned told;                    /* states that a person told it to be in, as bits */
    ko_day told_on[KO_NOTICE_STATES]; /* of these */
} ko_row_item;

/* What is not known of a row is NULL. */
typedef struct ko_spreadsheet_row {
    int64_t listing_id, work_id; /* 0: not known */
    const ko_work_name *work;
    const ko_remark_row *remarks;
    const ko_row_candidate *candidate;
    const ko_row_item *item;
} ko_spreadsheet_row;

typedef struct ko_spreadsheet_rows {
    ko_spreadsheet_row *row; /* by listing, then work; of one listing those of unknown works last */
    size_t n, capacity;
    ko_remark_rows remarks;
    ko_work_names works;
    ko_row_candidate *candidate;
    size_t n_candidates, candidates_capacity;
    ko_row_item *item;
    size_t n_items, items_capacity;
} ko_spreadsheet_rows;

/* A row for each listing and work that is a candidate (decided, or above the threshold, or with
 * all any), in a notice, or in the sheet. KO_E_NOMEM. Free with ko_spreadsheet_rows_free, also
 * after an error. */
KO_NODISCARD ko_status ko_spreadsheet_rows_read(ko_store *store, bool all,
                                                ko_spreadsheet_rows *out_rows, ko_error *err);
void ko_spreadsheet_rows_free(ko_spreadsheet_rows *rows);

/* What the row calls its work; "" when nothing does. Borrowed. */
const char *ko_spreadsheet_row_work(const ko_spreadsheet_row *row);

#endif
