#include "page/pricetag.h"

#include "page/html.h"
#include "page/rails.h"
#include "page/structured.h"
#include "page/words.h"
#include "platform/price.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define TOLD_SIZE 24 /* a price and its currency */
#define MAX_PRICE_TEXT 48u
#define MAX_PARTS 40u /* elements and texts that one price in a card is made of */

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

/* A number with little around it, or with a currency and a word or two ("€ 206,- fixed price");
 * no sentence, and not the total of an empty cart. */
static bool looks_like_price(const char *text)
{
    size_t digits = 0, letters = 0, others = 0;
    ko_price price;
    for (const char *at = text; *at; at++) {
        const unsigned char c = (unsigned char)*at;
        digits += isdigit(c) != 0;
        letters += isalpha(c) != 0;
        others += c == '%' || c == ':' || c == '/' || c == '(';
    }
    if (digits == 0 || digits > 16 || letters > 24 || others > 0 ||
        ko_price_read(text, "", &price) != KO_OK || price.ask)
        return false;
    return letters <= 6 || price.currency[0];
}

/* Joins a number whose parts the layout sets apart, in place: "$ 3 . 45". */
static void join_number(char *text)
{
    size_t n = 0;
    for (const char *at = text; *at; at++) {
        const bool behind_digit = n > 0 && isdigit((unsigned char)text[n - 1]);
        const bool behind_mark = n > 1 && (text[n - 1] == '.' || text[n - 1] == ',') &&
                                 isdigit((unsigned char)text[n - 2]);
        const bool before_mark = (at[1] == '.' || at[1] == ',') && at[2];
        if (*at == ' ' &&
            ((behind_digit && before_mark) || (behind_mark && isdigit((unsigned char)at[1]))))
            continue;
        text[n++] = *at;
    }
    text[n] = '\0';
}

/* The same of the text below an element, where blanks of the layout do not count. */
static ko_status take_text(const xmlNode *node, ko_buf *text, ko_page_offer *offer)
{
    ko_page_offer found = {0};
    ko_buf_clear(text);
    ko_status st = ko_html_text(node, text);
    if (st == KO_OK && text->size < text->max)
        st = ko_offer_set(&found, KO_OFFER_PRICE, text->data, NULL);
    if (found.field[KO_OFFER_PRICE])
        join_number(found.field[KO_OFFER_PRICE]);
    const char *line = ko_offer_get(&found, KO_OFFER_PRICE);
    if (st == KO_OK && strlen(line) < MAX_PRICE_TEXT && looks_like_price(line))
        st = ko_offer_set(offer, KO_OFFER_PRICE, line, NULL);
    ko_offer_clear(&found);
    return st;
}

/* Parts that show cards of other products or what is in the cart, and what is crossed out. */
static bool is_elsewhere(const xmlNode *node)
{
    static const char *const cards[] = {
        "carousel",   "product-card", "productcard",   "mini-cart",   "minicart",
        "mini_cart",  "mini-basket",  "minibasket",    "header-cart", "cart-summary",
        "cart-total", "cart-drop",    "shopping-cart", NULL};
    const char *name = ko_html_attribute(node, "class"), *id = ko_html_attribute(node, "id");
    return ko_rail_is(node) || ko_html_is(node, "del") || ko_html_is(node, "s") ||
           ko_html_is(node, "script") || (name && ko_words_find(name, strlen(name), cards)) ||
           (id && ko_words_find(id, strlen(id), cards));
}

/* Walks over what is called a price and looks like one. Sets the offer's price to the first, or,
 * without an offer, counts them up to a limit: a price within a price is none of its own. */
static ko_status walk_prices(const xmlDoc *page, ko_page_offer *offer, size_t limit,
                             size_t *out_count)
{
    ko_buf text = KO_BUF((size_t)400); /* with the blanks of the layout */
    const xmlNode *root = xmlDocGetRootElement(page);
    const xmlNode *node = root;
    ko_status st = KO_OK;
    *out_count = 0;
    while (node && st == KO_OK && *out_count < limit) {
        const bool elsewhere = is_elsewhere(node);
        ko_page_offer found = {0};
        if (!elsewhere && is_called_price(node)) {
            const char *content = ko_html_attribute(node, "content");
            st = take_text(node, &text, &found);
            if (st == KO_OK && content && looks_like_price(content))
                st = ko_offer_set(&found, KO_OFFER_PRICE, content, NULL);
        }
        const bool is_price = found.field[KO_OFFER_PRICE] != NULL;
        *out_count += is_price;
        if (st == KO_OK && offer)
            st = ko_offer_set(offer, KO_OFFER_PRICE, found.field[KO_OFFER_PRICE], NULL);
        ko_offer_clear(&found);
        node = elsewhere || is_price ? ko_html_skip(node, root) : ko_html_next(node, root);
    }
    ko_buf_free(&text);
    return st;
}

/* --- the price of a card --- */

/* What the product cost before, or what sending it costs. */
static bool is_aside(const xmlNode *node)
{
    static const char *const places[] = {"class", "style", "data-a-strike"};
    static const char *const words[] = {"strik",     "line-through", "original", "old-price",
                                        "oldprice",  "was-price",    "crossed",  "list-price",
                                        "logistics", "shipping",     "true",     NULL};
    if (node->type != XML_ELEMENT_NODE || ko_html_is(node, "del") || ko_html_is(node, "s") ||
        ko_html_is(node, "script"))
        return true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *value = ko_html_attribute(node, places[i]);
        if (value && ko_words_find(value, strlen(value), words))
            return true;
    }
    return false;
}

