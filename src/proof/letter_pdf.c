#include "proof/letter_pdf.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "proof/document.h"
#include "proof/sign_line.h"

#include <string.h>

#define HEADING_SIZE 13.
#define TEXT_SIZE 10.
#define EMPTY_LINE 8.

/* One line of the letter, which has no end. */
static ko_status put_line(ko_document *d, const char *line, size_t length, bool heading)
{
    if (length == 0) {
        d->y += EMPTY_LINE;
        return KO_OK;
    }
    char *text = ko_strndup(line, length);
    if (!text)
        return ko_fail(d->err, KO_E_NOMEM, "a line of a letter");
    const ko_status st =
        ko_document_put(d, &(ko_document_text){.what = heading ? "heading" : "letter",
                                               .text = text,
                                               .size = heading ? HEADING_SIZE : TEXT_SIZE,
                                               .bold = heading});
    d->y += heading ? EMPTY_LINE : 2;
    ko_free(text);
    return st;
}

static ko_status put_all(ko_document *d, const ko_letter_page *letter, ko_statement_box *out_box)
{
    ko_status st = KO_OK;
    for (const char *line = letter->text; st == KO_OK && *line;) {
        const size_t length = strcspn(line, "\n");
        const bool ended = length > 0 && line[length - 1] == '\r';
        st = put_line(d, line, length - ended, line == letter->text);
        line += length + (line[length] == '\n');
    }
    *out_box = (ko_statement_box){0};
    if (st == KO_OK && letter->signer)
        st = ko_sign_line(d, NULL, letter->date, letter->signer, out_box);
    return st;
}

ko_status ko_letter_pdf(const ko_letter_page *letter, ko_buf *out_pdf, ko_statement_box *out_box,
                        ko_error *err)
{
    ko_document document;
    char *heading = ko_strndup(letter->text, strcspn(letter->text, "\r\n"));
    if (!heading)
        return ko_fail(err, KO_E_NOMEM, "heading of a letter");
    const ko_document_info info = {
        .title = heading, .software = letter->software, .date = letter->date, .footer = heading};
    ko_status st = ko_document_open(&info, out_pdf, &document, err);
    if (st == KO_OK)
        st = ko_document_close(&document, put_all(&document, letter, out_box));
    ko_free(heading);
    return st;
}
