#include "proof/statement.h"

#include "base/limits.h"
#include "proof/document.h"
#include "proof/sign_line.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COLUMN 140. /* of the names of fields */
#define TEXT_SIZE 10.
#define PICTURE_WIDTH 300.
#define PICTURE_HEIGHT 230.

static bool is_stated(const char *text)
{
    return text && *text;
}

/* --- the parts --- */

/* A paragraph over the whole width. */
static ko_status put_text(ko_document *d, const char *text, double size, bool bold)
{
    const ko_status st = ko_document_put(
        d, &(ko_document_text){.what = "text", .text = text, .size = size, .bold = bold});
    d->y += .5 * size;
    return st;
}

static ko_status put_field(ko_document *d, const char *name, const char *value)
{
    const ko_document_text left = {.what = name,
                                   .text = name,
                                   .x = KO_DOCUMENT_MARGIN,
                                   .width = COLUMN - 5,
                                   .size = TEXT_SIZE,
                                   .grey = KO_DOCUMENT_GREY};
    const ko_document_text right = {.what = name,
                                    .text = value,
                                    .x = KO_DOCUMENT_MARGIN + COLUMN,
                                    .width = KO_DOCUMENT_BREADTH - COLUMN,
                                    .size = TEXT_SIZE};
    ko_document_block names = {0}, values = {0};
    ko_status st = ko_document_set(d, &left, &names);
    if (st == KO_OK)
        st = ko_document_set(d, &right, &values);
    const double height = fmax(names.height, values.height);
    if (st == KO_OK)
        st = ko_document_need(d, height);
    if (st == KO_OK) {
        ko_document_show(d, &names, d->y);
        ko_document_show(d, &values, d->y);
        d->y += height + 3;
    }
    ko_document_drop(&names);
    ko_document_drop(&values);
    return st;
}

static ko_status put_fields(ko_document *d, const ko_statement *t)
{
    const struct {
        const char *name, *value;
    } fields[] = {{"Title of the work", t->title},
                  {"Serial given by the holder", t->serial},
                  {"Kind of work", t->kind},
                  {"Author", t->author},
                  {"Copyright holder", t->holder},
                  {"Completed on", t->completed_on},
                  {"First published on", t->published_on},
                  {"First published at", t->published_at},
                  {"First published as", t->published_url},
                  {"First published in", t->country},
                  {"Registration", is_stated(t->registration) ? t->registration : "not registered"},
                  {"SHA-256 of the file", t->sha256}};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof fields / sizeof *fields; i++)
        if (is_stated(fields[i].value))
            st = put_field(d, fields[i].name, fields[i].value);
    return st;
}

static ko_status put_picture(ko_document *d, const ko_statement *t)
{
    const double scale = fmin(PICTURE_WIDTH / t->width, PICTURE_HEIGHT / t->height);
    const ko_document_picture picture = {.jpeg = t->picture,
                                         .pixels_wide = t->width,
                                         .pixels_high = t->height,
                                         .x = KO_DOCUMENT_MARGIN,
                                         .width = t->width * scale,
                                         .height = t->height * scale};
    ko_status st = ko_document_need(d, picture.height + 20);
    d->y += 8;
    if (st == KO_OK)
        st = ko_document_draw(d, &picture, d->y);
    d->y += picture.height + 12;
    return st;
}

static ko_status put_declaration(ko_document *d)
{
    static const char *const said[] = {
        "The work described and shown above is protected by copyright. I am the holder of the "
        "copyright in it, or I am authorised to act for the holder.",
        "I have looked at each of the offers that are named in the complaint that this statement "
        "comes with. They show or sell this work or copies of it. In good faith I believe that "
        "neither the holder, nor anybody acting for the holder, nor the law has allowed that.",
        "The picture above shows the work with marks laid over it, so that it cannot be used "
        "again. The work itself has no such marks.",
        "What I state here is true and complete to the best of my knowledge. I declare so under "
        "penalty of perjury where the law provides for it."};
    ko_status st = put_text(d, "Declaration", 12, true);
    for (size_t i = 0; st == KO_OK && i < sizeof said / sizeof *said; i++)
        st = put_text(d, said[i], TEXT_SIZE, false);
    return st;
}

/* --- the file --- */

static ko_status check(const ko_statement *t, ko_error *err)
{
    const struct {
        const char *name, *value;
        bool needed;
    } texts[] = {{"title", t->title, true},
                 {"serial", t->serial, true},
                 {"author", t->author, true},
                 {"holder", t->holder, true},
                 {"date", t->date, true},
                 {"kind", t->kind, false},
                 {"date of completion", t->completed_on, false},
                 {"date of publication", t->published_on, false},
                 {"place of publication", t->published_at, false},
                 {"URL of publication", t->published_url, false},
                 {"country", t->country, false},
                 {"registration", t->registration, false},
                 {"place", t->place, false},
                 {"name of the signer", t->signer, false}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const size_t n = texts[i].value ? strlen(texts[i].value) : 0;
        if (n == 0 && texts[i].needed)
            return ko_fail(err, KO_E_USAGE, "a statement needs the %s", texts[i].name);
        if (n > KO_MAX_STATEMENT_TEXT)
            return ko_fail(err, KO_E_LIMIT, "%s of %zu bytes, limit %zu", texts[i].name, n,
                           KO_MAX_STATEMENT_TEXT);
    }
    return KO_OK;
}

static ko_status put_all(ko_document *d, const ko_statement *t, ko_statement_box *out_box)
{
    ko_status st = put_text(d, "Copyright Claim Statement", 18, true);
    d->y += 8;
    if (st == KO_OK)
        st = put_fields(d, t);
    if (st == KO_OK)
        st = put_picture(d, t);
    if (st == KO_OK)
        st = put_declaration(d);
    return st == KO_OK ? ko_sign_line(d, t->place, t->date, t->signer, out_box) : st;
}

ko_status ko_statement_pdf(const ko_statement *statement, ko_buf *out_pdf,
                           ko_statement_box *out_box, ko_error *err)
{
    char footer[2 * KO_MAX_STATEMENT_TEXT];
    ko_document document;
    ko_status st = check(statement, err);
    if (st != KO_OK)
        return st;
    (void)snprintf(footer, sizeof footer, "%s, statement of %s", statement->serial,
                   statement->date);
    const ko_document_info info = {.title = "Copyright Claim Statement",
                                   .software = statement->software,
                                   .date = statement->date,
                                   .footer = footer};
    st = ko_document_open(&info, out_pdf, &document, err);
    return st == KO_OK ? ko_document_close(&document, put_all(&document, statement, out_box)) : st;
}