/* A price needs a currency where nothing calls it one, and "Save $2" is none. */
static bool speaks_of_price(const char *text)
{
    static const char *const others[] = {"ship", "deliver", "off", "save", "coupon", "over", NULL};
    ko_price price;
    return ko_price_read(text, "", &price) == KO_OK && price.currency[0] &&
           !ko_words_find(text, strlen(text), others);
}

/* True for an element that holds nothing besides text that counts, in a few parts. */
static bool is_plain(const xmlNode *node)
{
    unsigned parts = 0;
    const xmlNode *below = ko_html_next(node, node);
    while (below && parts <= MAX_PARTS &&
           (below->type != XML_ELEMENT_NODE ||
            !(is_aside(below) || ko_html_is(below, "a") || ko_html_is(below, "img")))) {
        below = ko_html_next(below, node);
        parts++;
    }
    return !below;
}

/* Sets the price to the first text of an element that looks like one: of those that are called a
 * price, or of all that hold nothing else. */
static ko_status find_in_card(const xmlNode *card, bool called, ko_page_offer *offer)
{
    ko_buf text = KO_BUF((size_t)400); /* with the blanks of the layout */
    const char *title = ko_offer_get(offer, KO_OFFER_TITLE);
    const xmlNode *node = ko_html_next(card, card);
    ko_status st = KO_OK;
    while (node && st == KO_OK && !offer->field[KO_OFFER_PRICE]) {
        const bool element = node->type == XML_ELEMENT_NODE, aside = element && is_aside(node);
        const bool asked =
            element && !aside && (!called || is_called_price(node)) && is_plain(node);
        ko_page_offer found = {0};
        if (asked)
            st = take_text(node, &text, &found);
        const char *price = ko_offer_get(&found, KO_OFFER_PRICE);
        const bool titled = *title && strstr(price, title); /* "Set of 3 $5": three is no price */
        if (st == KO_OK && !titled && (called || speaks_of_price(price)))
            st = ko_offer_set(offer, KO_OFFER_PRICE, price, NULL);
        ko_offer_clear(&found);
        node = aside ? ko_html_skip(node, card) : ko_html_next(node, card);
    }
    ko_buf_free(&text);
    return st;
}

ko_status ko_pricetag_of_card(const xmlNode *card, ko_page_offer *offer)
{
    const ko_status st = find_in_card(card, true, offer);
    return st == KO_OK ? find_in_card(card, false, offer) : st;
}

/* --- the price of a page --- */

ko_status ko_pricetag_count(const xmlDoc *page, size_t limit, size_t *out_count)
{
    return walk_prices(page, NULL, limit, out_count);
}

/* Where the price begins in a text such as "Price: $294. Goose from ...", behind its label;
 * NULL when it has none. */
static const char *labelled(const char *text)
{
    static const char *const labels[] = {
        "price", "preis", "prix", "precio", "prezzo", "preço", "cena", "цена", "pris", "prijs",
        "fiyat", "價",    "价",   "価格",   "가격",   "价格",  "價格", "售價", NULL};
    for (const char *const *label = labels; *label; label++) {
        const char *at = strstr(text, *label);
        at = at ? at + strlen(*label) : NULL;
        if (at && (*at == ':' || strncmp(at, "：", 3) == 0))
            return at + (*at == ':' ? 1 : 3);
    }
    return NULL;
}

/* Bytes up to the end of a sentence or TOLD_SIZE, whole characters. */
static size_t sentence_length(const char *text)
{
    size_t n = strcspn(text, ";\n");
    const char *ends[] = {strstr(text, ". "), strstr(text, "。")};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends[i] && (size_t)(ends[i] - text) < n)
            n = (size_t)(ends[i] - text);
    if (n >= TOLD_SIZE)
        n = TOLD_SIZE - 1;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* Writes the price that a page's description names, with its currency; false for none. */
static bool told_price(const xmlDoc *page, char out[TOLD_SIZE])
{
    static const char *const places[] = {"og:description", "description"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *text = ko_structured_meta(page, places[i]);
        const char *from = text ? labelled(text) : NULL;
        ko_price price;
        if (!from)
            continue;
        (void)snprintf(out, TOLD_SIZE, "%.*s", (int)sentence_length(from), from);
        if (ko_price_read(out, "", &price) == KO_OK && price.currency[0])
            return true;
    }
    return false;
}

bool ko_pricetag_is_told(const xmlDoc *page)
{
    char text[TOLD_SIZE];
    return told_price(page, text);
}

ko_status ko_pricetag_read(const xmlDoc *page, ko_page_offer *offer)
{
    char text[TOLD_SIZE];
    size_t count = 0;
    if (offer->field[KO_OFFER_PRICE])
        return KO_OK;
    const ko_status st = walk_prices(page, offer, 1, &count);
    return st == KO_OK && told_price(page, text) ? ko_offer_set(offer, KO_OFFER_PRICE, text, NULL)
                                                 : st;
}
