/* One way for every sheet: bytes to text (encoding), text to rows (rows_csv, rows_json),
 * cells to fields by their column's name (columns), fields to a record (record). Listings
 * and works differ by a table of names and by the record that is made. */
#include "listing/sheet.h"

#include "base/alloc.h"
#include "base/text.h"
#include "listing/encoding.h"
#include "listing/record.h"
#include "listing/values.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

typedef struct sheet_reader sheet_reader;

/* What differs between a sheet of listings and one of works. */
typedef struct record_kind {
    const ko_sheet_names *names;
    ko_sheet_field keys[3]; /* without a column for one of them no record can be made */
    const char *wanted;     /* the same for messages */
    bool with_web;          /* images may be web addresses */
    ko_status (*hand_out)(sheet_reader *reader, ko_sheet_values *values, size_t line);
} record_kind;

struct sheet_reader {
    const record_kind *kind;
    const ko_sheet_sink *sink;
    char *folder;
    ko_sheet_columns columns;
    bool columns_known;
    ko_sheet_counts counts;
    ko_error *err;
};

/* --- rows to records --- */

/* Tells what is wrong with a row, in clean text. */
static ko_status tell_problem(sheet_reader *reader, size_t line, const char *what)
{
    char *text = ko_text_clean_dup(what);
    if (!text)
        return ko_fail(reader->err, KO_E_NOMEM, "line %zu: no memory for a message", line);
    reader->sink->on_problem(reader->sink->context, line, text);
    ko_free(text);
    return KO_OK;
}

static ko_status leave_out(sheet_reader *reader, size_t line, const ko_error *why)
{
    if (why->code == KO_E_NOMEM)
        return ko_fail(reader->err, KO_E_NOMEM, "line %zu: %s", line, why->text);
    reader->counts.left_out++;
    return tell_problem(reader, line, why->text);
}

/* Counts a record and, once it is handed out, tells which of its images is not in it. */
static ko_status handed_out(sheet_reader *reader, const ko_sheet_values *values, size_t line,
                            ko_status st)
{
    reader->counts.records++;
    if (st == KO_OK && values->image_problem.text[0])
        st = tell_problem(reader, line, values->image_problem.text);
    return st;
}

static ko_status hand_out_listing(sheet_reader *reader, ko_sheet_values *values, size_t line)
{
    ko_error why = {0};
    ko_listing listing;
    ko_status st = ko_sheet_make_listing(values, &listing, &why);
    listing.line = line;
    if (st != KO_OK)
        st = leave_out(reader, line, &why);
    else
        st = handed_out(reader, values, line,
                        reader->sink->on_listing(reader->sink->context, &listing));
    ko_listing_free(&listing);
    return st;
}

static ko_status hand_out_work(sheet_reader *reader, ko_sheet_values *values, size_t line)
{
    ko_error why = {0};
    ko_sheet_work work;
    ko_status st = ko_sheet_make_work(values, &work, &why);
    work.line = line;
    if (st != KO_OK)
        st = leave_out(reader, line, &why);
    else
        st = handed_out(reader, values, line, reader->sink->on_work(reader->sink->context, &work));
    ko_sheet_work_free(&work);
    return st;
}

static const record_kind listing_kind = {.names = ko_sheet_listing_names,
                                         .keys = {KO_FIELD_URL, KO_FIELD_IMAGE, KO_FIELD_OFFER},
                                         .wanted = "url or image",
                                         .with_web = true,
                                         .hand_out = hand_out_listing};
static const record_kind work_kind = {.names = ko_sheet_work_names,
                                      .keys = {KO_FIELD_IMAGE, KO_FIELD_SERIAL, KO_FIELD_SERIAL},
                                      .wanted = "file or serial",
                                      .hand_out = hand_out_work};

static ko_status use_row(sheet_reader *reader, ko_sheet_row *row)
{
    ko_error why = {0};
    ko_sheet_values values;
    ko_status st = ko_sheet_values_sort(&values, &reader->columns, row, reader->folder,
                                        reader->kind->with_web, &why);
    if (st != KO_OK)
        st = leave_out(reader, row->line, &why);
    else
        st = reader->kind->hand_out(reader, &values, row->line);
    ko_sheet_values_free(&values);
    return st;
}

/* --- notes about the whole sheet --- */

