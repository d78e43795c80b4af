/* eBay's Browse API v1, as its documentation describes it (checked 2026-11):
 *   developer.ebay.com/api-docs/static/oauth-client-credentials-grant.html
 *   developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/search
 *   developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/searchByImage
 *   developer.ebay.com/develop/get-started/api-call-limits: 5,000 a day for all of Browse but
 *   getItems, of one application
 * search_by_image is called experimental there and open to applications that eBay approved; the
 * others are told so in the answer. It is not part of the sandbox. */
#include "crawl/api_interface.h"

#include "base/alloc.h"
#include "page/json.h"

#include <string.h>

static ko_status ask_token(ko_api *api, ko_error *err)
{
    api->step = KO_API_TOKEN;
    char *pair = ko_api_text("%s:%s", ko_api_key_value(api->keys, KO_KEY_EBAY_ID),
                             ko_api_key_value(api->keys, KO_KEY_EBAY_SECRET));
    char *encoded = pair ? ko_api_base64(pair, strlen(pair)) : NULL;
    char *header = encoded ? ko_api_text("Authorization: Basic %s", encoded) : NULL;
    ko_api_wipe(pair);
    ko_api_wipe(encoded);
    ko_status st = ko_api_add_header(api, header, err);
    if (st == KO_OK)
        st = ko_api_add_header(api, ko_api_text("Content-Type: application/x-www-form-urlencoded"),
                               err);
    if (st == KO_OK)
        st = ko_api_set_post(api,
                             ko_api_text("grant_type=client_credentials&scope="
                                         "https%%3A%%2F%%2Fapi.ebay.com%%2Foauth%%2Fapi_scope"),
                             err);
    return st == KO_OK ? ko_api_set_target(api, err, "/identity/v1/oauth2/token") : st;
}

static ko_status add_picture(ko_api *api, ko_error *err)
{
    char *encoded = ko_api_base64(api->picture, api->picture_bytes);
    char *body = encoded ? ko_api_text("{\"image\":\"%s\"}", encoded) : NULL;
    ko_free(encoded);
    const ko_status st = ko_api_set_post(api, body, err);
    return st == KO_OK ? ko_api_add_header(api, ko_api_text("Content-Type: application/json"), err)
                       : st;
}

static ko_status ask(ko_api *api, ko_error *err)
{
    if (!api->token)
        return ask_token(api, err);
    api->step = KO_API_SEARCH;
    const ko_api_search *search = api->search;
    ko_status st = ko_api_add_header(api, ko_api_text("Authorization: Bearer %s", api->token), err);
    if (st == KO_OK)
        st = ko_api_add_header(
            api, ko_api_text("X-EBAY-C-MARKETPLACE-ID: %s", api->market ? api->market : "EBAY_US"),
            err);
    if (st == KO_OK && search->picture)
        st = add_picture(api, err);
    char *words = search->picture ? NULL : ko_api_escaped(api->words);
    if (st == KO_OK && !search->picture && !words)
        st = ko_fail(err, KO_E_NOMEM, "no memory for a request");
    if (st == KO_OK)
        st = ko_api_set_target(api, err, "%s?%s%s%slimit=%d&offset=%lld", search->endpoint,
                               words ? "q=" : "", words ? words : "", words ? "&" : "",
                               search->page_size, (long long)api->page * search->page_size);
    ko_free(words);
    return st;
}

/* Browse has a list of errors; OAuth (RFC 6749, 5.2) a code and, maybe, a sentence. */
static ko_api_complaint complaint(const json_t *reply)
{
    static const char *const browse[] = {"longMessage", "message", NULL};
    static const char *const oauth[] = {"error_description", "error", NULL};
    const json_t *first = json_array_get(json_object_get(reply, "errors"), 0);
    const json_t *text =
        first ? ko_page_json_first(first, browse) : ko_page_json_first(reply, oauth);
    return (ko_api_complaint){.text = json_string_value(text)};
}

/* There is no list when nothing was found. */
static ko_status take(ko_api *api, const json_t *reply, ko_api_found *out_found)
{
    (void)api;
    if (!json_is_integer(json_object_get(reply, "total")))
        return KO_E_FORMAT;
    out_found->records = json_array_size(json_object_get(reply, "itemSummaries"));
    out_found->more = out_found->records > 0 && json_is_string(json_object_get(reply, "next"));
    return KO_OK;
}

const ko_api_interface ko_api_ebay = {
    .name = "ebay",
    .title = "eBay",
    .url = "https://api.ebay.com",
    .keys_from = "developer.ebay.com",
    .usage = "ebay:search?q=WORDS[&marketplace=EBAY_GB] or ebay:image?work=SERIAL"
             "[&marketplace=EBAY_GB]",
    .quota = 5000,
    .format = KO_FORMAT_EBAY,
    .ask = ask,
    .complaint = complaint,
    .take = take,
};
