#include "page/title.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "page/html.h"
#include "page/structured.h"
#include "page/words.h"
#include "platform/price.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MIN_NAME 3   /* bytes; shorter ones stand in any title */
#define MAX_PRICE 24 /* bytes of a price before the name */

/* Length of the separator of two parts of a title that text begins with, 0 for none. */
static size_t separator_length(const char *text)
{
    static const char *const marks[] = {" - ", " | ", " – ", " — ", " : ", " · ", "｜", ": ", "|"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return 0;
}

/* Takes the name of the site off one end of a title, in place. */
static void cut_site(char *title, const char *site)
{
    const size_t n = strlen(title), name = strlen(site);
    if (name < 2 || name + 2 > n)
        return;
    if (strncasecmp(title, site, name) == 0) {
        const size_t mark = separator_length(title + name);
        if (mark > 0 && title[name + mark])
            memmove(title, title + name + mark, n - name - mark + 1);
        return;
    }
    if (strcasecmp(title + n - name, site) != 0)
        return;
    for (size_t from = n - name; from-- > 0 && n - name - from <= 3;)
        if (separator_length(title + from) == n - name - from) {
            title[from] = '\0';
            return;
        }
}

/* Takes the price off the beginning of a title, in place: "$60 · Owl", "US $3.10 50% OFF|Owl". */
static void cut_price(char *title)
{
    char before[MAX_PRICE + 1];
    size_t n = 0, letters = 0;
    ko_price price;
    while (title[n] && n < MAX_PRICE && separator_length(title + n) == 0)
        letters += isalpha((unsigned char)title[n++]) != 0;
    const size_t mark = separator_length(title + n);
    (void)snprintf(before, sizeof before, "%.*s", (int)n, title);
    if (mark > 0 && title[n + mark] && letters <= 6 && ko_price_read(before, "", &price) == KO_OK &&
        price.currency[0] && !price.ask)
        memmove(title, title + n + mark, strlen(title + n + mark) + 1);
}

/* True for the element that shops call the product's name. */
static bool is_called_title(const xmlNode *node)
{
    static const char *const names[] = {"producttitle", "product-title", "product_title",
                                        "productname",  "product-name",  "product_name",
                                        "item-title",   "itemtitle",     NULL};
    static const char *const places[] = {"id", "class", "data-testid"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *value = ko_html_attribute(node, places[i]);
        if (value && ko_words_find(value, strlen(value), names))
            return true;
    }
    return false;
}

/* Sets the title to that of the first element which the page's own title holds. */
static ko_status find_heading(const xmlDoc *page, const char *whole, bool headings,
                              ko_page_offer *offer)
{
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT);
    const xmlNode *root = xmlDocGetRootElement(page);
    ko_status st = KO_OK;
    for (const xmlNode *node = root; node && st == KO_OK && !offer->field[KO_OFFER_TITLE];
         node = ko_html_next(node, root)) {
        if (node->type != XML_ELEMENT_NODE ||
            !(headings ? ko_html_is(node, "h1") : is_called_title(node)))
            continue;
        ko_page_offer found = {0};
        ko_buf_clear(&text);
        st = ko_html_text(node, &text);
        if (st == KO_OK)
            st = ko_offer_set(&found, KO_OFFER_TITLE, text.data, NULL);
        const char *name = ko_offer_get(&found, KO_OFFER_TITLE);
        if (st == KO_OK && (!*whole || (strlen(name) >= MIN_NAME && strstr(whole, name))))
            st = ko_offer_set(offer, KO_OFFER_TITLE, name, NULL);
        ko_offer_clear(&found);
    }
    ko_buf_free(&text);
    return st;
}

/* The page's title as shared or shown; "" when it has none. */
static ko_status read_whole(const xmlDoc *page, ko_page_offer *out)
{
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT);
    const xmlNode *root = xmlDocGetRootElement(page);
    const xmlNode *title = root ? ko_html_find(root, "title") : NULL;
    ko_status st = title ? ko_html_text(title, &text) : KO_OK;
    if (st == KO_OK)
        st = ko_offer_set(out, KO_OFFER_TITLE, ko_structured_meta(page, "og:title"), NULL);
    if (st == KO_OK)
        st = ko_offer_set(out, KO_OFFER_TITLE, text.data, NULL);
    ko_buf_free(&text);
    return st;
}

ko_status ko_title_read(const xmlDoc *page, ko_page_offer *offer)
{
    ko_page_offer whole = {0};
    ko_status st = read_whole(page, &whole);
    const char *title = ko_offer_get(&whole, KO_OFFER_TITLE);
    if (st == KO_OK)
        st = find_heading(page, title, true, offer);
    if (st == KO_OK)
        st = find_heading(page, title, false, offer);
    const char *site = ko_structured_meta(page, "og:site_name");
    if (whole.field[KO_OFFER_TITLE] && site)
        cut_site(whole.field[KO_OFFER_TITLE], site);
    if (whole.field[KO_OFFER_TITLE])
        cut_price(whole.field[KO_OFFER_TITLE]);
    if (st == KO_OK)
        st = ko_offer_set(offer, KO_OFFER_TITLE, whole.field[KO_OFFER_TITLE], NULL);
    ko_offer_clear(&whole);
    return st;
}
