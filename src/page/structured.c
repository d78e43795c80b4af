#include "page/structured.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/html.h"
#include "page/json.h"
#include "page/title.h"
#include "page/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is being read, and where it goes. */
typedef struct reading {
    ko_page_offers *offers;
    const ko_web_base *base;
    ko_status status;
} reading;

static void set(ko_status *st, ko_page_offer *offer, ko_offer_field field, const char *text,
                const ko_web_base *base)
{
    if (*st == KO_OK)
        *st = ko_offer_set(offer, field, text, base);
}

static void add_image(ko_status *st, ko_page_offer *offer, const char *url, const ko_web_base *base)
{
    if (*st == KO_OK)
        *st = ko_offer_add_image(offer, url, base);
}

/* --- JSON-LD --- */

static bool names_type(const char *text, const char *const *types)
{
    const char *slash = text ? strrchr(text, '/') : NULL;
    const char *name = slash ? slash + 1 : text;
    for (; name && *types; types++)
        if (strcasecmp(name, *types) == 0)
            return true;
    return false;
}

bool ko_structured_has_type(const json_t *object, const char *const *types)
{
    const json_t *type = json_object_get(object, "@type");
    if (!json_is_array(type))
        return names_type(json_string_value(type), types);
    for (size_t i = 0; i < json_array_size(type); i++)
        if (names_type(json_string_value(json_array_get(type, i)), types))
            return true;
    return false;
}

/* An element of what may be a list or a single value; NULL behind the last. */
static const json_t *element(const json_t *value, size_t i)
{
    if (json_is_array(value))
        return json_array_get(value, i);
    return i == 0 ? value : NULL;
}

static void read_images(reading *in, ko_page_offer *offer, const json_t *images)
{
    static const char *const addresses[] = {"contentUrl", "url", "image", "@id", NULL};
    const json_t *image = NULL;
    for (size_t i = 0; i < KO_MAX_LISTING_IMAGES && (image = element(images, i)); i++) {
        if (json_is_object(image))
            image = ko_page_json_first(image, addresses);
        for (size_t k = 0; k < KO_MAX_LISTING_IMAGES && element(image, k); k++)
            add_image(&in->status, offer, json_string_value(element(image, k)), in->base);
    }
}

/* One price beside those that are known: the range goes from the lowest to the highest. */
static void add_price(reading *in, ko_page_offer *offer, const char *low, const char *high)
{
    const char *known = offer->field[KO_OFFER_PRICE];
    if (!low)
        low = high;
    if (!low || !*low)
        return;
    if (!known) {
        set(&in->status, offer, KO_OFFER_PRICE, low, NULL);
        if (high && strcmp(high, low) != 0)
            set(&in->status, offer, KO_OFFER_PRICE_MAX, high, NULL);
        return;
    }
    const double price = strtod(low, NULL);
    if (price > 0 && price < strtod(known, NULL)) {
        char *former = offer->field[KO_OFFER_PRICE];
        offer->field[KO_OFFER_PRICE] = NULL;
        set(&in->status, offer, KO_OFFER_PRICE, low, NULL);
        if (offer->field[KO_OFFER_PRICE_MAX])
            ko_free(former);
        else
            offer->field[KO_OFFER_PRICE_MAX] = former;
    } else if (price >
               strtod(offer->field[KO_OFFER_PRICE_MAX] ? offer->field[KO_OFFER_PRICE_MAX] : known,
                      NULL)) {
        ko_free(offer->field[KO_OFFER_PRICE_MAX]);
        offer->field[KO_OFFER_PRICE_MAX] = NULL;
        set(&in->status, offer, KO_OFFER_PRICE_MAX, low, NULL);
    }
}

static void read_seller(reading *in, ko_page_offer *offer, const json_t *seller)
{
    const json_t *one = element(seller, 0);
    if (json_is_string(one))
        set(&in->status, offer, KO_OFFER_SELLER, json_string_value(one), NULL);
    set(&in->status, offer, KO_OFFER_SELLER, json_string_value(json_object_get(one, "name")), NULL);
    set(&in->status, offer, KO_OFFER_SELLER_URL, json_string_value(json_object_get(one, "url")),
        in->base);
}