#define NAMES_SHOWN 20      /* in one note */
#define NAME_SHOWN_BYTES 40 /* of one name */

/* What a column is in this sheet: where remarks are not kept, those of them are ignored. */
static ko_sheet_field field_of(const ko_sheet_columns *columns, const ko_sheet_column *column)
{
    const bool ignored = ko_sheet_is_remark(column->field) && !ko_sheet_columns_keep(columns);
    return ignored ? KO_FIELD_IGNORED : column->field;
}

static bool is_of(const ko_sheet_columns *columns, size_t index, ko_sheet_field field)
{
    const ko_sheet_column *column = &columns->column[index];
    return column->name && field_of(columns, column) == field;
}

static size_t count_columns(const ko_sheet_columns *columns, ko_sheet_field field)
{
    size_t n = 0;
    for (size_t i = 0; i < columns->count; i++)
        n += is_of(columns, i, field);
    return n;
}

/* Where a column comes in a list of names: those that mean nothing in their order in the sheet. */
static unsigned rank_of(const ko_sheet_column *column, ko_sheet_field field)
{
    return field == KO_FIELD_IGNORED || field == KO_FIELD_OWN ? 0 : column->rank;
}

/* Appends the names of the columns of a field, the one that goes first first. */
static ko_status append_names(ko_buf *out, const ko_sheet_columns *columns, ko_sheet_field field)
{
    const size_t n = count_columns(columns, field);
    size_t shown = 0;
    ko_status st = KO_OK;
    for (unsigned rank = 0; st == KO_OK && shown < n && shown < NAMES_SHOWN; rank++)
        for (size_t i = 0; st == KO_OK && i < columns->count && shown < NAMES_SHOWN; i++) {
            const ko_sheet_column *column = &columns->column[i];
            if (!is_of(columns, i, field) || rank_of(column, field) != rank)
                continue;
            st = ko_buf_text(out, shown++ ? ", " : "");
            if (st == KO_OK)
                st = ko_text_clean(out, column->name, strnlen(column->name, NAME_SHOWN_BYTES));
        }
    if (st == KO_OK && shown < n)
        st = ko_buf_printf(out, " and %zu more", n - shown);
    return st;
}

static ko_status note_columns(sheet_reader *reader, const char *before, ko_sheet_field field,
                              const char *after)
{
    ko_buf note = KO_BUF(16 << 10);
    ko_status st = ko_buf_text(&note, before);
    if (st == KO_OK)
        st = append_names(&note, &reader->columns, field);
    if (st == KO_OK)
        st = ko_buf_text(&note, after);
    if (st == KO_OK)
        reader->sink->on_note(reader->sink->context, note.data);
    else
        st = ko_fail(reader->err, KO_E_NOMEM, "no memory for a note");
    ko_buf_free(&note);
    return st;
}

static ko_status note_all(sheet_reader *reader)
{
    ko_status st = KO_OK;
    for (const ko_sheet_names *name = reader->kind->names; name->field && st == KO_OK; name++) {
        const bool shared = name->field == KO_FIELD_IMAGE || name->field == KO_FIELD_OFFER ||
                            ko_sheet_is_remark(name->field);
        if (shared || count_columns(&reader->columns, name->field) < 2)
            continue;
        char after[80];
        (void)snprintf(after, sizeof after, " all hold the %s: the first that is filled counts",
                       name->label);
        st = note_columns(reader, "columns ", name->field, after);
    }
    if (st == KO_OK && count_columns(&reader->columns, KO_FIELD_IGNORED) > 0)
        st = note_columns(reader, "ignored columns: ", KO_FIELD_IGNORED, "");
    if (st == KO_OK && count_columns(&reader->columns, KO_FIELD_OWN) > 0)
        st = note_columns(reader, "kept as they are: ", KO_FIELD_OWN, "");
    return st;
}

/* --- columns of a CSV file --- */

static bool any_web_address(const ko_sheet_row *row)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (ko_sheet_is_web(ko_sheet_row_text(row, i)))
            return true;
    return false;
}

static bool has_key_column(const sheet_reader *reader)
{
    for (size_t i = 0; i < sizeof reader->kind->keys / sizeof *reader->kind->keys; i++)
        if (count_columns(&reader->columns, reader->kind->keys[i]) > 0)
            return true;
    return false;
}

