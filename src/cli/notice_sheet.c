#include "cli/notice_sheet.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/notice_verbs.h"
#include "listing/encoding.h"
#include "listing/rows.h"

#include <string.h>

#define NO_COLUMN ((size_t)-1)

typedef struct reading {
    const char *path;
    ko_problems *problems;
    ko_notice_sheet_fn *fn;
    void *context;
    bool has_header;
    size_t notice_column, ref_column;
    ko_error *err;
} reading;

/* The text in a column of a row; "" when there is none. */
static const char *cell_in(const ko_sheet_row *row, size_t column)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (row->cell[i].column == column)
            return ko_sheet_row_text(row, i);
    return "";
}

static ko_status read_header(reading *r, const ko_sheet_row *row)
{
    for (size_t i = 0; i < row->n_cells; i++) {
        const char *name = ko_sheet_row_text(row, i);
        if (ko_text_same(name, "notice"))
            r->notice_column = row->cell[i].column;
        else if (ko_text_same(name, "ref"))
            r->ref_column = row->cell[i].column;
    }
    r->has_header = true;
    if (r->notice_column == NO_COLUMN || r->ref_column == NO_COLUMN)
        return ko_fail(r->err, KO_E_FORMAT, "%s: its first row has not the columns notice and ref",
                       r->path);
    return KO_OK;
}

static ko_status read_row(reading *r, const ko_sheet_row *row, ko_error *why)
{
    int64_t id = 0;
    const char *number = cell_in(row, r->notice_column);
    if (row->problem.text[0])
        return ko_fail(why, row->problem.code, "%s", row->problem.text);
    if (!*number)
        return ko_fail(why, KO_E_FORMAT, "has no number of a notice");
    ko_status st = ko_notice_number(number, &id, why);
    if (st != KO_OK)
        return st;
    char *ref = ko_text_clean_dup(cell_in(row, r->ref_column));
    st = ref ? r->fn(r->context, id, ref, why) : ko_fail(why, KO_E_NOMEM, "a number");
    ko_free(ref);
    return st;
}

static ko_status on_row(void *context, ko_sheet_row *row)
{
    reading *r = context;
    ko_error why = {0};
    if (!r->has_header)
        return read_header(r, row);
    const ko_status st = read_row(r, row, &why);
    if (st != KO_OK && !ko_is_refusal(st))
        return ko_fail(r->err, st, "%s: line %zu: %s", r->path, row->line, why.text);
    if (st != KO_OK)
        ko_problem(r->problems, "%s: line %zu: %s", r->path, row->line, why.text);
    return KO_OK;
}

ko_status ko_notice_sheet_read(const char *path, ko_problems *problems, ko_notice_sheet_fn *fn,
                               void *context, ko_error *err)
{
    reading r = {.path = path,
                 .problems = problems,
                 .fn = fn,
                 .context = context,
                 .notice_column = NO_COLUMN,
                 .ref_column = NO_COLUMN,
                 .err = err};
    ko_buf bytes = KO_BUF(KO_MAX_NOTICE_SHEET_BYTES), converted = KO_BUF(KO_MAX_NOTICE_SHEET_BYTES);
    ko_sheet_text text;
    const ko_file_part all = {.path = path};
    ko_status st = ko_file_read_part(&all, &bytes, err);
    if (st == KO_OK)
        st = ko_sheet_decode(bytes.data ? bytes.data : "", bytes.size, &converted, &text, err);
    if (st == KO_OK)
        st = ko_sheet_rows_csv(text.text, text.size, on_row, &r, err);
    if (st == KO_OK && !r.has_header)
        st = ko_fail(err, KO_E_FORMAT, "%s: is empty", path);
    ko_buf_free(&bytes);
    ko_buf_free(&converted);
    return st;
}
