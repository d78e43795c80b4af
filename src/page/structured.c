#include "page/structured.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/draft.h"
#include "page/entities.h"
#include "page/html.h"
#include "page/json.h"
#include "page/microdata.h"
#include "page/title.h"
#include "page/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is being read: the offers, and what the objects of the page are called by each other. */
typedef struct reading {
    ko_draft draft;
    json_t *by_id; /* objects by their "@id" */
} reading;

/* --- JSON-LD --- */

bool ko_structured_has_type(const json_t *object, const char *const *types)
{
    const json_t *type = json_object_get(object, "@type");
    if (!json_is_array(type))
        return ko_draft_names(json_string_value(type), types);
    for (size_t i = 0; i < json_array_size(type); i++)
        if (ko_draft_names(json_string_value(json_array_get(type, i)), types))
            return true;
    return false;
}

/* What an object refers to when it says no more than a name, else itself. */
static const json_t *referred(const reading *in, const json_t *value)
{
    const char *id = json_string_value(json_object_get(value, "@id"));
    const json_t *whole =
        id && json_object_size(value) == 1 ? json_object_get(in->by_id, id) : NULL;
    return whole ? whole : value;
}

/* An element of what may be a list or a single value; NULL behind the last. */
static const json_t *element(const reading *in, const json_t *value, size_t i)
{
    if (json_is_array(value))
        return referred(in, json_array_get(value, i));
    return i == 0 ? referred(in, value) : NULL;
}

static void read_images(reading *in, ko_page_offer *offer, const json_t *images)
{
    static const char *const addresses[] = {"contentUrl", "url", "image", "@id", NULL};
    const json_t *image = NULL;
    for (size_t i = 0; i < KO_MAX_LISTING_IMAGES && (image = element(in, images, i)); i++) {
        if (json_is_object(image))
            image = ko_page_json_first(image, addresses);
        for (size_t k = 0; k < KO_MAX_LISTING_IMAGES && element(in, image, k); k++)
            ko_draft_image(&in->draft, offer, json_string_value(element(in, image, k)));
    }
}

static void read_seller(reading *in, ko_page_offer *offer, const json_t *seller)
{
    const json_t *one = element(in, seller, 0);
    if (json_is_string(one))
        ko_draft_set(&in->draft, offer, KO_OFFER_SELLER, json_string_value(one));
    ko_draft_set(&in->draft, offer, KO_OFFER_SELLER,
                 json_string_value(json_object_get(one, "name")));
    ko_draft_set(&in->draft, offer, KO_OFFER_SELLER_URL,
                 json_string_value(json_object_get(one, "url")));
}

static void read_one_offer(reading *in, ko_page_offer *offer, const json_t *from)
{
    char low[KO_PAGE_NUMBER_SIZE], high[KO_PAGE_NUMBER_SIZE];
    static const char *const lows[] = {"price", "lowPrice", "minPrice", NULL};
    static const char *const highs[] = {"highPrice", "maxPrice", NULL};
    ko_draft_price(&in->draft, offer, ko_page_json_text(ko_page_json_first(from, lows), low),
                   ko_page_json_text(ko_page_json_first(from, highs), high));
    ko_draft_set(&in->draft, offer, KO_OFFER_CURRENCY,
                 json_string_value(json_object_get(from, "priceCurrency")));
    static const char *const sellers[] = {"seller", "offeredBy", NULL};
    read_seller(in, offer, ko_page_json_first(from, sellers));
}

/* Offers of a product, the offers inside an AggregateOffer, and their price specifications. */
static void read_offers(reading *in, ko_page_offer *offer, const json_t *offers)
{
    const json_t *one = NULL;
    for (size_t i = 0; i < 1000 && (one = element(in, offers, i)); i++) {
        read_one_offer(in, offer, one);
        const json_t *inner = json_object_get(one, "offers");
        for (size_t k = 0; k < 1000 && element(in, inner, k); k++)
            read_one_offer(in, offer, element(in, inner, k));
        const json_t *spec = element(in, json_object_get(one, "priceSpecification"), 0);
        if (!offer->field[KO_OFFER_PRICE])
            read_one_offer(in, offer, spec);
        ko_draft_set(&in->draft, offer, KO_OFFER_URL,
                     json_string_value(json_object_get(one, "url")));
    }
}

static void read_variants(reading *in, ko_page_offer *offer, const json_t *variants)
{
    const json_t *one = NULL;
    for (size_t i = 0; i < 1000 && (one = element(in, variants, i)); i++) {
        read_offers(in, offer, json_object_get(one, "offers"));
        read_images(in, offer, json_object_get(one, "image"));
    }
}

