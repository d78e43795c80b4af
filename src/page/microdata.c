/* Properties belong to the nearest item around them, or to those that name an element around
 * them in itemref. What counts is the role of that item: the product itself, its offer, that
 * offer's seller, or its picture. */
#include "page/microdata.h"

#include "base/limits.h"
#include "page/draft.h"
#include "page/html.h"

#include <string.h>

#define MAX_ITEM_DEPTH 8u /* items within items, and references; a seller of an offer has 3 */

static const char *attribute_of(const xmlNode *node, const char *const *names)
{
    const char *value = NULL;
    for (; *names && !(value && *value); names++)
        value = ko_html_attribute(node, *names);
    return value && *value ? value : NULL;
}

/* The value of a property; content is honoured on any element, as shops expect. */
static const char *property_value(const xmlNode *node, ko_buf *text)
{
    static const char *const valued[] = {"content", "href",  "data-src", "src",
                                         "data",    "value", "datetime", NULL};
    static const char *const of_content[] = {"content", NULL};
    const bool linked = ko_html_is(node, "a") || ko_html_is(node, "link") ||
                        ko_html_is(node, "img") || ko_html_is(node, "object") ||
                        ko_html_is(node, "data") || ko_html_is(node, "meter");
    const char *value = attribute_of(node, linked ? valued : of_content);
    if (value)
        return value;
    ko_buf_clear(text);
    return ko_html_text(node, text) == KO_OK ? text->data : NULL;
}

/* A product being read. */
typedef struct reading {
    ko_draft *draft;
    ko_page_offer *offer;
    const xmlNode *root;
    size_t left; /* nodes that may still be looked at: references may go in circles */
    ko_buf text;
} reading;

static void read_offer_property(ko_draft *draft, ko_page_offer *offer, const char *names,
                                const char *value)
{
    if (ko_html_has_word(names, "price") || ko_html_has_word(names, "lowPrice"))
        ko_draft_price(draft, offer, value, NULL);
    else if (ko_html_has_word(names, "highPrice"))
        ko_draft_price(draft, offer, NULL, value);
    else if (ko_html_has_word(names, "priceCurrency"))
        ko_draft_set(draft, offer, KO_OFFER_CURRENCY, value);
}

/* A property of the product itself. */
static void read_own_property(ko_draft *draft, ko_page_offer *offer, const char *names,
                              const char *value)
{
    static const struct own_property {
        const char *name;
        ko_offer_field field;
    } fields[] = {{"name", KO_OFFER_TITLE},
                  {"url", KO_OFFER_URL},
                  {"sku", KO_OFFER_ITEM_ID},
                  {"productID", KO_OFFER_ITEM_ID}};
    if (ko_html_has_word(names, "image"))
        ko_draft_image(draft, offer, value);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (ko_html_has_word(names, fields[i].name))
            ko_draft_set(draft, offer, fields[i].field, value);
    read_offer_property(draft, offer, names, value); /* shops leave the offer's scope out */
}

/* A property of an item within the product, by the item's role. */
static void read_part_property(reading *in, const char *role, const char *names, const char *value)
{
    if (ko_html_has_word(role, "offers")) {
        read_offer_property(in->draft, in->offer, names, value);
    } else if (ko_html_has_word(role, "seller") || ko_html_has_word(role, "offeredBy")) {
        if (ko_html_has_word(names, "name"))
            ko_draft_set(in->draft, in->offer, KO_OFFER_SELLER, value);
        else if (ko_html_has_word(names, "url"))
            ko_draft_set(in->draft, in->offer, KO_OFFER_SELLER_URL, value);
    } else if (ko_html_has_word(role, "image") &&
               (ko_html_has_word(names, "url") || ko_html_has_word(names, "contentUrl"))) {
        ko_draft_image(in->draft, in->offer, value);
    }
}

/* role is "" for the product itself. */
static void read_property(reading *in, const xmlNode *node, const char *role)
{
    const char *names = ko_html_attribute(node, "itemprop");
    const bool item = ko_html_attribute(node, "itemscope") != NULL;
    if (!names || (item && !ko_html_has_word(names, "image")))
        return;
    const char *value = property_value(node, &in->text);
    if (*role)
        read_part_property(in, role, names, value);
    else
        read_own_property(in->draft, in->offer, names, value);
}

static void read_item(reading *in, const xmlNode *item, const char *role, unsigned depth);

/* Reads a part of the page for an item: its own inside, or what it refers to, where top is a
 * property, too. */
static void read_part(reading *in, const xmlNode *top, bool with_top, const char *role,
                      unsigned depth)
{
    const xmlNode *node = with_top ? top : ko_html_next(top, top);
    while (node && in->draft->status == KO_OK && in->left > 0) {
        const char *type = ko_html_attribute(node, "itemtype");
        const char *names = ko_html_attribute(node, "itemprop");
        const bool item = ko_html_attribute(node, "itemscope") != NULL;
        in->left--;
        read_property(in, node, role);
        if (item && !ko_draft_names(type, ko_draft_products) && depth < MAX_ITEM_DEPTH)
            read_item(in, node, names ? names : "?", depth + 1);
        if (item && node == top)
            return;
        node = item ? ko_html_skip(node, top) : ko_html_next(node, top);
    }
}

static const xmlNode *element_with_id(const xmlNode *root, const char *id, size_t n)
{
    for (const xmlNode *node = root; node; node = ko_html_next(node, root)) {
        const char *value = ko_html_attribute(node, "id");
        if (value && strlen(value) == n && memcmp(value, id, n) == 0)
            return node;
    }
    return NULL;
}

static void read_item(reading *in, const xmlNode *item, const char *role, unsigned depth)
{
    const char *blanks = " \t\r\n\f";
    const char *refs = ko_html_attribute(item, "itemref");
    read_part(in, item, false, role, depth);
    for (unsigned i = 0; refs && *refs && i < MAX_ITEM_DEPTH && depth < MAX_ITEM_DEPTH; i++) {
        refs += strspn(refs, blanks);
        const size_t n = strcspn(refs, blanks);
        const xmlNode *element = n > 0 ? element_with_id(in->root, refs, n) : NULL;
        if (element)
            read_part(in, element, true, role, depth + 1);
        refs += n;
    }
}

/* True for a product that is only a part of another item: a neighbour, what a review is about.
 * Pages and lists say which of their properties are what they show. */
static bool is_mentioned(const xmlNode *item)
{
    static const char *const shown[] = {"mainEntity",  "mainEntityOfPage", "about",   "item",
                                        "itemOffered", "itemListElement",  "product", "products"};
    const char *role = ko_html_attribute(item, "itemprop");
    bool main = !role || !*role;
    for (size_t i = 0; i < sizeof shown / sizeof *shown && !main; i++)
        main = ko_html_has_word(role, shown[i]);
    return !main;
}

void ko_microdata_read(const xmlDoc *page, ko_draft *draft)
{
    const xmlNode *root = xmlDocGetRootElement(page);
    for (const xmlNode *node = root; node && draft->status == KO_OK;
         node = ko_html_next(node, root)) {
        const char *type = ko_html_attribute(node, "itemtype");
        if (!type || !ko_draft_names(type, ko_draft_products) || is_mentioned(node))
            continue;
        reading in = {.draft = draft,
                      .offer = ko_draft_begin(draft),
                      .root = root,
                      .left = KO_MAX_PAGE_NODES,
                      .text = KO_BUF(KO_MAX_PAGE_TEXT)};
        if (!in.offer)
            return;
        read_item(&in, node, "", 0);
        ko_draft_settle(draft);
        ko_buf_free(&in.text);
    }
}
