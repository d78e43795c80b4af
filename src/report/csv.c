#include "report/csv.h"

#include "base/alloc.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static bool needs_quotes(const char *s)
{
    /* Not only commas: a spreadsheet may be set to split at the others. */
    return strpbrk(s, ",;|\"") || *s == ' ' || (*s && s[strlen(s) - 1] == ' ');
}

void ko_csv_cell(ko_csv *csv, const char *text)
{
    assert(csv && csv->file);
    if (csv->in_row)
        (void)fputc(',', csv->file);
    csv->in_row = true;
    char *clean = ko_text_clean_dup(text ? text : "");
    if (!clean) {
        csv->no_memory = true;
        return;
    }
    const bool quoted = needs_quotes(clean);
    if (quoted)
        (void)fputc('"', csv->file);
    if (ko_text_is_formula(clean))
        (void)fputc('\'', csv->file);
    for (const char *s = clean; *s; s++) {
        if (*s == '"')
            (void)fputc('"', csv->file);
        (void)fputc(*s, csv->file);
    }
    if (quoted)
        (void)fputc('"', csv->file);
    ko_free(clean);
}

void ko_csv_row_end(ko_csv *csv)
{
    (void)fputs("\r\n", csv->file);
    csv->in_row = false;
}

ko_status ko_csv_end(ko_csv *csv, ko_error *err)
{
    assert(!csv->in_row);
    if (csv->no_memory)
        return ko_fail(err, KO_E_NOMEM, "no memory for a CSV cell");
    errno = 0;
    if (fflush(csv->file) == 0 && !ferror(csv->file))
        return KO_OK;
    return ko_fail(err, KO_E_IO, "%s", errno ? strerror(errno) : "not all could be written");
}
