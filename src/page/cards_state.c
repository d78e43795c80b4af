/* Each object of a list describes one listing, under names that are much the same everywhere:
 * paths say where to look, and the first that leads anywhere counts. */
#include "base/limits.h"
#include "page/card_list.h"
#include "page/json.h"
#include "page/picture.h"
#include "page/rails.h"
#include "page/script.h"
#include "page/words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MAX_PATHS 16
#define PICTURE_LEVELS 2 /* "image": {"imgUrl": ...} */
/* Addresses of a page's state that are looked at for a listing's: several an object. */
#define MAX_ADDRESSES ((size_t)8 * KO_MAX_PAGE_CARDS)

static const struct described {
    ko_offer_field field;
    const char *paths[MAX_PATHS];
} described[] = {
    {KO_OFFER_TITLE,
     {"title.displayTitle", "title.seoTitle", "information.puretitle", "puretitle", "raw_title",
      "title", "subject", "productTitle", "displayTitle", "goodsName", "goods_name", "itemTitle",
      "name"}},
    {KO_OFFER_PRICE,
     {"prices.salePrice.formattedPrice", "prices.salePrice.minPrice", "price_info.price_str",
      "priceInfo.priceStr", "tradePrice.price", "salePrice.formattedPrice", "price.formattedPrice",
      "price.formatted", "formattedPrice", "formatted_price", "priceText", "salePrice", "price",
      "view_price"}},
    {KO_OFFER_CURRENCY,
     {"prices.salePrice.currencyCode", "price_info.currency", "price.currencyCode", "currencyCode",
      "currency_code", "currency"}},
    {KO_OFFER_SELLER,
     {"store.storeName", "supplier.supplierName", "seller.name", "shop.name", "storeName",
      "shopName", "shop_name", "sellerName", "companyName", "artistName", "nick"}},
    {KO_OFFER_SELLER_URL,
     {"store.storeUrl", "supplier.supplierHref", "shop.url", "storeUrl", "shopUrl", "shop_url"}},
};

/* What marketplaces call an item's id, and where on their hosts its listing lies. A pair of two
 * marketplaces gives no address that either knows. */
static const struct id_name {
    const char *key, *address;
} id_names[] = {
    {"productId", "/item/%s.html"},
    {"itemId", "/item/%s.html"},
    {"itemId", "/itm/%s"},
    {"goods_id", "/goods.html?goods_id=%s"},
    {"goodsId", "/goods.html?goods_id=%s"},
    {"listing_id", "/listing/%s"},
    {"listingId", "/listing/%s"},
    {"asin", "/dp/%s"},
    {"offerId", "/offer/%s.html"},
    {"nid", "/item/%s.htm"},
};

/* One look through the state of a page. */
typedef struct search {
    ko_card_list *list;
    size_t addresses; /* looked at so far */
    ko_status status;
} search;

/* --- one object --- */

static bool is_address(const char *text)
{
    return (strncasecmp(text, "http", 4) == 0 || *text == '/') && !strpbrk(text, " <>\n");
}

/* The first picture below a member that is called one. */
static const char *picture_in(const json_t *value, bool called, unsigned levels)
{
    static const char *const pictures[] = {"image", "img", "pic", "photo", "thumb", "cover", NULL};
    static const char *const badges[] = {"icon", "logo", "tag", "flag", "avatar", "badge", NULL};
    const char *text = json_string_value(value), *found = NULL, *key = NULL;
    json_t *member = NULL;
    if (text)
        return called && is_address(text) && !ko_picture_is_placeholder(text) ? text : NULL;
    if (levels > 0 && called && json_is_array(value))
        return picture_in(json_array_get(value, 0), true, levels - 1);
    json_object_foreach((json_t *)value, key, member)
    {
        const bool picture = called || ko_words_find(key, strlen(key), pictures);
        const bool looked = levels > 0 || json_is_string(member);
        if (!found && looked && !ko_words_find(key, strlen(key), badges))
            found = picture_in(member, picture, levels > 0 ? levels - 1 : 0);
    }
    return found;
}

