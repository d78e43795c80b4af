/* libcsv does the parsing; it is fed line by line, which gives what it does not tell: where
 * a row begins, and whether a quote is still open when the sheet ends. */
#include "listing/rows.h"

#include "base/text.h"

#include <assert.h>
#include <csv.h>
#include <stdbool.h>
#include <strings.h>

typedef struct csv_reader {
    struct csv_parser parser;
    unsigned char delimiter;
    const char *text;
    size_t size;
    size_t at, line;   /* the line to be fed next */
    size_t resume;     /* start of the line after the one on which the row begins */
    unsigned restarts; /* rows given up in the middle */
    ko_sheet_row row;
    size_t column;  /* of the cell to come */
    size_t unended; /* bytes fed since a cell or row ended, at least */
    ko_sheet_row_fn *fn;
    void *context;
    ko_status status;
    ko_error *err;
} csv_reader;

static void on_cell(void *bytes, size_t n, void *context)
{
    csv_reader *reader = context;
    if (reader->status == KO_OK)
        reader->status = ko_sheet_row_add(&reader->row, reader->column, bytes, n, reader->err);
    reader->column++;
    reader->unended = 0;
}

/* An apostrophe before what would be a formula is how tables keep it from being run
 * (report/csv.h). */
static void undo_apostrophes(ko_sheet_row *row)
{
    for (size_t i = 0; i < row->n_cells; i++) {
        const char *text = ko_sheet_row_text(row, i);
        row->cell[i].start += *text == '\'' && ko_text_is_formula(text + 1);
    }
}

static void hand_out(csv_reader *reader)
{
    if (reader->status == KO_OK && (reader->row.n_cells || reader->row.problem.text[0])) {
        undo_apostrophes(&reader->row);
        reader->status = reader->fn(reader->context, &reader->row);
    }
    ko_sheet_row_clear(&reader->row);
    reader->column = 0;
    reader->unended = 0;
}

static void on_row_end(int terminator, void *context)
{
    (void)terminator;
    hand_out(context);
}

static void start_parser(csv_reader *reader)
{
    /* With every line end reported, a blank line ends a row as any other does. */
    (void)csv_init(&reader->parser, CSV_REPALL_NL);
    csv_set_delim(&reader->parser, reader->delimiter);
}

/* Feeds bytes that may be part of one line. False as soon as the cell that they are in has
 * outgrown its limit, so that the parser need not hold the rest of the sheet as one cell. */
static bool feed(csv_reader *reader, const char *text, size_t n)
{
    while (n > 0 && reader->status == KO_OK) {
        const size_t piece = n < KO_MAX_SHEET_FIELD ? n : KO_MAX_SHEET_FIELD;
        reader->unended += piece;
        if (csv_parse(&reader->parser, text, piece, on_cell, on_row_end, reader) != piece)
            reader->status = ko_fail(reader->err, KO_E_NOMEM, "no memory to parse CSV");
        if (reader->unended > 2 * KO_MAX_SHEET_FIELD) /* each byte may be a doubled quote */
            return false;
        text += piece;
        n -= piece;
    }
    return true;
}

/* Hands out the row that is being read as a problem and starts anew on the next line. */
static void restart(csv_reader *reader)
{
    assert(reader->row.line > 0 && reader->row.problem.text[0]);
    reader->line = reader->row.line + 1;
    reader->at = reader->resume;
    hand_out(reader);
    csv_free(&reader->parser);
    start_parser(reader);
    if (reader->status == KO_OK && ++reader->restarts > KO_MAX_SHEET_RESTARTS)
        reader->status = ko_fail(reader->err, KO_E_FORMAT, "line %zu: more than %u unclosed quotes",
                                 reader->line, KO_MAX_SHEET_RESTARTS);
}

static void read_line(csv_reader *reader)
{
    const size_t end = ko_sheet_line_end(reader->text, reader->size, reader->at);
    if (reader->row.line == 0) {
        reader->row.line = reader->line;
        reader->resume = end;
    }
    bool broken = false;
    if (!feed(reader, reader->text + reader->at, end - reader->at)) {
        (void)ko_fail(&reader->row.problem, KO_E_LIMIT,
                      "a cell is over the limit of %zu bytes; is a quote not closed?",
                      KO_MAX_SHEET_FIELD);
        broken = true;
    } else if (end == reader->size && feed(reader, "\n", 1) && reader->row.line != 0) {
        (void)ko_fail(&reader->row.problem, KO_E_FORMAT, "a quote is never closed");
        broken = true;
    }
    reader->at = end;
    reader->line++;
    if (broken && reader->status == KO_OK)
        restart(reader);
}

static unsigned char frequent_delimiter(const char *text, size_t size)
{
    static const char candidates[] = ",;\t|"; /* of two as frequent the first is taken */
    size_t count[sizeof candidates] = {0};
    bool quoted = false, begun = false;
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        const bool line_end = c == '\n' || c == '\r';
        if (line_end && begun && !quoted)
            break;
        begun = begun || !line_end;
        if (c == '"')
            quoted = !quoted;
        for (size_t k = 0; !quoted && candidates[k]; k++)
            count[k] += c == candidates[k];
    }
    size_t best = 0;
    for (size_t k = 1; candidates[k]; k++)
        if (count[k] > count[best])
            best = k;
    return (unsigned char)candidates[best];
}

/* The delimiter that a first line such as "sep=;" names, or 0. */
static unsigned char stated_delimiter(const char *text, size_t size)
{
    const bool stated = size >= 6 && strncasecmp(text, "sep=", 4) == 0 &&
                        (text[5] == '\n' || text[5] == '\r') && text[4] != '"' && text[4] != '\n' &&
                        text[4] != '\r';
    return stated ? (unsigned char)text[4] : 0;
}

ko_status ko_sheet_rows_csv(const char *text, size_t size, ko_sheet_row_fn *fn, void *context,
                            ko_error *err)
{
    csv_reader reader = {.delimiter = stated_delimiter(text, size),
                         .text = text,
                         .size = size,
                         .line = 1,
                         .row = KO_SHEET_ROW,
                         .fn = fn,
                         .context = context,
                         .err = err};
    if (reader.delimiter) {
        reader.at = ko_sheet_line_end(text, size, 0);
        reader.line = 2;
    } else {
        reader.delimiter = frequent_delimiter(text, size);
    }
    start_parser(&reader);
    while (reader.status == KO_OK && reader.at < size)
        read_line(&reader);
    csv_free(&reader.parser);
    ko_sheet_row_free(&reader.row);
    return reader.status;
}
