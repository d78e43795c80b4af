#include "page/feed.h"

#include "base/limits.h"
#include "base/text.h"
#include "page/html.h"
#include "page/links.h"
#include "page/words.h"

#include <libxml/parser.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

/* What an element of a record sets, by its local name: prefixes differ from feed to feed.
 * Of two for one field the first in the table counts. */
static const struct element_field {
    const char *name;
    ko_offer_field field;
} element_fields[] = {
    {"link", KO_OFFER_URL},      {"loc", KO_OFFER_URL},
    {"title", KO_OFFER_TITLE},   {"sale_price", KO_OFFER_PRICE},
    {"price", KO_OFFER_PRICE},   {"id", KO_OFFER_ITEM_ID},
    {"guid", KO_OFFER_ITEM_ID},  {"seller_name", KO_OFFER_SELLER},
    {"author", KO_OFFER_SELLER}, {"creator", KO_OFFER_SELLER},
    {"brand", KO_OFFER_SELLER},
};

static const char *const image_elements[] = {
    "image_link", "additional_image_link", "bigimage", "image", "thumbnail", "enclosure", "content",
    NULL};

static bool is_image_element(const char *name)
{
    for (size_t i = 0; image_elements[i]; i++)
        if (strcasecmp(image_elements[i], name) == 0)
            return true;
    return false;
}

/* The text of an element, without that of elements below it; appended to a cleared buffer. */
static const char *own_text(const xmlNode *node, ko_buf *text)
{
    ko_buf_clear(text);
    for (const xmlNode *child = node->children; child; child = child->next)
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) &&
            child->content &&
            ko_buf_append(text, child->content,
                          strnlen((const char *)child->content, text->max - text->size)) != KO_OK)
            return NULL;
    return text->data ? text->data : "";
}

/* The address of a picture: in the element's text, an attribute, or an element below. */
static ko_status add_image(const xmlNode *node, const ko_web_base *base, ko_page_offer *offer,
                           ko_buf *text)
{
    const char *url = ko_html_attribute(node, "url");
    const char *type = ko_html_attribute(node, "type");
    if (type && strncasecmp(type, "image", 5) != 0)
        return KO_OK;
    for (const xmlNode *child = node->children; child && !url; child = child->next)
        if (ko_html_is(child, "loc") || ko_html_is(child, "url"))
            url = own_text(child, text);
    if (!url && ko_html_is(node, "content"))
        return KO_OK; /* Atom's, not Media RSS's */
    if (!url)
        url = own_text(node, text);
    return url ? ko_offer_add_image(offer, url, base) : KO_E_NOMEM;
}

/* "475.00 ILS": a feed's price ends with its currency (ISO 4217). */
static ko_status set_currency(ko_page_offer *offer)
{
    const char *price = ko_offer_get(offer, KO_OFFER_PRICE);
    const size_t n = strlen(price);
    const char *code = n > 4 && price[n - 4] == ' ' ? price + n - 3 : NULL;
    const bool upper = code && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
    return upper ? ko_offer_set(offer, KO_OFFER_CURRENCY, code, NULL) : KO_OK;
}

static ko_status set_field(const xmlNode *record, const struct element_field *from,
                           const ko_web_base *base, ko_page_offer *offer, ko_buf *text)
{
    for (const xmlNode *node = record->children; node; node = node->next) {
        if (!ko_html_is(node, from->name))
            continue;
        const char *rel = ko_html_attribute(node, "rel");
        const char *href = ko_html_attribute(node, "href");
        if (rel && strcasecmp(rel, "alternate") != 0)
            continue;
        const char *value = href ? href : own_text(node, text);
        return value ? ko_offer_set(offer, from->field, value, base) : KO_E_NOMEM;
    }
    return KO_OK;
}

static ko_status read_record(const xmlNode *record, const ko_web_base *base, ko_page_offer *offer,
                             ko_buf *text)
{
    ko_status st = KO_OK;
    for (size_t i = 0; i < sizeof element_fields / sizeof *element_fields && st == KO_OK; i++)
        st = set_field(record, &element_fields[i], base, offer, text);
    for (const xmlNode *node = record->children; node && st == KO_OK; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || !is_image_element((const char *)node->name))
            continue;
        st = add_image(node, base, offer, text);
        for (const xmlNode *child = node->children; child && st == KO_OK; child = child->next)
            if (ko_html_is(child, "title")) /* of a sitemap's picture */
                st = ko_offer_set(offer, KO_OFFER_TITLE, own_text(child, text), NULL);
    }
    return st == KO_OK ? set_currency(offer) : st;
}

static bool is_sitemap_url(const xmlNode *node)
{
    return ko_html_is(node, "url") && node->parent && ko_html_is(node->parent, "urlset");
}

static bool is_record(const xmlNode *node)
{
    return ko_html_is(node, "item") || ko_html_is(node, "entry") || is_sitemap_url(node);
}

