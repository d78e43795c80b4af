#include "proof/sheet_pdf.h"

#include "base/alloc.h"
#include "proof/document.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#define TITLE_SIZE 18.
#define HEADING_SIZE 10.
#define TEXT_SIZE 9.5
#define FACT_SIZE 7.5
#define FACT_COLUMN 78.  /* of the names of facts */
#define FACT_LINES 3     /* of what strangers wrote */
#define URL_LINES 24     /* the longest there are; cut, they would name nothing */
#define PICTURE_MAX 330. /* so that one fits a page with all that is said of it */
#define GAP 10.          /* between listings */
#define NAMES_HEIGHT 24. /* of the head of the table, which does not stand alone */

struct ko_proof_sheet {
    ko_document document;
    size_t n_rows, n_listings;
};

/* --- facts --- */

/* The names and values of some facts, set and waiting for their place. */
typedef struct fact_blocks {
    ko_document_block names[KO_PROOF_SHEET_FACTS], values[KO_PROOF_SHEET_FACTS];
    size_t n;
    double height;
} fact_blocks;

static double height_of(const fact_blocks *b, size_t i)
{
    return fmax(b->names[i].height, b->values[i].height) + 1;
}

static ko_status set_fact(const ko_document *d, const ko_proof_sheet_fact *fact, double size,
                          fact_blocks *b)
{
    const ko_document_text name = {.what = fact->name,
                                   .text = fact->name,
                                   .x = KO_DOCUMENT_MARGIN,
                                   .width = FACT_COLUMN - 4,
                                   .size = size,
                                   .grey = KO_DOCUMENT_GREY,
                                   .lines = 1};
    const ko_document_text value = {.what = fact->name,
                                    .text = fact->value,
                                    .x = KO_DOCUMENT_MARGIN + FACT_COLUMN,
                                    .width = KO_DOCUMENT_BREADTH - FACT_COLUMN,
                                    .size = size,
                                    .lines = fact->is_url ? URL_LINES : FACT_LINES,
                                    .link = fact->is_url ? fact->value : NULL};
    const size_t i = b->n++;
    ko_status st = ko_document_set(d, &name, &b->names[i]);
    if (st == KO_OK)
        st = ko_document_set(d, &value, &b->values[i]);
    if (st == KO_OK)
        b->height += height_of(b, i);
    return st;
}

static ko_status set_facts(const ko_document *d, const ko_proof_sheet_fact *facts, size_t n,
                           double size, fact_blocks *out)
{
    assert(n <= KO_PROOF_SHEET_FACTS);
    *out = (fact_blocks){0};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = set_fact(d, &facts[i], size, out);
    return st;
}

static ko_status show_facts(ko_document *d, fact_blocks *b)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < b->n; i++) {
        const double height = height_of(b, i);
        st = ko_document_need(d, height);
        ko_document_show(d, &b->names[i], d->y);
        ko_document_show(d, &b->values[i], d->y);
        d->y += height;
    }
    return st;
}

static void drop_facts(fact_blocks *b)
{
    for (size_t i = 0; i < b->n; i++) {
        ko_document_drop(&b->names[i]);
        ko_document_drop(&b->values[i]);
    }
}

/* --- the head --- */

static ko_status put_head(ko_document *d, const ko_proof_sheet_head *head)
{
    fact_blocks facts = {0};
    ko_status st = ko_document_put(
        d, &(ko_document_text){
               .what = "title", .text = head->title, .size = TITLE_SIZE, .bold = true});
    d->y += GAP;
    if (st == KO_OK)
        st = set_facts(d, head->facts, head->n_facts, TEXT_SIZE, &facts);
    if (st == KO_OK)
        st = show_facts(d, &facts);
    drop_facts(&facts);
    d->y += GAP;
    for (size_t i = 0; st == KO_OK && i < head->n_notes; i++) {
        st = ko_document_put(
            d, &(ko_document_text){.what = "note", .text = head->notes[i], .size = TEXT_SIZE});
        d->y += .5 * TEXT_SIZE;
    }
    d->y += GAP;
    return st;
}

ko_status ko_proof_sheet_open(const ko_proof_sheet_head *head, ko_buf *out,
                              ko_proof_sheet **out_sheet, ko_error *err)
{
    const ko_document_info info = {.title = head->title,
                                   .software = head->software,
                                   .date = head->date,
                                   .footer = head->footer,
                                   .lenient = true};
    ko_proof_sheet *s = ko_alloc_zero(1, sizeof *s);
    if (!s)
        return ko_fail(err, KO_E_NOMEM, "%s", head->title);
    ko_status st = ko_document_open(&info, out, &s->document, err);
    if (st != KO_OK) {
        ko_free(s);
        return st;
    }
    st = put_head(&s->document, head);
    if (st != KO_OK)
        return ko_proof_sheet_close(s, st);
    *out_sheet = s;
    return KO_OK;
}

ko_status ko_proof_sheet_close(ko_proof_sheet *sheet, ko_status st)
{
    st = ko_document_close(&sheet->document, st);
    ko_free(sheet);
    return st;
}

/* --- the table --- */

#define COLUMNS 4

typedef struct row_blocks {
    ko_document_block cells[COLUMNS];
    double height; /* of the highest */
} row_blocks;