/* Takes the first row for a record and tells the columns by what is in them: files that
 * exist are images, and the one web address there is, is the listing's. */
static ko_status guess_columns(sheet_reader *reader, ko_sheet_row *row)
{
    size_t web = 0, files = 0;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < row->n_cells; i++) {
        const char *text = ko_sheet_row_text(row, i);
        ko_sheet_column *column = &reader->columns.column[row->cell[i].column];
        char name[32];
        (void)snprintf(name, sizeof name, "%zu", row->cell[i].column + 1);
        st = ko_sheet_columns_set(&reader->columns, row->cell[i].column, name, reader->err);
        if (ko_sheet_is_web(text)) {
            web++;
            column->field = reader->kind == &listing_kind ? KO_FIELD_URL : KO_FIELD_IGNORED;
        } else if (ko_sheet_is_file(reader->folder, text)) {
            files++;
            column->field = KO_FIELD_IMAGE;
        }
    }
    if (st != KO_OK)
        return st;
    if (web > 1 || !has_key_column(reader))
        return ko_fail(reader->err, KO_E_FORMAT,
                       "line %zu: no column is named %s, and what the columns hold is not certain",
                       row->line, reader->kind->wanted);
    if (web > 0 && reader->kind == &listing_kind)
        st =
            note_columns(reader, "no column names: column ", KO_FIELD_URL, " is taken for the url");
    if (st == KO_OK && files > 0)
        st = note_columns(reader, "no column names: column ", KO_FIELD_IMAGE,
                          " is taken for the image");
    reader->columns.count = KO_MAX_SHEET_COLUMNS; /* later rows may be longer */
    return st == KO_OK ? use_row(reader, row) : st;
}

/* Is it a sheet of the artist's works, given where one of listings belongs? It has nothing that
 * only listings have, and something that only works have. */
static bool is_of_works(const ko_sheet_columns *columns)
{
    static const ko_sheet_field listing_only[] = {KO_FIELD_URL, KO_FIELD_OFFER, KO_FIELD_SELLER,
                                                  KO_FIELD_PRICE};
    for (size_t i = 0; i < sizeof listing_only / sizeof *listing_only; i++)
        if (count_columns(columns, listing_only[i]) > 0)
            return false;
    for (size_t i = 0; i < columns->count; i++) {
        unsigned rank;
        const char *name = columns->column[i].name;
        const ko_sheet_field field =
            name ? ko_sheet_name_field(ko_sheet_work_names, name, &rank) : KO_FIELD_IGNORED;
        if (field == KO_FIELD_SERIAL || field == KO_FIELD_COMPLETED_ON ||
            field == KO_FIELD_AUTHOR || field == KO_FIELD_REGISTRATION ||
            field == KO_FIELD_HOLDER || field == KO_FIELD_PUBLISHED_ON ||
            field == KO_FIELD_PUBLISHED_URL)
            return true;
    }
    return false;
}

/* Learns the columns from the first row that is not blank. */
static ko_status read_header(sheet_reader *reader, ko_sheet_row *row)
{
    reader->columns_known = true;
    if (any_web_address(row))
        return guess_columns(reader, row);
    for (size_t i = 0; i < row->n_cells; i++) {
        const ko_status st = ko_sheet_columns_set(&reader->columns, row->cell[i].column,
                                                  ko_sheet_row_text(row, i), reader->err);
        if (st != KO_OK)
            return st;
    }
    if (reader->kind == &listing_kind && is_of_works(&reader->columns))
        return ko_fail(reader->err, KO_E_FORMAT,
                       "line %zu: these are columns of works, none is of listings: knockoff add "
                       "--csv FILE takes works",
                       row->line);
    if (has_key_column(reader))
        return KO_OK;
    ko_sheet_columns_free(&reader->columns);
    return guess_columns(reader, row);
}

static ko_status on_row(void *context, ko_sheet_row *row)
{
    sheet_reader *reader = context;
    if (row->problem.text[0] && !reader->columns_known)
        return ko_fail(reader->err, KO_E_FORMAT, "line %zu: %s", row->line, row->problem.text);
    if (row->problem.text[0])
        return leave_out(reader, row->line, &row->problem);
    return reader->columns_known ? use_row(reader, row) : read_header(reader, row);
}

/* --- the whole sheet --- */

