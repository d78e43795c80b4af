#include "cli/table_file.h"

#include "base/alloc.h"
#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static ko_status write_table(const ko_table_file *table, FILE *file, size_t *out_rows,
                             ko_error *err)
{
    ko_csv csv = {.file = file};
    for (const char *const *column = table->columns; *column; column++)
        ko_csv_cell(&csv, *column);
    ko_csv_row_end(&csv);
    const ko_status st = table->rows(table->context, &csv, out_rows, err);
    return st == KO_OK ? ko_csv_end(&csv, err) : st;
}

static ko_status write_to(const ko_table_file *table, const char *path, size_t *out_rows,
                          ko_error *err)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    ko_status st = write_table(table, file, out_rows, err);
    ko_error_prefix(err, path);
    if (fclose(file) != 0 && st == KO_OK)
        st = ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    return st;
}

ko_status ko_table_file_write(const ko_table_file *table, const char *folder, char **out_path,
                              ko_error *err)
{
    size_t rows = 0;
    char *path = ko_path_join(folder, table->name);
    *out_path = NULL;
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", table->name);
    ko_status st = ko_folder_make(folder, err);
    if (st == KO_OK)
        st = write_to(table, path, &rows, err);
    if (st != KO_OK || rows == 0) {
        (void)unlink(path);
        ko_free(path);
        return st;
    }
    *out_path = path;
    return KO_OK;
}
