/* cli/table_file.h - tables that a command leaves in a folder for the user's spreadsheet. */
#ifndef KO_CLI_TABLE_FILE_H
#define KO_CLI_TABLE_FILE_H

#include "report/csv.h"

#include <stddef.h>

typedef struct ko_table_file {
    const char *name;           /* "left-out.csv" */
    const char *const *columns; /* NULL ends them */
    /* Writes the rows, and sets *out_rows to how many they are. */
    ko_status (*rows)(const void *context, ko_csv *csv, size_t *out_rows, ko_error *err);
    const void *context;
} ko_table_file;

/* Writes a table into a folder, which is made, in place of an older one; without rows there is none
 * afterwards. *out_path is NULL then, else to be freed with ko_free. KO_E_IO, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_table_file_write(const ko_table_file *table, const char *folder,
                                           char **out_path, ko_error *err);

#endif
