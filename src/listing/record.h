/* listing/record.h - one row of a sheet made into a record. */
#ifndef KO_LISTING_RECORD_H
#define KO_LISTING_RECORD_H

#include "listing/columns.h"
#include "listing/rows.h"
#include "listing/sheet.h"

#include "base/file.h"

#include <stdbool.h>

/* What the cells of a row say, sorted by field. Texts are borrowed from the row. */
typedef struct ko_sheet_values {
    const char *text[KO_FIELD_COUNT]; /* "" when not stated */
    unsigned rank[KO_FIELD_COUNT];
    ko_paths images; /* of all image columns, in order: local paths and http URLs */
    size_t n_named;  /* images in all, usable or not */
    /* Where the image of the same number is on the web, when that stands apart; else NULL. */
    const char *image_url[KO_MAX_LISTING_IMAGES];
    struct {
        const char *name, *text;
    } remark[KO_MAX_SHEET_COLUMNS];
    size_t n_remarks;
    ko_error image_problem; /* text[0] != '\0': what is wrong with one that is left out */
} ko_sheet_values;

/* Sorts the cells of a row. Image paths are joined to folder; with_web tells whether images may
 * be web addresses, too. KO_E_FORMAT when the row has cells beyond the last column; KO_E_NOMEM.
 * In any case free with ko_sheet_values_free. */
KO_NODISCARD ko_status ko_sheet_values_sort(ko_sheet_values *values,
                                            const ko_sheet_columns *columns, ko_sheet_row *row,
                                            const char *folder, bool with_web, ko_error *why);
void ko_sheet_values_free(ko_sheet_values *values);

/* Makes a record (a listing settled), to be freed whatever is returned; a work takes the images
 * out of values.
 * KO_E_FORMAT and KO_E_LIMIT: why says what is wrong with the row. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_sheet_make_listing(const ko_sheet_values *values, ko_listing *out_listing,
                                             ko_error *why);
KO_NODISCARD ko_status ko_sheet_make_work(ko_sheet_values *values, ko_sheet_work *out_work,
                                          ko_error *why);
void ko_sheet_work_free(ko_sheet_work *work);

#endif