static ko_status set_row(const ko_document *d, const char *const texts[COLUMNS], double grey,
                         row_blocks *out)
{
    static const struct {
        double x, width;
        int lines;
    } columns[COLUMNS] = {
        {0, 20, 1}, {26, 214, URL_LINES}, {246, 99, 1}, {351, KO_DOCUMENT_BREADTH - 351, 2}};
    ko_status st = KO_OK;
    *out = (row_blocks){0};
    for (size_t i = 0; st == KO_OK && i < COLUMNS; i++) {
        const ko_document_text cell = {.what = "table",
                                       .text = texts[i],
                                       .x = KO_DOCUMENT_MARGIN + columns[i].x,
                                       .width = columns[i].width,
                                       .size = FACT_SIZE,
                                       .grey = grey,
                                       .lines = columns[i].lines,
                                       .link = i == 1 ? texts[i] : NULL};
        st = ko_document_set(d, &cell, &out->cells[i]);
        out->height = fmax(out->height, out->cells[i].height);
    }
    return st;
}

static void show_row(ko_document *d, row_blocks *row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        ko_document_show(d, &row->cells[i], d->y);
    d->y += row->height + 2;
}

static void drop_row(row_blocks *row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        ko_document_drop(&row->cells[i]);
}

/* Above the first row of the table, and of each page of it. */
static ko_status put_names(ko_document *d)
{
    static const char *const names[COLUMNS] = {"", "Listing", "Seller", "Would match by chance"};
    row_blocks row;
    const ko_status st = set_row(d, names, KO_DOCUMENT_GREY, &row);
    if (st == KO_OK) {
        show_row(d, &row);
        ko_document_rule(d, KO_DOCUMENT_MARGIN, d->y, KO_DOCUMENT_BREADTH);
        d->y += 3;
    }
    drop_row(&row);
    return st;
}

ko_status ko_proof_sheet_add_row(ko_proof_sheet *s, const ko_proof_sheet_row *row)
{
    char number[32];
    (void)snprintf(number, sizeof number, "%zu", s->n_rows + 1);
    const char *const texts[COLUMNS] = {number, row->url, row->seller, row->chance};
    ko_document *d = &s->document;
    const unsigned page = d->page;
    row_blocks blocks;
    ko_status st = set_row(d, texts, 0, &blocks);
    if (st == KO_OK)
        st = ko_document_need(d, blocks.height + (s->n_rows == 0 ? NAMES_HEIGHT : 0));
    if (st == KO_OK && (s->n_rows == 0 || d->page != page))
        st = put_names(d);
    if (st == KO_OK)
        show_row(d, &blocks);
    drop_row(&blocks);
    s->n_rows++;
    return st;
}

/* --- listings --- */

static ko_document_picture picture_of(const ko_proof_sheet_listing *listing)
{
    const double scale = fmin(KO_DOCUMENT_BREADTH / listing->width, PICTURE_MAX / listing->height);
    return (ko_document_picture){.jpeg = listing->picture,
                                 .pixels_wide = listing->width,
                                 .pixels_high = listing->height,
                                 .x = KO_DOCUMENT_MARGIN,
                                 .width = listing->width * scale,
                                 .height = listing->height * scale};
}

/* Heading, picture and facts stay together where a page can hold them all. */
static ko_status put_listing(ko_document *d, const ko_proof_sheet_listing *listing,
                             ko_document_block *heading, fact_blocks *facts)
{
    const ko_document_picture picture =
        listing->picture ? picture_of(listing) : (ko_document_picture){0};
    ko_status st = ko_document_need(d, heading->height + 2 + picture.height + 4 + facts->height);
    if (st != KO_OK)
        return st;
    const double height = heading->height;
    ko_document_show(d, heading, d->y);
    d->y += height + 2;
    if (listing->picture)
        st = ko_document_draw(d, &picture, d->y);
    d->y += picture.height + 4;
    if (st == KO_OK)
        st = show_facts(d, facts);
    d->y += GAP;
    return st;
}

ko_status ko_proof_sheet_add(ko_proof_sheet *s, const ko_proof_sheet_listing *listing)
{
    char text[64];
    ko_document *d = &s->document;
    const bool is_first = s->n_listings++ == 0;
    (void)snprintf(text, sizeof text, "Listing %zu of %zu", s->n_listings, s->n_rows);
    const ko_document_text title = {.what = "heading",
                                    .text = text,
                                    .x = KO_DOCUMENT_MARGIN,
                                    .width = KO_DOCUMENT_BREADTH,
                                    .size = HEADING_SIZE,
                                    .bold = true};
    ko_document_block heading = {0};
    fact_blocks facts = {0};
    ko_status st = is_first ? ko_document_need(d, KO_DOCUMENT_HEIGHT) : KO_OK;
    if (st == KO_OK)
        st = ko_document_set(d, &title, &heading);
    if (st == KO_OK)
        st = set_facts(d, listing->facts, listing->n_facts, FACT_SIZE, &facts);
    if (st == KO_OK)
        st = put_listing(d, listing, &heading, &facts);
    ko_document_drop(&heading);
    drop_facts(&facts);
    return st;
}
