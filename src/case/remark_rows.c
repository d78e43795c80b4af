#include "case/remark_rows.h"

#include "base/alloc.h"
#include "store/remark.h"

#include <string.h>

static char no_text[] = ""; /* what is not said; never freed */

typedef struct reading {
    ko_remark_rows *rows;
    ko_error *err;
} reading;

static ko_status no_memory(ko_error *err)
{
    return ko_fail(err, KO_E_NOMEM, "no memory for the rows of a sheet");
}

/* The row that a remark is of: the last one, or a new one behind it. */
static ko_remark_row *row_of(ko_remark_rows *rows, const ko_remark *remark)
{
    ko_remark_row *last = rows->n ? &rows->row[rows->n - 1] : NULL;
    if (last && last->listing_id == remark->listing_id && strcmp(last->work, remark->work) == 0)
        return last;
    ko_remark_row *all = ko_grown(rows->row, rows->n, &rows->capacity, sizeof *all);
    char *work = ko_strdup(remark->work);
    if (all)
        rows->row = all;
    if (!all || !work) {
        ko_free(work);
        return NULL;
    }
    ko_remark_row *row = &all[rows->n++];
    *row = (ko_remark_row){.listing_id = remark->listing_id, .work = work};
    for (size_t i = 0; i < KO_REMARK_KINDS; i++)
        row->text[i] = no_text;
    return row;
}

/* The number of a column of the user's own, which is added when it is new; KO_E_NOMEM. */
static ko_status find_column(ko_remark_rows *rows, const char *name, size_t *out_column)
{
    size_t i = 0;
    while (i < rows->n_columns && strcmp(rows->column[i], name) != 0)
        i++;
    *out_column = i;
    if (i < rows->n_columns)
        return KO_OK;
    char **all = ko_grown(rows->column, i, &rows->columns_capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    rows->column = all;
    all[i] = ko_strdup(name);
    rows->n_columns += all[i] != NULL;
    return all[i] ? KO_OK : KO_E_NOMEM;
}

static ko_status add_own(ko_remark_rows *rows, ko_remark_row *row, const ko_remark *remark)
{
    ko_own_cell *own = ko_grown(row->own, row->n_own, &row->own_capacity, sizeof *own);
    if (!own)
        return KO_E_NOMEM;
    row->own = own;
    ko_own_cell *cell = &own[row->n_own];
    const ko_status st = find_column(rows, remark->name, &cell->column);
    if (st != KO_OK)
        return st;
    cell->text = ko_strdup(remark->text);
    row->n_own += cell->text != NULL;
    return cell->text ? KO_OK : KO_E_NOMEM;
}

static ko_status on_remark(void *context, const ko_remark *remark)
{
    const reading *r = context;
    ko_remark_row *row = row_of(r->rows, remark);
    if (!row)
        return no_memory(r->err);
    const ko_remark_kind kind = ko_remark_find(remark->name);
    if (kind == KO_REMARK_KINDS)
        return add_own(r->rows, row, remark) == KO_OK ? KO_OK : no_memory(r->err);
    char *text = ko_strdup(remark->text);
    if (!text)
        return no_memory(r->err);
    row->text[kind] = text;
    return KO_OK;
}

ko_status ko_remark_rows_read(ko_store *store, ko_remark_rows *out_rows, ko_error *err)
{
    *out_rows = (ko_remark_rows){0};
    reading r = {.rows = out_rows, .err = err};
    return ko_remark_each(store, 0, on_remark, &r, err);
}

static void clear_row(ko_remark_row *row)
{
    for (size_t i = 0; i < KO_REMARK_KINDS; i++)
        if (row->text[i] != no_text)
            ko_free(row->text[i]);
    for (size_t i = 0; i < row->n_own; i++)
        ko_free(row->own[i].text);
    ko_free(row->own);
    ko_free(row->work);
}

void ko_remark_rows_free(ko_remark_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        clear_row(&rows->row[i]);
    for (size_t i = 0; i < rows->n_columns; i++)
        ko_free(rows->column[i]);
    ko_free(rows->row);
    ko_free(rows->column);
    *rows = (ko_remark_rows){0};
}