/* A record of a feed is a product when it has a price, or a picture that feeds of products have;
 * one of a sitemap when it has a picture, unless its address is that of an article. */
static bool is_product(const xmlNode *record, const ko_page_offer *offer)
{
    static const char *const articles[] = {"/blog",     "/news/",     "/article", "/post/",
                                           "/category", "/magazine/", "/tag/",    NULL};
    const char *url = ko_offer_get(offer, KO_OFFER_URL);
    if (offer->n_images == 0)
        return false;
    if (is_sitemap_url(record))
        return !ko_words_find(url, strlen(url), articles);
    return offer->field[KO_OFFER_PRICE] || ko_html_find(record, "image_link") ||
           ko_html_find(record, "bigimage");
}

/* The name of the shop that a feed is of: its own title, NULL for none. */
static const xmlNode *shop_title(const xmlNode *root)
{
    const xmlNode *title = ko_html_find(root, "title");
    const bool own = title && (title->parent == root || ko_html_is(title->parent, "channel"));
    return own ? title : NULL;
}

/* Reads a record into an offer, or a link when that tells more: of what is no product, and of
 * what a sitemap lists, which never has a price. */
static ko_status take_record(const xmlNode *node, const xmlNode *shop, const ko_web_base *base,
                             ko_page *page, ko_buf *text)
{
    ko_page_offer *offer = ko_offers_add(&page->offers);
    if (!offer)
        return KO_E_NOMEM;
    ko_status st = read_record(node, base, offer, text);
    if (st == KO_OK && shop)
        st = ko_offer_set(offer, KO_OFFER_SELLER, own_text(shop, text), NULL);
    const bool product = is_product(node, offer);
    if (st == KO_OK && (!product || is_sitemap_url(node)))
        st = ko_links_add(page, KO_LINK_PAGE, offer->field[KO_OFFER_URL], NULL);
    if (!product)
        ko_offers_cut(&page->offers, page->offers.count - 1);
    return st;
}

static ko_status read_records(const xmlNode *root, const ko_web_base *base, ko_page *page)
{
    const xmlNode *shop = shop_title(root);
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT);
    ko_status st = KO_OK;
    const xmlNode *node = root;
    while (node && st == KO_OK && page->offers.count < KO_MAX_PAGE_OFFERS) {
        const bool record = is_record(node);
        if (record)
            st = take_record(node, shop, base, page, &text);
        else if (ko_html_is(node, "link") && /* RFC 5005, section 3 */
                 ko_html_has_word(ko_html_attribute(node, "rel"), "next"))
            st = ko_links_add(page, KO_LINK_MORE, ko_html_attribute(node, "href"), base);
        node = record ? ko_html_skip(node, root) : ko_html_next(node, root);
    }
    ko_buf_free(&text);
    return st;
}

/* An index leads to sitemaps, which are parts of one list. */
static ko_status read_index(const xmlNode *root, const ko_web_base *base, ko_page *page)
{
    ko_buf text = KO_BUF(KO_MAX_URL_BYTES);
    ko_status st = KO_OK;
    for (const xmlNode *node = root; node && st == KO_OK; node = ko_html_next(node, root))
        if (ko_html_is(node, "loc") && node->parent && ko_html_is(node->parent, "sitemap")) {
            const char *url = own_text(node, &text);
            st = url ? ko_links_add(page, KO_LINK_MORE, url, base) : KO_E_NOMEM;
        }
    ko_buf_free(&text);
    return st;
}

static bool name_kind(const xmlNode *root, ko_page *page)
{
    static const struct kind {
        const char *root, *name;
        ko_page_format format;
    } kinds[] = {{"rss", "RSS feed", KO_FORMAT_FEED_XML},
                 {"rdf", "RSS feed", KO_FORMAT_FEED_XML},
                 {"feed", "Atom feed", KO_FORMAT_FEED_XML},
                 {"products", "product feed", KO_FORMAT_FEED_XML},
                 {"urlset", "sitemap", KO_FORMAT_SITEMAP},
                 {"sitemapindex", "index of sitemaps", KO_FORMAT_SITEMAP}};
    for (size_t i = 0; root && i < sizeof kinds / sizeof *kinds; i++)
        if (ko_html_is(root, kinds[i].root)) {
            page->kind = kinds[i].name;
            page->format = kinds[i].format;
        }
    return page->kind != NULL;
}

ko_status ko_feed_xml(const char *text, size_t size, const ko_web_base *base, ko_page *page)
{
    if (size > INT_MAX)
        return KO_OK;
    /* Entities are not expanded and no document type is loaded: a bomb stays a name. */
    xmlDoc *doc = xmlReadMemory(text, (int)size, NULL, "UTF-8",
                                XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOERROR |
                                    XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    ko_status st = KO_OK;
    if (name_kind(root, page))
        st = ko_html_is(root, "sitemapindex") ? read_index(root, base, page)
                                              : read_records(root, base, page);
    xmlFreeDoc(doc);
    return st;
}
