#include "page/pricetag.h"

#include "page/html.h"
#include "page/rails.h"
#include "page/words.h"

#include <ctype.h>
#include <string.h>

/* True when an element's id, class or itemprop calls it a price, and none that was. */
static bool is_called_price(const xmlNode *node)
{
    static const char *const places[] = {"id", "class", "itemprop", "data-testid"};
    static const char *const price[] = {"price", "preis", "prix", "precio", "prezzo", NULL};
    static const char *const former[] = {
        "old",     "was",    "list-price", "listprice",    "strike", "orig",
        "ship",    "unit",   "save",       "saving",       "rrp",    "compare",
        "regular", "before", "label",      "range-filter", "filter", NULL};
    bool called = false;
    if (node->type != XML_ELEMENT_NODE || ko_html_is(node, "del") || ko_html_is(node, "s"))
        return false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *value = ko_html_attribute(node, places[i]);
        if (value && ko_words_find(value, strlen(value), former))
            return false;
        called = called || (value && ko_words_find(value, strlen(value), price));
    }
    return called;
}

/* A number with a currency around it, or only a number; no sentence. */
static bool looks_like_price(const char *text)
{
    size_t digits = 0, letters = 0, others = 0;
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        digits += isdigit(c) != 0;
        letters += isalpha(c) != 0;
        others += c == '%' || c == ':' || c == '/' || c == '(';
    }
    return digits > 0 && digits <= 16 && letters <= 6 && others == 0;
}

ko_status ko_pricetag_read(const xmlDoc *page, ko_page_offer *offer)
{
    ko_buf text = KO_BUF((size_t)48);
    const xmlNode *root = xmlDocGetRootElement(page);
    const xmlNode *node = root;
    ko_status st = KO_OK;
    while (node && st == KO_OK && !offer->field[KO_OFFER_PRICE]) {
        const bool rail = ko_rail_is(node) || ko_html_is(node, "del") || ko_html_is(node, "s") ||
                          ko_html_is(node, "script");
        if (!rail && is_called_price(node)) {
            ko_buf_clear(&text);
            st = ko_html_text(node, &text);
            if (st == KO_OK && text.data && text.size < text.max && looks_like_price(text.data))
                st = ko_offer_set(offer, KO_OFFER_PRICE, text.data, NULL);
        }
        node = rail ? ko_html_skip(node, root) : ko_html_next(node, root);
    }
    ko_buf_free(&text);
    return st;
}