static void read_one_offer(reading *in, ko_page_offer *offer, const json_t *from)
{
    char low[KO_PAGE_NUMBER_SIZE], high[KO_PAGE_NUMBER_SIZE];
    static const char *const lows[] = {"price", "lowPrice", "minPrice", NULL};
    static const char *const highs[] = {"highPrice", "maxPrice", NULL};
    add_price(in, offer, ko_page_json_text(ko_page_json_first(from, lows), low),
              ko_page_json_text(ko_page_json_first(from, highs), high));
    set(&in->status, offer, KO_OFFER_CURRENCY,
        json_string_value(json_object_get(from, "priceCurrency")), NULL);
    static const char *const sellers[] = {"seller", "offeredBy", NULL};
    read_seller(in, offer, ko_page_json_first(from, sellers));
}

/* Offers of a product, the offers inside an AggregateOffer, and their price specifications. */
static void read_offers(reading *in, ko_page_offer *offer, const json_t *offers)
{
    const json_t *one = NULL;
    for (size_t i = 0; i < 1000 && (one = element(offers, i)); i++) {
        read_one_offer(in, offer, one);
        const json_t *inner = json_object_get(one, "offers");
        for (size_t k = 0; k < 1000 && element(inner, k); k++)
            read_one_offer(in, offer, element(inner, k));
        const json_t *spec = element(json_object_get(one, "priceSpecification"), 0);
        if (!offer->field[KO_OFFER_PRICE])
            read_one_offer(in, offer, spec);
        set(&in->status, offer, KO_OFFER_URL, json_string_value(json_object_get(one, "url")),
            in->base);
    }
}

static void read_variants(reading *in, ko_page_offer *offer, const json_t *variants)
{
    const json_t *one = NULL;
    for (size_t i = 0; i < 1000 && (one = element(variants, i)); i++) {
        read_offers(in, offer, json_object_get(one, "offers"));
        read_images(in, offer, json_object_get(one, "image"));
    }
}

static void read_product(reading *in, const json_t *product, ko_page_offer *offer)
{
    char number[KO_PAGE_NUMBER_SIZE];
    static const char *const names[] = {"name", "title", NULL};
    static const char *const ids[] = {"productID", "sku", "productGroupID", NULL};
    set(&in->status, offer, KO_OFFER_TITLE, json_string_value(ko_page_json_first(product, names)),
        NULL);
    static const char *const urls[] = {"url", "@id", NULL};
    set(&in->status, offer, KO_OFFER_URL, json_string_value(ko_page_json_first(product, urls)),
        in->base);
    set(&in->status, offer, KO_OFFER_ITEM_ID,
        ko_page_json_text(ko_page_json_first(product, ids), number), NULL);
    static const char *const pictures[] = {"image", "images", "photo", NULL};
    read_images(in, offer, ko_page_json_first(product, pictures));
    read_offers(in, offer, json_object_get(product, "offers"));
    read_variants(in, offer, json_object_get(product, "hasVariant"));
    static const char *const sellers[] = {"seller", "offeredBy", NULL};
    read_seller(in, offer, ko_page_json_first(product, sellers));
}

/* Takes the last offer in: into the same product read before, or as one of its own. */
static void settle(reading *in)
{
    ko_page_offer *last = &in->offers->offer[in->offers->count - 1];
    const char *title = ko_offer_get(last, KO_OFFER_TITLE);
    const bool empty = !*title && last->n_images == 0;
    for (size_t i = 0; i + 1 < in->offers->count && !empty; i++) {
        ko_page_offer *before = &in->offers->offer[i];
        if (strcmp(ko_offer_get(before, KO_OFFER_TITLE), title) != 0 ||
            (*ko_offer_get(before, KO_OFFER_ITEM_ID) && *ko_offer_get(last, KO_OFFER_ITEM_ID) &&
             strcmp(ko_offer_get(before, KO_OFFER_ITEM_ID), ko_offer_get(last, KO_OFFER_ITEM_ID)) !=
                 0))
            continue;
        if (in->status == KO_OK)
            in->status = ko_offer_merge(before, last);
        ko_offers_cut(in->offers, in->offers->count - 1);
        return;
    }
    if (empty)
        ko_offers_cut(in->offers, in->offers->count - 1);
}

static ko_page_offer *begin(reading *in)
{
    ko_page_offer *offer = in->status == KO_OK ? ko_offers_add(in->offers) : NULL;
    if (!offer && in->status == KO_OK && in->offers->count < KO_MAX_PAGE_OFFERS)
        in->status = KO_E_NOMEM;
    return offer;
}