static bool begins(const void *bytes, size_t size, const char *magic, size_t n)
{
    return size >= n && memcmp(bytes, magic, n) == 0;
}

ko_sheet_kind ko_sheet_sniff(const void *bytes, size_t size)
{
    const size_t looked_at = 4096;
    const unsigned char *s = bytes;
    const bool utf16 = begins(s, size, "\xFF\xFE", 2) || begins(s, size, "\xFE\xFF", 2);
    size_t at = utf16 ? 2 : begins(s, size, "\xEF\xBB\xBF", 3) ? 3 : 0;
    size_t controls = 0, seen = 0;
    unsigned char first = 0;
    for (; at < size && seen < looked_at; at++, seen++) {
        const unsigned char c = s[at];
        const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
        if (utf16 && c == 0)
            continue;
        if (!first && !blank)
            first = c;
        controls += (c < 0x20 && !blank) || c == 0x7F;
    }
    /* Damaged rows do not make a text binary; compressed bytes are controls one in nine. */
    if (!first || first == '<' || controls > 2 + seen / 16 || begins(s, size, "%PDF", 4))
        return KO_SHEET_NONE;
    return first == '{' || first == '[' ? KO_SHEET_JSON : KO_SHEET_CSV;
}

static ko_status fail_kind(const void *bytes, size_t size, ko_error *err)
{
    if (begins(bytes, size, "PK\x03\x04", 4) || begins(bytes, size, "\xD0\xCF\x11\xE0", 4))
        return ko_fail(err, KO_E_UNSUPPORTED, "a workbook, not a sheet: save it as CSV");
    if (size == 0)
        return ko_fail(err, KO_E_FORMAT, "empty");
    return ko_fail(err, KO_E_UNSUPPORTED, "neither CSV nor JSON");
}

static ko_status read_text(sheet_reader *reader, ko_sheet_kind format, const void *bytes,
                           size_t size)
{
    ko_buf converted = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_sheet_text text;
    ko_status st = ko_sheet_decode(bytes, size, &converted, &text, reader->err);
    if (st != KO_OK)
        goto done;
    if (text.assumed) {
        char note[64];
        (void)snprintf(note, sizeof note, "not UTF-8: read as %s", text.assumed);
        reader->sink->on_note(reader->sink->context, note);
    }
    if (format == KO_SHEET_JSON) {
        reader->columns_known = true;
        st =
            ko_sheet_rows_json(text.text, text.size, &reader->columns, on_row, reader, reader->err);
    } else {
        st = ko_sheet_rows_csv(text.text, text.size, on_row, reader, reader->err);
    }
    if (st == KO_OK)
        st = note_all(reader);
done:
    ko_buf_free(&converted);
    return st;
}

static ko_status read_sheet(const record_kind *kind, const char *path, const void *bytes,
                            size_t size, const ko_sheet_sink *sink, ko_sheet_counts *out_counts,
                            ko_error *err)
{
    assert(path && (bytes || size == 0) && sink->on_problem && sink->on_note);
    const ko_sheet_kind format = ko_sheet_sniff(bytes, size);
    if (format == KO_SHEET_NONE)
        return fail_kind(bytes, size, err);
    sheet_reader reader = {.kind = kind,
                           .sink = sink,
                           .folder = ko_path_folder(path),
                           .columns = {.names = kind->names},
                           .err = err};
    const ko_status st = reader.folder ? read_text(&reader, format, bytes, size)
                                       : ko_fail(err, KO_E_NOMEM, "%s: no memory", path);
    if (out_counts)
        *out_counts = reader.counts;
    ko_sheet_columns_free(&reader.columns);
    ko_free(reader.folder);
    return st;
}

ko_status ko_sheet_read(const char *path, const void *bytes, size_t size, const ko_sheet_sink *sink,
                        ko_sheet_counts *out_counts, ko_error *err)
{
    assert(sink && sink->on_listing);
    return read_sheet(&listing_kind, path, bytes, size, sink, out_counts, err);
}

ko_status ko_sheet_read_works(const char *path, const void *bytes, size_t size,
                              const ko_sheet_sink *sink, ko_sheet_counts *out_counts, ko_error *err)
{
    assert(sink && sink->on_work);
    return read_sheet(&work_kind, path, bytes, size, sink, out_counts, err);
}
