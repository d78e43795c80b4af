/* listing/columns.h - what the columns of a sheet hold, told by their names. */
#ifndef KO_LISTING_COLUMNS_H
#define KO_LISTING_COLUMNS_H

#include "base/limits.h"
#include "base/status.h"
#include "listing/remarks.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum ko_sheet_field {
    KO_FIELD_IGNORED = 0,
    KO_FIELD_URL,
    KO_FIELD_TITLE,
    KO_FIELD_OFFER, /* "listing", "item": URL, title or image, told row by row */
    KO_FIELD_SELLER,
    KO_FIELD_PRICE,
    KO_FIELD_CURRENCY,
    KO_FIELD_IMAGE, /* the only one that many columns may fill together */
    KO_FIELD_SERIAL,
    KO_FIELD_REGISTRATION,
    KO_FIELD_HOLDER,
    KO_FIELD_AUTHOR,
    KO_FIELD_KIND,
    KO_FIELD_COMPLETED_ON,
    KO_FIELD_PUBLISHED_IN,
    KO_FIELD_REGISTERED_IN,
    KO_FIELD_DESCRIPTION,
    KO_FIELD_PUBLISHED_ON,
    KO_FIELD_PUBLISHED_URL,
    KO_FIELD_THRESHOLD,
    KO_FIELD_COUNT,                /* up to here a row has one text of each */
    KO_FIELD_OWN = KO_FIELD_COUNT, /* of a sheet of listings: a column of the user's own */
    KO_FIELD_REMARK                /* and from here on KO_FIELD_REMARK + a ko_remark_kind */
} ko_sheet_field;

/* A table of names: for each field, normalised names separated by spaces, the surest
 * first. Ends with KO_FIELD_IGNORED. */
typedef struct ko_sheet_names {
    ko_sheet_field field;
    const char *label; /* for messages */
    const char *names;
} ko_sheet_names;

extern const ko_sheet_names ko_sheet_listing_names[];
extern const ko_sheet_names ko_sheet_work_names[];

typedef struct ko_sheet_column {
    char *name; /* as found; NULL for a column without a name */
    ko_sheet_field field;
    unsigned rank; /* of two columns for one field the lower rank goes first */
} ko_sheet_column;

/* The columns of one sheet, by position in a CSV file and as they appear in JSON. */
typedef struct ko_sheet_columns {
    const ko_sheet_names *names;
    ko_sheet_column column[KO_MAX_SHEET_COLUMNS];
    size_t count;
    bool artists;  /* has a column that only people keep who look for copies of their works */
    bool exported; /* has a column that only Knockoff writes, into tables for programs */
} ko_sheet_columns;

/* Whether what the rows say besides listings is kept, as remarks: they are of an artist's own
 * sheet. Else such columns are ignored: a table that a program wrote may have dozens. */
static inline bool ko_sheet_columns_keep(const ko_sheet_columns *columns)
{
    return columns->artists && !columns->exported;
}

static inline bool ko_sheet_is_remark(ko_sheet_field field)
{
    return field >= KO_FIELD_OWN;
}

/* The name of the remarks in a column of which that is true; borrowed. */
const char *ko_sheet_column_remark(const ko_sheet_column *column);

/* Says what a name means: case, accents, digits, punctuation and what stands in brackets
 * do not count, so "Bild 2", "BILD" and "Bild (Datei)" are one. KO_FIELD_IGNORED when it
 * means nothing. */
ko_sheet_field ko_sheet_name_field(const ko_sheet_names *names, const char *name,
                                   unsigned *out_rank);

/* Names the column at this index (below KO_MAX_SHEET_COLUMNS), once. In a sheet of listings a name
 * that means nothing is that of a column of the user's own; so is a second one for the same kind
 * of remark, as nothing that was written shall get lost. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_sheet_columns_set(ko_sheet_columns *columns, size_t index,
                                            const char *name, ko_error *err);

/* The index of a name, which is added if it is new; KO_MAX_SHEET_COLUMNS when there are too
 * many to add one more. Ignored ones get no more than half of the room. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_sheet_columns_index(ko_sheet_columns *columns, const char *name,
                                              size_t *out_index, ko_error *err);

void ko_sheet_columns_free(ko_sheet_columns *columns); /* keeps the table of names */

#endif
