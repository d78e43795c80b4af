#include "page/state.h"

#include "base/limits.h"
#include "page/json.h"
#include "page/picture.h"
#include "page/rails.h"
#include "page/script.h"
#include "page/web.h"
#include "page/words.h"

#include "base/alloc.h"

#include <string.h>
#include <strings.h>

#define MAX_ANCHORS 8 /* pictures of the offer that an array is searched for */

/* A text that may be a picture's address: whole, as some have no ending, or from the root
 * of the host with one. */
static const char *picture_text(const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || json_string_length(value) > KO_MAX_URL_BYTES || strpbrk(text, " <>\n"))
        return NULL;
    const bool whole = strncasecmp(text, "http", 4) == 0 || strncmp(text, "//", 2) == 0;
    return whole || (*text == '/' && ko_picture_is_name(text)) ? text : NULL;
}

/* How well a member of an object serves: one that is called the full picture before one
 * that names a picture's file, and of these the largest. */
static unsigned member_rank(const char *key, const char *url)
{
    static const char *const full[] = {"hires", "hi_res", "zoom", "full", "original", NULL};
    const unsigned size = ko_picture_size_hint(url);
    if (ko_picture_is_placeholder(url))
        return 0;
    return size + (ko_picture_is_name(url) ? 2000000u : 0u) +
           (ko_words_find(key, strlen(key), full) ? 4000000u : 0u);
}

/* The best picture that one object of a gallery names, in itself or one level below. */
static const char *best_picture(const json_t *object, unsigned levels)
{
    const char *best = NULL;
    unsigned best_rank = 0;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)object, key, value)
    {
        const char *url = picture_text(value);
        if (!url && json_is_object(value) && levels > 0)
            url = best_picture(value, levels - 1);
        const unsigned rank = url ? member_rank(key, url) : 0;
        if (rank > best_rank) {
            best = url;
            best_rank = rank;
        }
    }
    return best;
}

static const char *element_picture(const json_t *element)
{
    return json_is_object(element) ? best_picture(element, 1) : picture_text(element);
}

/* Objects that have a price, or lead to a page of their own, are products. */
static bool is_product_list(const json_t *array)
{
    static const char *const keys[] = {"price",     "prices",    "salePrice", "finalPrice",
                                       "minPrice",  "priceInfo", "itemUrl",   "productUrl",
                                       "productId", "asin",      NULL};
    return ko_page_json_first(json_array_get(array, 0), keys) != NULL;
}

static bool is_gallery_name(const char *key)
{
    static const char *const words[] = {"image", "gallery", "photo",   "picture",
                                        "media", "pics",    "initial", NULL};
    return ko_words_find(key, strlen(key), words) != NULL;
}

/* One look through a state. */
typedef struct search {
    ko_page_offer *offer;
    const ko_web_base *base;
    bool anchored; /* the offer had pictures: only arrays that hold one of them count */
    bool found;
    ko_status status;
} search;

static ko_status is_known(const search *in, const char *url, bool *out_known)
{
    char *whole = NULL;
    const size_t n = in->offer->n_images < MAX_ANCHORS ? in->offer->n_images : MAX_ANCHORS;
    const ko_status st = ko_web_resolve(url, in->base, &whole);
    for (size_t i = 0; whole && i < n && !*out_known; i++)
        *out_known = ko_picture_same(whole, in->offer->images[i]);
    ko_free(whole);
    return st;
}

/* Any of an element's addresses may be the one that is known. */
static bool knows_element(search *in, const json_t *element)
{
    const char *key = NULL;
    json_t *value = NULL;
    const char *best = element_picture(element);
    bool known = false;
    if (best)
        in->status = is_known(in, best, &known);
    json_object_foreach((json_t *)element, key, value)
    {
        const char *url = picture_text(value);
        if (url && !known && in->status == KO_OK)
            in->status = is_known(in, url, &known);
    }
    return known;
}

/* True when nearly all elements are pictures, and one of them is the offer's. */
static bool is_gallery(search *in, const json_t *array, const char *key)
{
    const size_t n = json_array_size(array);
    size_t pictures = 0;
    bool known = !in->anchored && n > 1 && is_gallery_name(key);
    if (n == 0 || n > 2 * (size_t)KO_MAX_LISTING_IMAGES)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *url = element_picture(json_array_get(array, i));
        pictures += url != NULL;
        if (url && in->anchored && !known && in->status == KO_OK)
            known = knows_element(in, json_array_get(array, i));
    }
    return known && 2 * pictures > n;
}

/* Adds the picture of one element of a gallery. What else the element calls a picture is a copy
 * of it. */
static void add_element(search *in, const json_t *element)
{
    const char *best = element_picture(element), *key = NULL;
    json_t *value = NULL;
    if (in->status == KO_OK)
        in->status = ko_offer_add_image(in->offer, best, in->base);
    json_object_foreach((json_t *)element, key, value)
    {
        const char *copy = best ? picture_text(value) : NULL;
        if (copy && copy != best && ko_picture_is_name(copy) && in->status == KO_OK)
            in->status = ko_offer_add_copy(in->offer, best, copy, in->base);
    }
}

static bool visit_gallery(void *context, const ko_page_json_visit *visit)
{
    search *in = context;
    if (in->status != KO_OK || ko_rail_name(visit->key))
        return false;
    if (!json_is_array(visit->value))
        return true;
    if (is_product_list(visit->value))
        return false;
    if ((!in->anchored && in->found) || !is_gallery(in, visit->value, visit->key))
        return true;
    in->found = true;
    for (size_t i = 0; i < json_array_size(visit->value) && in->status == KO_OK; i++)
        add_element(in, json_array_get(visit->value, i));
    return false;
}

/* What the common platforms call a field; the first name that has a value counts. */
static const struct state_field {
    ko_offer_field field;
    const char *keys[8];
} state_fields[] = {
    {KO_OFFER_TITLE, {"subject", "productTitle", "product_title", "goodsName", "itemTitle"}},
    {KO_OFFER_PRICE, {"formatedActivityPrice", "formatedPrice", "formattedPrice", "priceText"}},
    {KO_OFFER_CURRENCY, {"priceCurrency", "currencyCode", "currency_code"}},
    {KO_OFFER_SELLER, {"storeName", "sellerName", "shopName", "sellerNick", "shop_name"}},
    {KO_OFFER_SELLER_URL, {"storeURL", "storeUrl", "shopUrl", "shop_url"}},
};

static bool visit_fields(void *context, const ko_page_json_visit *visit)
{
    search *in = context;
    char number[KO_PAGE_NUMBER_SIZE];
    if (in->status != KO_OK || ko_rail_name(visit->key))
        return false;
    if (json_is_array(visit->value))
        return !is_product_list(visit->value);
    for (size_t i = 0; i < sizeof state_fields / sizeof *state_fields; i++)
        if (in->status == KO_OK)
            in->status = ko_offer_set(
                in->offer, state_fields[i].field,
                ko_page_json_text(ko_page_json_first(visit->value, state_fields[i].keys), number),
                in->base);
    return true;
}

static ko_status read_value(void *context, const json_t *value)
{
    search *in = context;
    in->found = false;
    ko_page_json_walk(value, visit_gallery, in);
    if (in->found)
        ko_page_json_walk(value, visit_fields, in);
    in->anchored = in->offer->n_images > 0;
    return in->status;
}

ko_status ko_state_read(const xmlDoc *page, const ko_web_base *base, ko_page_offer *offer)
{
    search in = {.offer = offer, .base = base, .anchored = offer->n_images > 0};
    return ko_script_each(page, read_value, &in);
}
