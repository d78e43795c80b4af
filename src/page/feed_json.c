/* Every interface is a row of a table: by which keys its records are known, and by which
 * paths their fields are found. Records may stand at any depth. */
#include "page/feed.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/json.h"
#include "page/links.h"
#include "page/structured.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PATHS 5

typedef struct interface {
    const char *name;
    ko_page_format format;
    const char *marks[3]; /* paths that a record has, all of them */
    const char *fields[KO_OFFER_FIELDS][MAX_PATHS];
    const char *images[MAX_PATHS]; /* each a URL, an object or a list of either */
    const char *minor_unit;        /* path of how many digits of the price are cents */
    const char *divisor;           /* path of what the price is to be divided by */
    const char *next;              /* of the reply: where its next part is */
    bool handles;                  /* Shopify's: URLs are made of handles, prices of variants */
} interface;

static const interface interfaces[] = {
    {.name = "Shopify products",
     .format = KO_FORMAT_SHOPIFY,
     .marks = {"handle", "variants", "title"},
     .fields = {[KO_OFFER_TITLE] = {"title"},
                [KO_OFFER_SELLER] = {"vendor"},
                [KO_OFFER_PRICE] = {"variants.0.price.amount", "variants.0.price"},
                [KO_OFFER_CURRENCY] = {"variants.0.price.currency_code",
                                       "variants.0.presentment_prices.0.price.currency_code"},
                [KO_OFFER_ITEM_ID] = {"id"}},
     .images = {"images", "image", "featured_image"},
     .handles = true},
    {.name = "WooCommerce Store API",
     .format = KO_FORMAT_WOOCOMMERCE,
     .marks = {"permalink", "prices", "name"},
     .fields = {[KO_OFFER_URL] = {"permalink"},
                [KO_OFFER_TITLE] = {"name"},
                [KO_OFFER_PRICE] = {"prices.price_range.min_amount", "prices.price"},
                [KO_OFFER_PRICE_MAX] = {"prices.price_range.max_amount"},
                [KO_OFFER_CURRENCY] = {"prices.currency_code"},
                [KO_OFFER_ITEM_ID] = {"id"}},
     .images = {"images"},
     .minor_unit = "prices.currency_minor_unit"},
    {.name = "eBay Browse API",
     .format = KO_FORMAT_EBAY,
     .marks = {"itemId", "title"},
     .fields = {[KO_OFFER_URL] = {"itemWebUrl", "itemAffiliateWebUrl"},
                [KO_OFFER_TITLE] = {"title"},
                [KO_OFFER_SELLER] = {"seller.username"},
                [KO_OFFER_PRICE] = {"price.value", "currentBidPrice.value"},
                [KO_OFFER_CURRENCY] = {"price.currency", "currentBidPrice.currency"},
                [KO_OFFER_ITEM_ID] = {"legacyItemId", "itemId"}},
     .images = {"image", "thumbnailImages", "additionalImages"},
     .next = "next"},
    {.name = "Etsy API v3",
     .format = KO_FORMAT_ETSY,
     .marks = {"listing_id", "title"},
     .fields = {[KO_OFFER_URL] = {"url"},
                [KO_OFFER_TITLE] = {"title"},
                [KO_OFFER_SELLER] = {"shop.shop_name", "shop_name", "shop_id"},
                [KO_OFFER_SELLER_ID] = {"shop_id"},
                [KO_OFFER_SELLER_URL] = {"shop.url"},
                [KO_OFFER_PRICE] = {"price.amount"},
                [KO_OFFER_CURRENCY] = {"price.currency_code"},
                [KO_OFFER_ITEM_ID] = {"listing_id"}},
     .images = {"images", "Images"},
     .divisor = "price.divisor"},
    {.name = "AliExpress API",
     .format = KO_FORMAT_ALIEXPRESS,
     .marks = {"product_id", "product_detail_url"},
     .fields = {[KO_OFFER_URL] = {"product_detail_url"},
                [KO_OFFER_TITLE] = {"title", "product_title", "subject"},
                [KO_OFFER_SELLER] = {"shop_name", "store_name", "shop_id"},
                [KO_OFFER_SELLER_ID] = {"shop_id"},
                [KO_OFFER_SELLER_URL] = {"shop_url"},
                [KO_OFFER_PRICE] = {"price.sale.value", "target_sale_price", "sale_price",
                                    "app_sale_price"},
                [KO_OFFER_CURRENCY] = {"price.sale.currency", "target_sale_price_currency",
                                       "sale_price_currency", "app_sale_price_currency"},
                [KO_OFFER_ITEM_ID] = {"product_id"}},
     .images = {"image_url", "product_main_image_url", "product_small_image_urls.string",
                "product_small_image_urls"}},
};

typedef struct reading {
    ko_page *page;
    const ko_web_base *base;
    const interface *from; /* of the last record */
    ko_status status;
} reading;

static const interface *interface_of(const json_t *record)
{
    for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++) {
        const interface *known = &interfaces[i];
        bool all = true;
        for (size_t m = 0; m < 3 && known->marks[m]; m++)
            all = all && json_object_get(record, known->marks[m]);
        if (all)
            return known;
    }
    return NULL;
}

static const char *image_url(const json_t *image)
{
    static const char *const keys[] = {"url_fullxfull", "src",         "imageUrl", "url",
                                       "url_570xN",     "originalSrc", NULL};
    return json_string_value(json_is_object(image) ? ko_page_json_first(image, keys) : image);
}

