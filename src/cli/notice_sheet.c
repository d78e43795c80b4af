#include "cli/notice_sheet.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/notice_verbs.h"
#include "listing/encoding.h"
#include "listing/rows.h"
#include "listing/values.h"

#include <string.h>

#define NO_COLUMN ((size_t)-1)

enum { NOTICE, REF, ON, COLUMNS };
static const char *const names[COLUMNS] = {"notice", "ref", "on"};

typedef struct reading {
    const char *path;
    ko_problems *problems;
    ko_notice_row_fn *fn;
    void *context;
    bool has_header;
    size_t column[COLUMNS];
    size_t n_silent;
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
    for (size_t i = 0; i < row->n_cells; i++)
        for (size_t k = 0; k < COLUMNS; k++)
            if (ko_text_same(ko_sheet_row_text(row, i), names[k]))
                r->column[k] = row->cell[i].column;
    r->has_header = true;
    if (r->column[NOTICE] == NO_COLUMN || r->column[REF] == NO_COLUMN)
        return ko_fail(r->err, KO_E_FORMAT, "%s: its first row has not the columns notice and ref",
                       r->path);
    return KO_OK;
}

/* Programs of spreadsheets write days in their own ways. */
static ko_status read_day(const char *text, ko_notice_row *out, ko_error *why)
{
    char date[KO_SHEET_DATE_SIZE];
    const ko_status st = ko_sheet_date(text, date, why);
    out->has_day = true;
    if (st == KO_OK && !ko_day_read(date, &out->on))
        return ko_fail(why, KO_E_FORMAT, "'%.40s' is not a whole day", text);
    return st;
}

static ko_status read_row(reading *r, const ko_sheet_row *row, ko_error *why)
{
    const char *number = cell_in(row, r->column[NOTICE]);
    const char *ref = cell_in(row, r->column[REF]), *on = cell_in(row, r->column[ON]);
    ko_notice_row read = {0};
    if (row->problem.text[0])
        return ko_fail(why, row->problem.code, "%s", row->problem.text);
    if (!*ref && !*on) {
        r->n_silent++;
        return KO_OK;
    }
    if (!*number)
        return ko_fail(why, KO_E_FORMAT, "has no number of a notice");
    ko_status st = ko_notice_number(number, &read.notice_id, why);
    if (st == KO_OK && *on)
        st = read_day(on, &read, why);
    if (st != KO_OK)
        return st;
    char *clean = ko_text_clean_dup(ref);
    read.ref = clean;
    st = clean ? r->fn(r->context, &read, why) : ko_fail(why, KO_E_NOMEM, "a number");
    ko_free(clean);
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

ko_status ko_notice_sheet_read(const char *path, ko_problems *problems, ko_notice_row_fn *fn,
                               void *context, size_t *out_n_silent, ko_error *err)
{
    reading r = {.path = path,
                 .problems = problems,
                 .fn = fn,
                 .context = context,
                 .column = {NO_COLUMN, NO_COLUMN, NO_COLUMN},
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
    *out_n_silent = r.n_silent;
    ko_buf_free(&bytes);
    ko_buf_free(&converted);
    return st;
}
