#include "report/csv.h"

#include "base/alloc.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* What a spreadsheet may take for the begin of a formula. In Japanese and Chinese settings
 * the full-width forms (U+FF1D, U+FF0B, U+FF0D, U+FF20) count as well. */
static const char *const formula_starts[] = {
    "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

/* Blanks that some programs skip before they look: ASCII, no-break, ideographic. */
static const char *const blanks[] = {" ", "\xC2\xA0", "\xE3\x80\x80"};

/* Length of the one among n texts that s begins with, or 0. */
static size_t begins_with(const char *s, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(s, texts[i], strlen(texts[i])) == 0)
            return strlen(texts[i]);
    return 0;
}

static bool is_number(const char *s)
{
    s += *s == '-' || *s == '+';
    const size_t whole = strspn(s, "0123456789");
    s += whole;
    const size_t fraction = *s == '.' ? strspn(s + 1, "0123456789") : 0;
    s += fraction ? fraction + 1 : 0;
    return whole > 0 && *s == '\0';
}

static bool looks_like_formula(const char *s)
{
    if (is_number(s))
        return false;
    for (size_t n; (n = begins_with(s, blanks, sizeof blanks / sizeof *blanks));)
        s += n;
    return begins_with(s, formula_starts, sizeof formula_starts / sizeof *formula_starts) > 0;
}

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
    if (looks_like_formula(clean))
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