static void add_images(reading *in, const interface *from, const json_t *record,
                       ko_page_offer *offer)
{
    for (size_t p = 0; p < MAX_PATHS && from->images[p]; p++) {
        const json_t *images = ko_page_json_at(record, from->images[p]);
        const size_t n = json_is_array(images) ? json_array_size(images) : images != NULL;
        for (size_t i = 0; i < n && in->status == KO_OK; i++)
            in->status = ko_offer_add_image(
                offer, image_url(json_is_array(images) ? json_array_get(images, i) : images),
                in->base);
    }
}

/* Writes a whole number of cents with its decimals: exact, where division need not be. */
static void put_decimals(const char *cents, long digits, char out[KO_PAGE_NUMBER_SIZE])
{
    const long n = (long)strlen(cents);
    const bool plain = n > 0 && n < 20 && strspn(cents, "0123456789") == (size_t)n;
    if (!plain || digits <= 0 || digits > 4)
        (void)snprintf(out, KO_PAGE_NUMBER_SIZE, "%.30s", cents);
    else if (n <= digits)
        (void)snprintf(out, KO_PAGE_NUMBER_SIZE, "0.%.*s%s", (int)(digits - n), "0000", cents);
    else
        (void)snprintf(out, KO_PAGE_NUMBER_SIZE, "%.*s.%s", (int)(n - digits), cents,
                       cents + n - digits);
}

static long decimals_of(const interface *from, const json_t *record)
{
    if (from->minor_unit)
        return (long)json_integer_value(ko_page_json_at(record, from->minor_unit));
    long digits = 0;
    const json_t *divisor = from->divisor ? ko_page_json_at(record, from->divisor) : NULL;
    for (json_int_t left = json_integer_value(divisor); left >= 10; left /= 10)
        digits++;
    return digits;
}

static void set_fields(reading *in, const interface *from, const json_t *record,
                       ko_page_offer *offer)
{
    const long decimals = decimals_of(from, record);
    for (int f = 0; f < KO_OFFER_FIELDS; f++)
        for (size_t p = 0; p < MAX_PATHS && from->fields[f][p] && in->status == KO_OK; p++) {
            char number[KO_PAGE_NUMBER_SIZE], price[KO_PAGE_NUMBER_SIZE];
            const char *text =
                ko_page_json_text(ko_page_json_at(record, from->fields[f][p]), number);
            if (text && decimals > 0 && (f == KO_OFFER_PRICE || f == KO_OFFER_PRICE_MAX)) {
                put_decimals(text, decimals, price);
                text = price;
            }
            in->status = ko_offer_set(offer, (ko_offer_field)f, text, in->base);
        }
}

/* The range of the variants' prices, and the URL that the handle stands for. */
static void add_shopify(reading *in, const json_t *record, ko_page_offer *offer)
{
    const json_t *variants = json_object_get(record, "variants");
    const char *low = NULL, *high = NULL;
    for (size_t i = 0; i < json_array_size(variants); i++) {
        const char *price =
            json_string_value(json_object_get(json_array_get(variants, i), "price"));
        if (price && (!low || strtod(price, NULL) < strtod(low, NULL)))
            low = price;
        if (price && (!high || strtod(price, NULL) > strtod(high, NULL)))
            high = price;
    }
    if (in->status == KO_OK)
        in->status = ko_offer_set(offer, KO_OFFER_PRICE, low, NULL);
    if (in->status == KO_OK && low && strtod(high, NULL) > strtod(low, NULL))
        in->status = ko_offer_set(offer, KO_OFFER_PRICE_MAX, high, NULL);
    char path[KO_MAX_URL_BYTES];
    const char *handle = json_string_value(json_object_get(record, "handle"));
    if (in->status == KO_OK && handle && in->base->url &&
        snprintf(path, sizeof path, "/products/%s", handle) < (int)sizeof path)
        in->status = ko_offer_set(offer, KO_OFFER_URL, path, in->base);
}

static bool visit_record(void *context, const ko_page_json_visit *visit)
{
    reading *in = context;
    if (in->status != KO_OK)
        return false;
    const interface *from = interface_of(visit->value);
    if (!from)
        return true;
    const bool room = in->page->offers.count < KO_MAX_PAGE_OFFERS;
    ko_page_offer *offer = ko_offers_add(&in->page->offers);
    if (!offer) {
        in->status = room ? KO_E_NOMEM : KO_OK;
        return false;
    }
    in->from = from;
    if (from->handles)
        add_shopify(in, visit->value, offer);
    set_fields(in, from, visit->value, offer);
    add_images(in, from, visit->value, offer);
    if (in->status == KO_OK && offer->n_images == 0)
        in->status = ko_offer_warn(offer, "the reply states no pictures of this listing");
    return false;
}

ko_status ko_feed_json(const json_t *root, const ko_web_base *base, ko_page *page)
{
    reading in = {.page = page, .base = base};
    ko_page_json_walk(root, visit_record, &in);
    if (in.status == KO_OK && in.from) {
        page->kind = in.from->name;
        page->format = in.from->format;
        if (in.from->next)
            in.status = ko_links_add(page, KO_LINK_MORE,
                                     json_string_value(ko_page_json_at(root, in.from->next)), base);
    } else if (in.status == KO_OK) {
        in.status = ko_structured_json(root, base, &page->offers);
        page->kind = page->offers.count > 0 ? "JSON-LD" : NULL;
    }
    return in.status;
}
