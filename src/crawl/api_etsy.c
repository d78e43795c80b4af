/* Etsy's Open API v3, as its documentation and specification describe it (checked 2026-11):
 *   developers.etsy.com/documentation/essentials/requests: x-api-key is keystring and shared
 *   secret with a colon between; without the secret nothing is answered since 2026-02-09
 *   developers.etsy.com/documentation/essentials/rate-limits: each application's limits stand in
 *   the developer portal; a new one ("personal access") has 5,000 requests a day and 5 a second,
 *   others have 10,000 and 10
 *   developers.etsy.com/documentation/reference: findAllListingsActive,
 *   findAllActiveListingsByShop, getListingsByListingIds, findShops
 * The two searches have no parameter "includes", so their results come without pictures and
 * shops: each page is followed by one request for the details of its listings. */
#include "crawl/api_interface.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

static bool is_shop(const ko_api *api)
{
    return strcmp(api->search->parameter, "id") == 0;
}

static bool is_number(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

/* What a search asks for, up to the page. Unless told to go by score it goes by date, and what fits
 * the words least comes as soon as what fits best. */
static ko_status ask_page(ko_api *api, ko_error *err)
{
    const int size = api->search->page_size;
    const long long offset = (long long)api->page * size;
    api->step = KO_API_SEARCH;
    if (is_shop(api))
        return ko_api_set_target(api, err,
                                 "/v3/application/shops/%s/listings/active?limit=%d&offset=%lld",
                                 api->shop ? api->shop : api->words, size, offset);
    char *words = ko_api_escaped(api->words);
    if (!words)
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");
    const ko_status st = ko_api_set_target(
        api, err, "/v3/application/listings/active?keywords=%s&sort_on=score&limit=%d&offset=%lld",
        words, size, offset);
    ko_free(words);
    return st;
}

static ko_status ask(ko_api *api, ko_error *err)
{
    ko_status st = ko_api_add_header(api,
                                     ko_api_text("x-api-key: %s:%s",
                                                 ko_api_key_value(api->keys, KO_KEY_ETSY_KEY),
                                                 ko_api_key_value(api->keys, KO_KEY_ETSY_SECRET)),
                                     err);
    if (st != KO_OK)
        return st;
    if (is_shop(api) && !is_number(api->words) && !api->shop) {
        api->step = KO_API_SHOP;
        return ko_api_set_target(api, err, "/v3/application/shops?shop_name=%s&limit=%d",
                                 api->words, api->search->page_size);
    }
    if (!api->ids)
        return ask_page(api, err);
    api->step = KO_API_DETAILS;
    return ko_api_set_target(
        api, err, "/v3/application/listings/batch?listing_ids=%s&includes=Images,Shop", api->ids);
}

static ko_api_complaint complaint(const json_t *reply)
{
    return (ko_api_complaint){.text = json_string_value(json_object_get(reply, "error"))};
}

/* The numbers of the listings of a page, commas between. */
static ko_status list_ids(const json_t *results, char **out_ids)
{
    ko_buf ids = KO_BUF(2 * KO_MAX_URL_BYTES); /* a hundred of the longest numbers fit */
    ko_status st = KO_OK;
    for (size_t i = 0; i < json_array_size(results) && st == KO_OK; i++) {
        const json_t *id = json_object_get(json_array_get(results, i), "listing_id");
        if (!json_is_integer(id))
            st = KO_E_FORMAT;
        else
            st = ko_buf_printf(&ids, "%s%lld", i > 0 ? "," : "", (long long)json_integer_value(id));
    }
    *out_ids = st == KO_OK ? ko_strdup(ids.data) : NULL;
    if (st == KO_OK && !*out_ids)
        st = KO_E_NOMEM;
    ko_buf_free(&ids);
    return st;
}

/* The search for shops also finds those of similar names. */
static ko_status take_shop(ko_api *api, const json_t *shops, ko_api_found *out_found)
{
    for (size_t i = 0; i < json_array_size(shops); i++) {
        const json_t *shop = json_array_get(shops, i);
        const char *name = json_string_value(json_object_get(shop, "shop_name"));
        const json_t *id = json_object_get(shop, "shop_id");
        if (name && ko_text_same(name, api->words) && json_is_integer(id)) {
            out_found->unfinished = true;
            api->shop = ko_api_text("%lld", (long long)json_integer_value(id));
            return api->shop ? KO_OK : KO_E_NOMEM;
        }
    }
    return KO_E_NOT_FOUND;
}

static ko_status take(ko_api *api, const json_t *reply, ko_api_found *out_found)
{
    const json_t *results = json_object_get(reply, "results");
    const json_t *count = json_object_get(reply, "count");
    if (!json_is_array(results) || !json_is_integer(count) ||
        json_array_size(results) > (size_t)api->search->page_size)
        return KO_E_FORMAT;
    if (api->step == KO_API_SHOP)
        return take_shop(api, results, out_found);
    out_found->records = json_array_size(results);
    if (api->step == KO_API_DETAILS) {
        out_found->more = api->more;
        return KO_OK;
    }
    api->more = out_found->records > 0 &&
                json_integer_value(count) > (api->page + 1) * api->search->page_size;
    out_found->unfinished = out_found->records > 0;
    return out_found->unfinished ? list_ids(results, &api->ids) : KO_OK;
}

const ko_api_interface ko_api_etsy = {
    .name = "etsy",
    .title = "Etsy",
    .url = "https://openapi.etsy.com",
    .keys_from = "www.etsy.com/developers/your-apps",
    .usage = "etsy:search?q=WORDS or etsy:shop?id=NAME",
    .quota = 5000,
    .format = KO_FORMAT_ETSY,
    .ask = ask,
    .complaint = complaint,
    .take = take,
};
