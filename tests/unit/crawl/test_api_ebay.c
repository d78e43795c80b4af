/* eBay: a token for the keys, then pages until there is no next one. */
#include "crawl/api_talk.h"

static ko_api_keys *keys;

static int read_keys(void **state)
{
    (void)state;
    keys = talk_keys_read();
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    ko_api_keys_free(keys);
    return 0;
}

/* Opens a search and gets it past its token. */
static ko_api *open_with_token(const char *url, const ko_api_options *options, char cursor[256])
{
    ko_api *api = talk_open(url, options);
    (void)talk_next(api, "");
    const ko_page none = talk_take_file(api, "ebay-token", cursor);
    assert_null(none.kind);
    return api;
}

static void a_token_is_asked_for_with_the_keys(void **state)
{
    (void)state;
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("ebay:search?q=fox", &options);
    const ko_net_request request = talk_next(api, "");
    assert_string_equal(request.url, "https://api.ebay.com/identity/v1/oauth2/token");
    /* echo -n 'Heron-Lanterns-PRD-1f2e3d:PRD-ebay-secret-77aa' | base64 */
    assert_string_equal(talk_header(&request, "Authorization"),
                        "Basic SGVyb24tTGFudGVybnMtUFJELTFmMmUzZDpQUkQtZWJheS1zZWNyZXQtNzdhYQ==");
    assert_string_equal(talk_header(&request, "Content-Type"), "application/x-www-form-urlencoded");
    static const char form[] = "grant_type=client_credentials&"
                               "scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope";
    assert_int_equal(request.post_bytes, strlen(form));
    assert_memory_equal(request.post, form, strlen(form));
    ko_api_close(api);
}

static void pages_follow_to_the_end(void **state)
{
    (void)state;
    const ko_api_options options = {.keys = keys};
    char cursor[256];
    ko_api *api = open_with_token("ebay:search?q=lantern%20fox+%26+owl&marketplace=EBAY_GB",
                                  &options, cursor);
    ko_net_request request = talk_next(api, cursor);
    assert_string_equal(request.url, "https://api.ebay.com/buy/browse/v1/item_summary/search?"
                                     "q=lantern%20fox%20%26%20owl&limit=200&offset=0");
    assert_null(request.post);
    assert_string_equal(talk_header(&request, "Authorization"),
                        "Bearer v^1.1#i^1#invented-token-of-the-first-hour");
    assert_string_equal(talk_header(&request, "X-EBAY-C-MARKETPLACE-ID"), "EBAY_GB");

    ko_page page = talk_take_file(api, "ebay-page-1", cursor);
    assert_int_equal(page.format, KO_FORMAT_EBAY);
    assert_int_equal(page.offers.count, 2);
    assert_string_equal(ko_offer_get(&page.offers.offer[0], KO_OFFER_PRICE), "14.95");
    assert_string_equal(ko_offer_get(&page.offers.offer[0], KO_OFFER_SELLER), "bargain_barn_22");
    assert_int_equal(page.offers.offer[0].n_images, 2);
    assert_string_equal(ko_offer_get(&page.offers.offer[1], KO_OFFER_PRICE), "3.50");
    ko_page_free(&page);

    request = talk_next(api, cursor);
    assert_non_null(strstr(request.url, "&offset=200"));
    page = talk_take_file(api, "ebay-page-2", cursor);
    assert_int_equal(page.offers.count, 1);
    ko_page_free(&page);
    assert_string_equal(cursor, "");
    assert_int_equal(ko_api_next(api, cursor, &request, NULL), KO_E_NOT_FOUND);
    ko_api_close(api);
}

static void nothing_found_is_a_page_without_offers(void **state)
{
    (void)state;
    const ko_api_options options = {.keys = keys};
    char cursor[256];
    ko_api *api = open_with_token("ebay:search?q=fox", &options, cursor);
    (void)talk_next(api, cursor);
    ko_page page = talk_take_file(api, "ebay-empty", cursor);
    assert_non_null(page.kind);
    assert_int_equal(page.format, KO_FORMAT_EBAY);
    assert_int_equal(page.offers.count, 0);
    assert_string_equal(cursor, "");
    ko_page_free(&page);
    ko_api_close(api);
}

/* A search that always has a next page, asked from the last one that eBay grants. */
static void a_search_ends_after_ten_thousand_results(void **state)
{
    (void)state;
    const ko_api_options options = {.keys = keys};
    char cursor[256];
    ko_api *api = open_with_token("ebay:search?q=fox", &options, cursor);
    assert_non_null(strstr(talk_next(api, "48").url, "&offset=9600"));
    ko_page page = talk_take_file(api, "ebay-page-1", cursor);
    ko_page_free(&page);
    assert_non_null(strstr(talk_next(api, cursor).url, "&offset=9800"));
    page = talk_take_file(api, "ebay-page-1", cursor);
    ko_page_free(&page);
    assert_string_equal(cursor, "");
    ko_api_close(api);
}