static const char *const product_types[] = {"Product",      "ProductGroup",      "ProductModel",
                                            "SomeProducts", "IndividualProduct", NULL};

static bool visit_json(void *context, const ko_page_json_visit *visit)
{
    static const char *const others[] = {"isrelatedto", "issimilarto",  "itemreviewed",
                                         "isaccessory", "isconsumable", NULL};
    reading *in = context;
    if (in->status != KO_OK || ko_words_find(visit->key, strlen(visit->key), others))
        return false;
    if (!ko_structured_has_type(visit->value, product_types))
        return true;
    ko_page_offer *offer = begin(in);
    if (offer) {
        read_product(in, visit->value, offer);
        settle(in);
    }
    return false;
}

ko_status ko_structured_json(const json_t *root, const ko_web_base *base, ko_page_offers *offers)
{
    reading in = {.offers = offers, .base = base};
    ko_page_json_walk(root, visit_json, &in);
    return in.status;
}

/* --- microdata (HTML Living Standard, 5) --- */

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

static const xmlNode *scope_above(const xmlNode *node)
{
    for (node = node->parent; node; node = node->parent)
        if (ko_html_attribute(node, "itemscope"))
            return node;
    return NULL;
}

static void read_offer_property(reading *in, ko_page_offer *offer, const char *names,
                                const char *value)
{
    if (ko_html_has_word(names, "price") || ko_html_has_word(names, "lowPrice"))
        add_price(in, offer, value, NULL);
    else if (ko_html_has_word(names, "highPrice"))
        add_price(in, offer, NULL, value);
    else if (ko_html_has_word(names, "priceCurrency"))
        set(&in->status, offer, KO_OFFER_CURRENCY, value, NULL);
}

/* A property of the product itself. */
static void read_own_property(reading *in, ko_page_offer *offer, const char *names,
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
        add_image(&in->status, offer, value, in->base);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (ko_html_has_word(names, fields[i].name))
            set(&in->status, offer, fields[i].field, value, in->base);
    read_offer_property(in, offer, names, value); /* shops leave the offer's scope out */
}

/* A property of a product, of its offer, of that offer's seller, or of its picture. */
static void read_property(reading *in, ko_page_offer *offer, const xmlNode *node,
                          const xmlNode *product, ko_buf *text)
{
    const char *names = ko_html_attribute(node, "itemprop");
    const xmlNode *scope = scope_above(node);
    const char *role = scope ? ko_html_attribute(scope, "itemprop") : NULL;
    if (!names || (ko_html_attribute(node, "itemscope") && !ko_html_has_word(names, "image")))
        return;
    const char *value = property_value(node, text);
    if (scope == product) {
        read_own_property(in, offer, names, value);
    } else if (role && ko_html_has_word(role, "offers")) {
        read_offer_property(in, offer, names, value);
    } else if (role && ko_html_has_word(role, "seller")) {
        if (ko_html_has_word(names, "name"))
            set(&in->status, offer, KO_OFFER_SELLER, value, NULL);
        else if (ko_html_has_word(names, "url"))
            set(&in->status, offer, KO_OFFER_SELLER_URL, value, in->base);
    } else if (role && ko_html_has_word(role, "image") &&
               (ko_html_has_word(names, "url") || ko_html_has_word(names, "contentUrl"))) {
        add_image(&in->status, offer, value, in->base);
    }
}

static bool is_product_scope(const xmlNode *node)
{
    const char *type = ko_html_attribute(node, "itemtype");
    return type && names_type(type, product_types);
}

static void read_microdata(reading *in, const xmlNode *product)
{
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT);
    ko_page_offer *offer = begin(in);
    const xmlNode *node = offer ? ko_html_next(product, product) : NULL;
    while (node && in->status == KO_OK) {
        if (is_product_scope(node)) {
            node = ko_html_skip(node, product);
            continue;
        }
        read_property(in, offer, node, product, &text);
        node = ko_html_next(node, product);
    }
    if (offer)
        settle(in);
    ko_buf_free(&text);
}

