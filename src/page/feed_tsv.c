#include "page/feed.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/words.h"

#include <string.h>
#include <strings.h>

#define MAX_COLUMNS 256
#define IMAGE_COLUMN KO_OFFER_FIELDS /* beside the fields: what a column may hold */
#define IGNORED_COLUMN (KO_OFFER_FIELDS + 1)

/* Names of columns, with blanks as "_"; earlier ones count before later ones. */
static const struct column_name {
    const char *name;
    int holds;
} column_names[] = {
    {"link", KO_OFFER_URL},
    {"title", KO_OFFER_TITLE},
    {"sale_price", KO_OFFER_PRICE},
    {"price", KO_OFFER_PRICE},
    {"id", KO_OFFER_ITEM_ID},
    {"seller_name", KO_OFFER_SELLER},
    {"image_link", IMAGE_COLUMN},
    {"bigimage", IMAGE_COLUMN},
    {"additional_image_link", IMAGE_COLUMN},
    {"additional_image_links", IMAGE_COLUMN},
};
#define NAMES (sizeof column_names / sizeof *column_names)

/* Which column has each name, MAX_COLUMNS for none. */
typedef struct header {
    size_t column[NAMES];
} header;

/* A cell between two tabs; quotes around it are taken off. */
typedef struct cell {
    const char *text;
    size_t size;
} cell;

static cell next_cell(const char **at, const char *end)
{
    const char *tab = memchr(*at, '\t', (size_t)(end - *at));
    cell c = {.text = *at, .size = (size_t)((tab ? tab : end) - *at)};
    *at = tab ? tab + 1 : end;
    while (c.size > 0 && (unsigned char)c.text[c.size - 1] <= ' ')
        c.size--;
    if (c.size >= 2 && c.text[0] == '"' && c.text[c.size - 1] == '"') {
        c.text++;
        c.size -= 2;
    }
    return c;
}

static bool is_name(const cell *c, const char *name)
{
    if (c->size != strlen(name))
        return false;
    for (size_t i = 0; i < c->size; i++) {
        const char letter = c->text[i];
        const bool blank = letter == ' ' && name[i] == '_';
        if (!blank && strncasecmp(&letter, &name[i], 1) != 0)
            return false;
    }
    return true;
}

/* True when the line has what a feed of Google Merchant must have. */
static bool read_header(const char *line, const char *end, header *out)
{
    bool holds[IGNORED_COLUMN] = {false};
    for (size_t k = 0; k < NAMES; k++)
        out->column[k] = MAX_COLUMNS;
    const char *at = line;
    for (size_t column = 0; at < end && column < MAX_COLUMNS; column++) {
        const cell c = next_cell(&at, end);
        for (size_t k = 0; k < NAMES; k++)
            if (is_name(&c, column_names[k].name)) {
                out->column[k] = column;
                holds[column_names[k].holds] = true;
            }
    }
    return memchr(line, '\t', (size_t)(end - line)) && holds[KO_OFFER_URL] &&
           holds[KO_OFFER_TITLE] && holds[IMAGE_COLUMN];
}

/* Commas separate the addresses of further pictures. */
static ko_status add_images(ko_page_offer *offer, char *text, const ko_web_base *base)
{
    ko_status st = KO_OK;
    while (text && st == KO_OK) {
        char *comma = strstr(text, ",http");
        if (comma)
            *comma = '\0';
        st = ko_offer_add_image(offer, text, base);
        text = comma ? comma + 1 : NULL;
    }
    return st;
}

static ko_status put_cell(ko_page_offer *offer, int holds, const cell *c, const ko_web_base *base)
{
    if (c->size == 0)
        return KO_OK;
    char *text = ko_strndup(c->text, c->size < KO_MAX_SHEET_FIELD ? c->size : KO_MAX_SHEET_FIELD);
    ko_status st = KO_E_NOMEM;
    if (text && holds == IMAGE_COLUMN)
        st = add_images(offer, text, base);
    else if (text)
        st = ko_offer_set(offer, (ko_offer_field)holds, text, base);
    ko_free(text);
    return st;
}

static ko_status read_row(const char *line, const char *end, const header *columns,
                          const ko_web_base *base, ko_page_offer *offer)
{
    cell cells[MAX_COLUMNS];
    size_t n = 0;
    for (const char *at = line; at < end && n < MAX_COLUMNS; n++)
        cells[n] = next_cell(&at, end);
    ko_status st = KO_OK;
    for (size_t k = 0; k < NAMES && st == KO_OK; k++)
        if (columns->column[k] < n)
            st = put_cell(offer, column_names[k].holds, &cells[columns->column[k]], base);
    return st;
}

ko_status ko_feed_tsv(const char *text, size_t size, const ko_web_base *base, ko_page *page)
{
    ko_page_offers *offers = &page->offers;
    const char *end = text + size;
    const char *newline = memchr(text, '\n', size);
    header columns;
    ko_status st = KO_OK;
    if (!newline || !read_header(text, newline, &columns))
        return KO_OK;
    page->kind = "product feed";
    page->format = KO_FORMAT_FEED_TSV;
    for (const char *at = newline + 1; at < end && st == KO_OK;) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        if (offers->count == KO_MAX_PAGE_OFFERS)
            break;
        ko_page_offer *offer = ko_offers_add(offers);
        st = offer ? read_row(at, next ? next : end, &columns, base, offer) : KO_E_NOMEM;
        if (st == KO_OK && offer->n_images == 0 && !offer->field[KO_OFFER_URL])
            ko_offers_cut(offers, offers->count - 1);
        at = next ? next + 1 : end;
    }
    return st;
}