static void a_token_that_is_no_longer_taken_is_renewed_once(void **state)
{
    (void)state;
    static const char expired[] = "{\"errors\":[{\"errorId\":1001,\"longMessage\":\"Invalid access "
                                  "token second-token-of-the-day\"}]}";
    const ko_api_options options = {.keys = keys};
    char cursor[256];
    ko_page page = {0};
    ko_error err = {0};
    ko_api *api = open_with_token("ebay:search?q=fox", &options, cursor);
    (void)talk_next(api, cursor);
    page = talk_take_file(api, "ebay-page-1", cursor);
    ko_page_free(&page);
    (void)talk_next(api, cursor);
    assert_int_equal(talk_take(api, 401, expired, &page, cursor, &err), KO_OK);
    assert_null(page.kind);
    assert_string_equal(cursor, "1"); /* the same page again */
    assert_non_null(strstr(talk_next(api, cursor).url, "/oauth2/token"));
    assert_int_equal(
        talk_take(api, 200, "{\"access_token\":\"second-token-of-the-day\"}", &page, cursor, &err),
        KO_OK);
    const ko_net_request request = talk_next(api, cursor);
    assert_non_null(strstr(request.url, "&offset=200"));
    assert_string_equal(talk_header(&request, "Authorization"), "Bearer second-token-of-the-day");
    assert_int_equal(talk_take(api, 401, expired, &page, cursor, &err), KO_E_FORMAT);
    assert_string_equal(err.text, "eBay: Invalid access token *********************** (HTTP 401)");
    ko_api_close(api);
}

static void keys_that_ebay_does_not_know_are_told(void **state)
{
    (void)state;
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("ebay:search?q=fox", &options);
    ko_page page = {0};
    char cursor[256];
    ko_error err = {0};
    (void)talk_next(api, "");
    assert_int_equal(talk_take(api, 401,
                               "{\"error\":\"invalid_client\",\"error_description\":\"client "
                               "Heron-Lanterns-PRD-1f2e3d authentication failed\"}",
                               &page, cursor, &err),
                     KO_E_FORMAT);
    assert_non_null(strstr(err.text, "authentication failed (HTTP 401)"));
    assert_no_keys(err.text);
    err = (ko_error){0};
    (void)talk_next(api, "");
    assert_int_equal(
        talk_take(api, 200, "{\"access_token\":\"a\\r\\nHost: b\"}", &page, cursor, &err),
        KO_E_FORMAT);
    ko_api_close(api);
}

static void an_image_search_sends_the_picture(void **state)
{
    (void)state;
    const ko_api_options options = {.keys = keys, .picture = "\x89PNG\0\xff", .picture_bytes = 6};
    char cursor[256];
    ko_api *api = open_with_token("ebay:image?work=KO-000007", &options, cursor);
    const ko_net_request request = talk_next(api, cursor);
    assert_string_equal(request.url, "https://api.ebay.com/buy/browse/v1/item_summary/"
                                     "search_by_image?limit=200&offset=0");
    assert_string_equal(talk_header(&request, "Content-Type"), "application/json");
    assert_string_equal(talk_header(&request, "X-EBAY-C-MARKETPLACE-ID"), "EBAY_US");
    /* printf '\211PNG\000\377' | base64 */
    static const char body[] = "{\"image\":\"iVBORwD/\"}";
    assert_int_equal(request.post_bytes, strlen(body));
    assert_memory_equal(request.post, body, strlen(body));
    ko_page page = talk_take_file(api, "ebay-page-1", cursor);
    assert_int_equal(page.offers.count, 2);
    ko_page_free(&page);
    assert_non_null(strstr(talk_next(api, cursor).url, "&offset=200"));
    ko_api_close(api);
}

static void a_sandbox_takes_the_place_of_the_interface(void **state)
{
    (void)state;
    const ko_api_options options = {.keys = keys, .base_url = "https://api.sandbox.ebay.com"};
    char cursor[256];
    ko_api *api = open_with_token("ebay:search?q=fox", &options, cursor);
    assert_memory_equal(talk_next(api, cursor).url, "https://api.sandbox.ebay.com/buy/", 33);
    ko_api_close(api);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_asked_for_with_the_keys),
        cmocka_unit_test(pages_follow_to_the_end),
        cmocka_unit_test(nothing_found_is_a_page_without_offers),
        cmocka_unit_test(a_search_ends_after_ten_thousand_results),
        cmocka_unit_test(a_token_that_is_no_longer_taken_is_renewed_once),
        cmocka_unit_test(keys_that_ebay_does_not_know_are_told),
        cmocka_unit_test(an_image_search_sends_the_picture),
        cmocka_unit_test(a_sandbox_takes_the_place_of_the_interface),
    };
    return cmocka_run_group_tests(tests, read_keys, free_keys);
}
