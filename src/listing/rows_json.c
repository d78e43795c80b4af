/* Each object is found first, by its line or by its brackets, and then parsed by itself: so
 * memory is needed for one, and a broken one does not take the others with it. */
#include "listing/rows.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MAX_NESTING 3 /* of the values that are looked at: {"offer": {"price": {"value": 1}}} */
#define KEY_SIZE 256  /* of a name such as "offer price value"; longer ones are cut */

typedef struct json_reader {
    ko_sheet_row row;
    ko_sheet_columns *columns;
    ko_sheet_row_fn *fn;
    void *context;
    ko_error *err;
} json_reader;

/* Looks up the column of a value that stands so deep in lists and objects: what a user's own column
 * holds is a plain value of its own. */
static ko_status find_column(json_reader *reader, const char *name, unsigned nesting,
                             size_t *out_index)
{
    ko_sheet_columns *columns = reader->columns;
    const ko_status st = ko_sheet_columns_index(columns, name, out_index, reader->err);
    if (st == KO_OK && *out_index < KO_MAX_SHEET_COLUMNS && nesting > 1 &&
        columns->column[*out_index].field == KO_FIELD_OWN)
        columns->column[*out_index].field = KO_FIELD_IGNORED;
    return st;
}

static bool is_ignored(const ko_sheet_columns *columns, size_t index)
{
    const ko_sheet_field field = columns->column[index].field;
    return field == KO_FIELD_IGNORED ||
           (ko_sheet_is_remark(field) && !ko_sheet_columns_keep(columns));
}

static ko_status add_scalar(json_reader *reader, const char *name, const json_t *value,
                            unsigned nesting)
{
    size_t column = 0;
    const ko_status st = find_column(reader, name, nesting, &column);
    if (st != KO_OK || column == KO_MAX_SHEET_COLUMNS || is_ignored(reader->columns, column))
        return st;
    if (json_is_string(value))
        return ko_sheet_row_add(&reader->row, column, json_string_value(value),
                                json_string_length(value), reader->err);
    char text[64];
    const size_t n =
        json_dumpb(value, text, sizeof text, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    return ko_sheet_row_add(&reader->row, column, text, n < sizeof text ? n : 0, reader->err);
}

static ko_status add_value(json_reader *reader, const char *name, json_t *value, unsigned nesting)
{
    ko_status st = KO_OK;
    if (nesting > MAX_NESTING || json_is_null(value))
        return KO_OK;
    if (json_is_array(value)) {
        for (size_t i = 0; st == KO_OK && i < json_array_size(value); i++)
            st = add_value(reader, name, json_array_get(value, i), nesting + 1);
        return st;
    }
    if (!json_is_object(value))
        return add_scalar(reader, name, value, nesting);
    for (void *at = json_object_iter(value); st == KO_OK && at;
         at = json_object_iter_next(value, at)) {
        char inner[KEY_SIZE];
        (void)snprintf(inner, sizeof inner, "%s%s%s", name, *name ? " " : "",
                       json_object_iter_key(at));
        st = add_value(reader, inner, json_object_iter_value(at), nesting + 1);
    }
    return st;
}

/* Names the columns of the first object before its values are looked at: which are kept is told by
 * all of them. */
static ko_status name_columns(json_reader *reader, json_t *object)
{
    ko_status st = KO_OK;
    const char *name;
    json_t *value;
    if (reader->columns->count > 0)
        return KO_OK;
    json_object_foreach(object, name, value)
    {
        size_t column = 0;
        if (st == KO_OK && json_is_string(value))
            st = find_column(reader, name, 1, &column);
    }
    return st;
}

/* Hands out the object that stands in n bytes; anything else there is a problem. */
static ko_status read_object(json_reader *reader, const char *bytes, size_t n, size_t line)
{
    ko_sheet_row *row = &reader->row;
    row->line = line;
    ko_status st = KO_OK;
    json_t *object = NULL;
    json_error_t why;
    if (n > KO_MAX_SHEET_ROW)
        (void)ko_fail(&row->problem, KO_E_LIMIT, "object of %zu bytes, limit %zu", n,
                      KO_MAX_SHEET_ROW);
    else if (!(object = json_loadb(bytes, n, JSON_DECODE_ANY, &why)))
        (void)ko_fail(&row->problem, KO_E_FORMAT, "not JSON: %s", why.text);
    else if (!json_is_object(object))
        (void)ko_fail(&row->problem, KO_E_FORMAT, "not a JSON object");
    else
        st = name_columns(reader, object);
    if (st == KO_OK && !row->problem.text[0])
        st = add_value(reader, "", object, 0);
    json_decref(object);
    if (st == KO_OK)
        st = reader->fn(reader->context, row);
    ko_sheet_row_clear(row);
    return st;
}

static size_t skip_blanks(const char *text, size_t size, size_t at)
{
    while (at < size && text[at] && strchr(" \t\r\n", text[at]))
        at++;
    return at;
}

static ko_status read_lines(json_reader *reader, const char *text, size_t size)
{
    ko_status st = KO_OK;
    size_t line = 1;
    for (size_t at = 0; st == KO_OK && at < size; line++) {
        const size_t end = ko_sheet_line_end(text, size, at);
        if (skip_blanks(text, end, at) < end)
            st = read_object(reader, text + at, end - at, line);
        at = end;
    }
    return st;
}

/* Where the element of an array that begins at text[at] ends: at the comma or bracket after
 * it, or with the text. */
static size_t element_end(const char *text, size_t size, size_t at)
{
    size_t depth = 0;
    bool quoted = false;
    for (; at < size; at++) {
        const char c = text[at];
        if (quoted) {
            if (c == '\\')
                at++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
            return at;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return size;
}

static size_t count_lines(const char *text, size_t from, size_t to)
{
    size_t lines = 0;
    while (from < to) {
        const size_t end = ko_sheet_line_end(text, to, from);
        lines += text[end - 1] == '\n' || text[end - 1] == '\r';
        from = end;
    }
    return lines;
}

/* Reads the elements of the array whose bracket is text[open]. */
static ko_status read_array(json_reader *reader, const char *text, size_t size, size_t open)
{
    ko_status st = KO_OK;
    size_t line = 1, counted = 0, at = open;
    bool closed = false;
    while (st == KO_OK && at < size && !closed) {
        const size_t begin = skip_blanks(text, size, at + 1);
        line += count_lines(text, counted, begin);
        counted = begin;
        const size_t end = element_end(text, size, begin);
        if (begin < end)
            st = read_object(reader, text + begin, end - begin, line);
        closed = end < size && text[end] == ']';
        at = end;
    }
    if (st != KO_OK || (closed && skip_blanks(text, size, at + 1) == size))
        return st;
    reader->row.line = line;
    (void)ko_fail(&reader->row.problem, KO_E_FORMAT, "%s",
                  closed ? "text after the end of the array" : "the array is never closed");
    return reader->fn(reader->context, &reader->row);
}

ko_status ko_sheet_rows_json(const char *text, size_t size, ko_sheet_columns *columns,
                             ko_sheet_row_fn *fn, void *context, ko_error *err)
{
    json_reader reader = {
        .row = KO_SHEET_ROW, .columns = columns, .fn = fn, .context = context, .err = err};
    const size_t start = skip_blanks(text, size, 0);
    const ko_status st = start < size && text[start] == '[' ? read_array(&reader, text, size, start)
                                                            : read_lines(&reader, text, size);
    ko_sheet_row_free(&reader.row);
    return st;
}
