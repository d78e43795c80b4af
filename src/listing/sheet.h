/* listing/sheet.h - spreadsheets of listings and of works, read row by row.
 *
 * A sheet is a CSV file or JSON: one object a line, or one array of objects. It comes from
 * a person's own spreadsheet, so much is tolerated: any of four delimiters, the encodings
 * and line ends of common programs, column names in several languages (columns.c). What is
 * not understood is said, never guessed: a row that cannot be used costs itself alone and
 * gets one line of explanation. What an artist's own sheet says besides is handed on as remarks.
 *
 * The caller holds the bytes of the sheet; beyond them memory is needed for one row, and
 * for a converted copy when the sheet is not UTF-8. */
#ifndef KO_LISTING_SHEET_H
#define KO_LISTING_SHEET_H

#include "listing/listing.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum ko_sheet_kind {
    KO_SHEET_NONE = 0, /* binary, markup, a workbook, or empty */
    KO_SHEET_CSV,
    KO_SHEET_JSON
} ko_sheet_kind;

/* Tells the kind by content, from the first kilobytes. Any text that is neither JSON nor
 * markup counts as CSV: whether it has the columns shows when it is read. */
ko_sheet_kind ko_sheet_sniff(const void *bytes, size_t size);

/* What a sheet of works says of one work. Each text is "" when not stated, never NULL. */
typedef struct ko_sheet_work {
    char *serial; /* as written; of a work that is registered already */
    char *title, *registration, *holder, *author, *kind, *description;
    char *completed_on, *published_on;  /* YYYY, YYYY-MM or YYYY-MM-DD */
    char *published_in, *registered_in; /* countries, as written */
    char *published_url;
    bool has_threshold;
    double threshold; /* >= 0 */
    char **files;     /* local paths, joined to the sheet's folder */
    size_t n_files;   /* 0 only when there is a serial */
    size_t line;      /* 1-based */
} ko_sheet_work;

/* Where the contents of a sheet go. Records and texts are borrowed until the callback
 * returns; texts are clean (base/text.h) single lines. */
typedef struct ko_sheet_sink {
    void *context;
    /* A return other than KO_OK ends the reading with it. Only the one that is read for is
     * called. */
    ko_status (*on_listing)(void *context, const ko_listing *listing);
    ko_status (*on_work)(void *context, const ko_sheet_work *work);
    /* What is wrong with the row that begins at this line: it is left out, or only the
     * image that the text names. At most one a row. */
    void (*on_problem)(void *context, size_t line, const char *text);
    /* What concerns the whole sheet, such as "ignored columns: sku, sold". */
    void (*on_note)(void *context, const char *text);
} ko_sheet_sink;

typedef struct ko_sheet_counts {
    size_t records;  /* handed out */
    size_t left_out; /* rows that could not be used; blank ones are not counted */
} ko_sheet_counts;

/* Reads a sheet of listings. path is that of the sheet, for the folder that image paths
 * are relative to (the current one for a path without a folder); it is not opened.
 * A record is settled and has an URL or at least one image: a file, of which the caller tells
 * whether it exists, or a web address. URLs are http or https. out_counts may be NULL, and is
 * filled also when reading ends early. KO_E_FORMAT: empty, or it cannot be told which columns hold
 * URL and images. KO_E_UNSUPPORTED: not a sheet. KO_E_LIMIT: converted to UTF-8 it is too large.
 * KO_E_NOMEM. Rows handed out before an error stay handed out. */
KO_NODISCARD ko_status ko_sheet_read(const char *path, const void *bytes, size_t size,
                                     const ko_sheet_sink *sink, ko_sheet_counts *out_counts,
                                     ko_error *err);

/* The same for a sheet of works. A record has a serial or at least one file. */
KO_NODISCARD ko_status ko_sheet_read_works(const char *path, const void *bytes, size_t size,
                                           const ko_sheet_sink *sink, ko_sheet_counts *out_counts,
                                           ko_error *err);

#endif
