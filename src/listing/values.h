/* listing/values.h - cells of a sheet made into URLs, dates, numbers and paths.
 *
 * Texts are trimmed already. What is wrong with one is written to why, for the person
 * whose sheet it is: KO_E_FORMAT and KO_E_LIMIT speak of the cell, KO_E_NOMEM of us. */
#ifndef KO_LISTING_VALUES_H
#define KO_LISTING_VALUES_H

#include "base/file.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* True for http://, https:// and www. addresses. */
bool ko_sheet_is_web(const char *text);

/* Checks an http or https URL (platform/url.h) without spaces and control characters;
 * "www.x.com" and "x.com/y" get https:// put before them, and nothing else is changed. label
 * names the column in messages. Free *out_url with ko_free. */
KO_NODISCARD ko_status ko_sheet_url(const char *label, const char *text, char **out_url,
                                    ko_error *why);

#define KO_SHEET_DATE_SIZE 11 /* "2026-11-21" and a zero */

/* Reads YYYY, YYYY-MM, YYYY-MM-DD (also with slashes or dots, and with a time behind it,
 * which is dropped), DD.MM.YYYY, and MM/DD/YYYY or DD/MM/YYYY where only one of them is a
 * date. */
KO_NODISCARD ko_status ko_sheet_date(const char *text, char out_date[KO_SHEET_DATE_SIZE],
                                     ko_error *why);

/* Reads a number such as 6 or 7.5 or 7,5, not negative, below a million, whatever the
 * locale. */
KO_NODISCARD ko_status ko_sheet_decimal(const char *text, double *out_number, ko_error *why);

/* Adds the local path that a cell names: relative to folder, absolute, or a file:// URL.
 * Backslashes become slashes when there is a file only under that name. */
KO_NODISCARD ko_status ko_sheet_path(const char *folder, const char *text, ko_paths *paths,
                                     ko_error *why);

/* True when a cell names a regular file that exists. */
bool ko_sheet_is_file(const char *folder, const char *text);

/* True for a name that ends like a picture file's. */
bool ko_sheet_is_picture_name(const char *text, size_t n);

/* A cell that may hold several paths. Set rest to its text, the other to NULL. */
typedef struct ko_sheet_path_list {
    char *rest;           /* NULL: nothing is left */
    const char *list_end; /* up to here commas and semicolons separate, too */
} ko_sheet_path_list;

/* Cuts the next path or web address off, in place; NULL when there is none left. Line breaks
 * and pipes separate; commas and semicolons only where everything between them is a picture's
 * name, or where, as behind a blank, another web address follows one. */
char *ko_sheet_next_path(ko_sheet_path_list *list);

#endif