static ko_status try_address(search *in, const char *address, ko_canonical *out)
{
    if (in->addresses == MAX_ADDRESSES)
        return KO_E_NOT_FOUND;
    in->addresses++;
    return ko_card_identify(in->list, address, out);
}

/* Which listing an object describes: by an address in it, or by what it calls the item's id. */
static ko_status identify(search *in, const json_t *object, ko_canonical *out)
{
    char number[KO_PAGE_NUMBER_SIZE], address[128];
    const char *key = NULL;
    json_t *member = NULL;
    ko_status st = KO_E_NOT_FOUND;
    for (size_t i = 0; i < sizeof id_names / sizeof *id_names && st == KO_E_NOT_FOUND; i++) {
        const char *id = ko_page_json_text(json_object_get(object, id_names[i].key), number);
        if (!id || !*id || strlen(id) > 40)
            continue;
        const char *hole = strstr(id_names[i].address, "%s");
        (void)snprintf(address, sizeof address, "%.*s%s%s", (int)(hole - id_names[i].address),
                       id_names[i].address, id, hole + 2);
        st = try_address(in, address, out);
    }
    json_object_foreach((json_t *)object, key, member)
    {
        const char *text = json_string_value(member);
        if (st == KO_E_NOT_FOUND && text && is_address(text) && !ko_picture_is_name(text))
            st = try_address(in, text, out);
    }
    return st;
}

static ko_status describe(const json_t *object, const ko_web_base *base, ko_page_offer *card)
{
    char number[KO_PAGE_NUMBER_SIZE];
    ko_status st = ko_offer_add_image(card, picture_in(object, false, PICTURE_LEVELS), base);
    for (size_t i = 0; i < sizeof described / sizeof *described; i++)
        for (const char *const *path = described[i].paths; *path && st == KO_OK; path++)
            st = ko_offer_set(card, described[i].field,
                              ko_page_json_text(ko_page_json_at(object, *path), number), base);
    return st;
}

/* --- lists --- */

/* Adds what an object describes, when that has a title, a picture and a listing. */
static ko_status read_object(search *in, const json_t *object, ko_card_list *found)
{
    ko_page_offer card = {0};
    ko_canonical listing;
    ko_status st = describe(object, found->base, &card);
    if (st == KO_OK && card.field[KO_OFFER_TITLE] && card.n_images > 0) {
        st = identify(in, object, &listing);
        if (st == KO_OK)
            st = ko_card_add(found, listing.key, listing.url.text, &card);
        st = st == KO_E_NOT_FOUND ? KO_OK : st;
    }
    ko_offer_clear(&card);
    return st;
}

/* Takes an array over when it describes enough listings for a list. */
static ko_status read_list(search *in, const json_t *array, bool *out_taken)
{
    ko_card_list found = {.platform = in->list->platform, .base = in->list->base};
    ko_status st = KO_OK;
    for (size_t i = 0; i < json_array_size(array) && st == KO_OK; i++)
        st = read_object(in, json_array_get(array, i), &found);
    *out_taken = found.offers.count >= KO_CARDS_MIN;
    for (size_t i = 0; i < found.offers.count && st == KO_OK && *out_taken; i++) {
        ko_page_offer *card = &found.offers.offer[i];
        st = ko_card_add(in->list, found.keys[i], ko_offer_get(card, KO_OFFER_URL), card);
    }
    ko_card_list_clear(&found);
    return st;
}

static bool visit(void *context, const ko_page_json_visit *visit)
{
    search *in = context;
    bool taken = false;
    if (in->status != KO_OK || ko_rail_name(visit->key))
        return false;
    if (json_array_size(visit->value) >= KO_CARDS_MIN &&
        json_is_object(json_array_get(visit->value, 0)))
        in->status = read_list(in, visit->value, &taken);
    return in->status == KO_OK && !taken;
}

static ko_status read_value(void *context, const json_t *value)
{
    search *in = context;
    ko_page_json_walk(value, visit, in);
    return in->status;
}

ko_status ko_cards_state(const xmlDoc *doc, ko_card_list *list)
{
    search in = {.list = list};
    return ko_script_each(doc, read_value, &in);
}