static void read_product(reading *in, const json_t *product, ko_page_offer *offer)
{
    char number[KO_PAGE_NUMBER_SIZE];
    static const char *const names[] = {"name", "title", NULL};
    static const char *const ids[] = {"productID", "sku", "productGroupID", NULL};
    ko_draft_set(&in->draft, offer, KO_OFFER_TITLE,
                 json_string_value(ko_page_json_first(product, names)));
    static const char *const urls[] = {"url", "@id", NULL};
    ko_draft_set(&in->draft, offer, KO_OFFER_URL,
                 json_string_value(ko_page_json_first(product, urls)));
    ko_draft_set(&in->draft, offer, KO_OFFER_ITEM_ID,
                 ko_page_json_text(ko_page_json_first(product, ids), number));
    static const char *const pictures[] = {"image", "images", "photo", NULL};
    read_images(in, offer, ko_page_json_first(product, pictures));
    read_offers(in, offer, json_object_get(product, "offers"));
    read_variants(in, offer, json_object_get(product, "hasVariant"));
    static const char *const sellers[] = {"seller", "offeredBy", NULL};
    read_seller(in, offer, ko_page_json_first(product, sellers));
}

/* Works are products when they have a price. */
static bool is_sold(const json_t *object)
{
    static const char *const works[] = {"VisualArtwork", "Painting",   "Photograph", "Sculpture",
                                        "CreativeWork",  "MusicAlbum", "Book",       "Drawing",
                                        "Poster",        NULL};
    return ko_structured_has_type(object, ko_draft_products) ||
           (json_object_get(object, "offers") && ko_structured_has_type(object, works));
}

static bool visit_product(void *context, const ko_page_json_visit *visit)
{
    static const char *const mentions[] = {
        "isRelatedTo",     "isSimilarTo", "itemReviewed", "isAccessoryOrSparePartFor",
        "isConsumableFor", "isVariantOf", "orderedItem",  NULL};
    reading *in = context;
    if (in->draft.status != KO_OK || ko_draft_names(visit->key, mentions))
        return false;
    if (!is_sold(visit->value))
        return true;
    ko_page_offer *offer = ko_draft_begin(&in->draft);
    if (offer) {
        read_product(in, visit->value, offer);
        ko_draft_settle(&in->draft);
    }
    return false;
}

/* Notes what an object is called, unless that is all it says. */
static bool visit_name(void *context, const ko_page_json_visit *visit)
{
    reading *in = context;
    const char *id = json_string_value(json_object_get(visit->value, "@id"));
    if (id && json_object_size(visit->value) > 1 && !json_object_get(in->by_id, id) &&
        json_object_set(in->by_id, id, (json_t *)visit->value) != 0)
        in->draft.status = KO_E_NOMEM;
    return in->draft.status == KO_OK;
}

static void read_linked_data(const json_t *root, ko_draft *draft)
{
    reading in = {.draft = *draft, .by_id = json_object()};
    if (!in.by_id)
        in.draft.status = KO_E_NOMEM;
    ko_page_json_walk(root, visit_name, &in);
    ko_page_json_walk(root, visit_product, &in);
    json_decref(in.by_id);
    *draft = in.draft;
}

ko_status ko_structured_json(const json_t *root, const ko_web_base *base, ko_page_offers *offers)
{
    ko_draft draft = {.offers = offers, .base = base};
    read_linked_data(root, &draft);
    return draft.status;
}

/* Parses a script. One without a single quote has all of them escaped for HTML. */
static ko_status parse_script(const char *text, json_t **out_value)
{
    static const char *const escaped[] = {"&quot;", "&#34;", NULL};
    const size_t n = strlen(text);
    if (strchr(text, '"') || !ko_words_find(text, n, escaped))
        return ko_page_json_parse(text, n, out_value);
    char *plain = ko_strdup(text);
    if (!plain)
        return KO_E_NOMEM;
    ko_entities_decode(plain);
    const ko_status st = ko_page_json_parse(plain, strlen(plain), out_value);
    ko_free(plain);
    return st;
}

ko_status ko_structured_scripts(const xmlDoc *page, json_t **out_all)
{
    static const char *const linked_data[] = {"ld+json", NULL};
    const xmlNode *root = xmlDocGetRootElement(page);
    json_t *all = json_array();
    ko_status st = all ? KO_OK : KO_E_NOMEM;
    for (const xmlNode *node = root; node && st == KO_OK; node = ko_html_next(node, root)) {
        const char *type = ko_html_is(node, "script") ? ko_html_attribute(node, "type") : NULL;
        json_t *value = NULL;
        if (!type || !ko_words_find(type, strlen(type), linked_data))
            continue;
        st = parse_script(ko_html_script(node), &value);
        if (value && json_array_append_new(all, value) != 0)
            st = KO_E_NOMEM;
    }
    *out_all = all;
    return st;
}

ko_status ko_structured_products(const xmlDoc *page, const ko_web_base *base,
                                 ko_page_offers *offers)
{
    json_t *all = NULL;
    ko_draft draft = {.offers = offers, .base = base, .status = ko_structured_scripts(page, &all)};
    if (draft.status == KO_OK)
        read_linked_data(all, &draft);
    json_decref(all);
    if (draft.status == KO_OK)
        ko_microdata_read(page, &draft);
    return draft.status;
}

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
