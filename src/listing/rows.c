#include "listing/rows.h"

#include "base/text.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static bool fits(ko_sheet_row *row, size_t column, const char *bytes, size_t n)
{
    if (n > KO_MAX_SHEET_FIELD)
        (void)ko_fail(&row->problem, KO_E_LIMIT, "cell of %zu bytes, limit %zu", n,
                      KO_MAX_SHEET_FIELD);
    else if (memchr(bytes, '\0', n))
        (void)ko_fail(&row->problem, KO_E_FORMAT, "a cell holds a NUL byte");
    else if (row->n_cells == KO_MAX_SHEET_COLUMNS || column >= KO_MAX_SHEET_COLUMNS)
        (void)ko_fail(&row->problem, KO_E_LIMIT, "more than %u cells", KO_MAX_SHEET_COLUMNS);
    return !row->problem.text[0];
}

ko_status ko_sheet_row_add(ko_sheet_row *row, size_t column, const char *bytes, size_t n,
                           ko_error *err)
{
    if (n == 0 || !fits(row, column, bytes, n))
        return KO_OK;
    const size_t start = row->text.size;
    char *copy = ko_buf_extend(&row->text, n + 1);
    if (!copy)
        return ko_fail(err, KO_E_NOMEM, "cells of line %zu", row->line);
    memcpy(copy, bytes, n);
    copy[n] = '\0';
    const char *trimmed = ko_text_trim(copy);
    if (!*trimmed) {
        row->text.size = start;
        return KO_OK;
    }
    row->cell[row->n_cells].column = column;
    row->cell[row->n_cells].start = start + (size_t)(trimmed - copy);
    row->n_cells++;
    return KO_OK;
}

char *ko_sheet_row_text(const ko_sheet_row *row, size_t i)
{
    assert(i < row->n_cells);
    return row->text.data + row->cell[i].start;
}

void ko_sheet_row_clear(ko_sheet_row *row)
{
    row->line = 0;
    row->n_cells = 0;
    row->problem.text[0] = '\0';
    ko_buf_clear(&row->text);
}

void ko_sheet_row_free(ko_sheet_row *row)
{
    ko_buf_free(&row->text);
}

size_t ko_sheet_line_end(const char *text, size_t size, size_t at)
{
    while (at < size && text[at] != '\n' && text[at] != '\r')
        at++;
    if (at < size && text[at++] == '\r' && at < size && text[at] == '\n')
        at++;
    return at;
}
