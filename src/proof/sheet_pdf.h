/* proof/sheet_pdf.h - an evidence sheet: listings beside the work that they show, as a PDF.
 *
 * It begins with what it is about and a table of all listings; then each has its picture and what
 * is known of it, two on a page as a rule. What strangers wrote is cut where it is long, and what
 * no font has is replaced. */
#ifndef KO_PROOF_SHEET_PDF_H
#define KO_PROOF_SHEET_PDF_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ko_proof_sheet_fact {
    const char *name, *value;
    bool is_url; /* a click on it leads there, if it is one of http(s) */
} ko_proof_sheet_fact;

#define KO_PROOF_SHEET_FACTS 16

/* All is borrowed. Titles and notes are ours, the rest may be anybody's. */
typedef struct ko_proof_sheet_head {
    const char *title;    /* also of the document */
    const char *date;     /* YYYY-MM-DD, kept as when it was made */
    const char *software; /* what made it */
    const char *footer;   /* stands behind the number of each page */
    const ko_proof_sheet_fact *facts;
    size_t n_facts;
    const char *const *notes; /* paragraphs on how to read it */
    size_t n_notes;
} ko_proof_sheet_head;

typedef struct ko_proof_sheet ko_proof_sheet;

/* Begins a sheet that is written to an empty out, and ends with ko_proof_sheet_close.
 * KO_E_USAGE: not a date. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_proof_sheet_open(const ko_proof_sheet_head *head, ko_buf *out,
                                           ko_proof_sheet **out_sheet, ko_error *err);

/* Adds a row to the table; rows are numbered as they come. */
typedef struct ko_proof_sheet_row {
    const char *url, *seller, *chance; /* of a match without copying: "one photo in a million" */
} ko_proof_sheet_row;
KO_NODISCARD ko_status ko_proof_sheet_add_row(ko_proof_sheet *sheet, const ko_proof_sheet_row *row);

/* Adds a listing after all rows; they are numbered like them. */
typedef struct ko_proof_sheet_listing {
    const ko_buf *picture;  /* a JPEG; NULL: there is none */
    uint32_t width, height; /* of so many pixels */
    const ko_proof_sheet_fact *facts;
    size_t n_facts; /* at most KO_PROOF_SHEET_FACTS */
} ko_proof_sheet_listing;
KO_NODISCARD ko_status ko_proof_sheet_add(ko_proof_sheet *sheet,
                                          const ko_proof_sheet_listing *listing);

/* Ends a sheet that came to st so far. After an error, which is returned, out is empty. KO_E_NOMEM,
 * also when out reaches its maximum. */
KO_NODISCARD ko_status ko_proof_sheet_close(ko_proof_sheet *sheet, ko_status st);

#endif