ko_status ko_structured_products(const xmlDoc *page, const ko_web_base *base,
                                 ko_page_offers *offers)
{
    static const char *const linked_data[] = {"ld+json", NULL};
    reading in = {.offers = offers, .base = base};
    const xmlNode *root = xmlDocGetRootElement(page);
    for (const xmlNode *node = root; node && in.status == KO_OK; node = ko_html_next(node, root)) {
        const char *type = ko_html_is(node, "script") ? ko_html_attribute(node, "type") : NULL;
        if (!type || !ko_words_find(type, strlen(type), linked_data))
            continue;
        const char *text = ko_html_script(node);
        json_t *value = NULL;
        in.status = ko_page_json_parse(text, strlen(text), &value);
        ko_page_json_walk(value, visit_json, &in);
        json_decref(value);
    }
    for (const xmlNode *node = root; node && in.status == KO_OK; node = ko_html_next(node, root))
        if (is_product_scope(node))
            read_microdata(&in, node);
    return in.status;
}

/* --- meta elements --- */

const char *ko_structured_meta(const xmlDoc *page, const char *name)
{
    static const char *const keys[] = {"property", "name", "itemprop"};
    const xmlNode *root = xmlDocGetRootElement(page);
    for (const xmlNode *node = root; node; node = ko_html_next(node, root))
        for (size_t k = 0; k < 3 && ko_html_is(node, "meta"); k++) {
            const char *value = ko_html_attribute(node, keys[k]);
            const char *content = ko_html_attribute(node, "content");
            if (value && strcasecmp(value, name) == 0 && content && *content)
                return content;
        }
    return NULL;
}

static const char *canonical(const xmlDoc *page)
{
    const xmlNode *root = xmlDocGetRootElement(page);
    for (const xmlNode *node = root; node; node = ko_html_next(node, root))
        if (ko_html_is(node, "link") &&
            ko_html_has_word(ko_html_attribute(node, "rel"), "canonical"))
            return ko_html_attribute(node, "href");
    return NULL;
}

static void read_meta_images(ko_status *st, const xmlDoc *page, const ko_web_base *base,
                             ko_page_offer *offer)
{
    static const char *const names[] = {"og:image", "og:image:secure_url", "twitter:image",
                                        "twitter:image:src", NULL};
    const xmlNode *root = xmlDocGetRootElement(page);
    for (const xmlNode *node = root; node; node = ko_html_next(node, root)) {
        if (!ko_html_is(node, "meta"))
            continue;
        const char *name = ko_html_attribute(node, "property");
        if (!name)
            name = ko_html_attribute(node, "name");
        for (size_t i = 0; name && names[i]; i++)
            if (strcasecmp(name, names[i]) == 0)
                add_image(st, offer, ko_html_attribute(node, "content"), base);
    }
}

/* The value of the first meta element whose name ends so, whatever vocabulary it is from:
 * "product:price:amount", "og:price:amount", "etsymarketplace:price_value". */
static const char *meta_ending(const xmlDoc *page, const char *const *endings)
{
    const xmlNode *root = xmlDocGetRootElement(page);
    for (; *endings; endings++)
        for (const xmlNode *node = root; node; node = ko_html_next(node, root)) {
            const char *name =
                ko_html_is(node, "meta") ? ko_html_attribute(node, "property") : NULL;
            const char *content = name ? ko_html_attribute(node, "content") : NULL;
            const size_t n = name ? strlen(name) : 0, ending = strlen(*endings);
            if (content && *content && n > ending && strcasecmp(name + n - ending, *endings) == 0)
                return content;
        }
    return NULL;
}

ko_status ko_structured_page(const xmlDoc *page, const ko_web_base *base, ko_page_offer *offer,
                             bool *out_product)
{
    static const char *const products[] = {"product", "offer", "marketplace:item", NULL};
    static const char *const prices[] = {
        ":sale_price:amount", ":price:amount", ":price_value", ":price", ":price_amount", NULL};
    static const char *const currencies[] = {
        ":sale_price:currency", ":price:currency", ":currency_code",
        ":price_currency",      ":currency",       NULL};
    ko_status st = KO_OK;
    const char *type = ko_structured_meta(page, "og:type");
    const char *price = meta_ending(page, prices);
    *out_product = price || (type && ko_words_find(type, strlen(type), products));
    set(&st, offer, KO_OFFER_URL, canonical(page), base);
    set(&st, offer, KO_OFFER_URL, ko_structured_meta(page, "og:url"), base);
    set(&st, offer, KO_OFFER_PRICE, price, NULL);
    if (price)
        set(&st, offer, KO_OFFER_CURRENCY, meta_ending(page, currencies), NULL);
    if (st == KO_OK)
        st = ko_title_read(page, offer);
    read_meta_images(&st, page, base, offer);
    return st;
}
