/* Etsy: each page of results is followed by one request for their pictures and shops. */
#include "crawl/api_talk.h"

static void pages_and_their_details_follow_to_the_end(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:search?q=lantern fox", &options);
    char cursor[256];
    ko_net_request request = talk_next(api, "");
    assert_string_equal(request.url, "https://openapi.etsy.com/v3/application/listings/active?"
                                     "keywords=lantern%20fox&sort_on=score&limit=100&offset=0");
    assert_string_equal(talk_header(&request, "x-api-key"), "etsykeystring0099:etsysharedsecret11");
    assert_null(request.post);
    ko_page page = talk_take_file(api, "etsy-search-1", cursor);
    assert_null(page.kind); /* not before the details */
    assert_string_equal(cursor, "0");

    request = talk_next(api, cursor);
    assert_string_equal(request.url, "https://openapi.etsy.com/v3/application/listings/batch?"
                                     "listing_ids=9990000021,9990000022&includes=Images,Shop");
    assert_non_null(talk_header(&request, "x-api-key"));
    page = talk_take_file(api, "etsy-details-1", cursor);
    assert_int_equal(page.format, KO_FORMAT_ETSY);
    assert_int_equal(page.offers.count, 2);
    const ko_page_offer *offer = &page.offers.offer[0];
    assert_string_equal(ko_offer_get(offer, KO_OFFER_PRICE), "4.20");
    assert_string_equal(ko_offer_get(offer, KO_OFFER_SELLER), "MossAndTallow");
    assert_string_equal(ko_offer_get(offer, KO_OFFER_SELLER_URL),
                        "https://www.etsy.com/shop/MossAndTallow");
    assert_int_equal(offer->n_images, 2);
    assert_non_null(strstr(offer->images[1], "il_fullxfull.52"));
    ko_page_free(&page);
    assert_string_equal(cursor, "1");

    assert_non_null(strstr(talk_next(api, cursor).url, "offset=100"));
    page = talk_take_file(api, "etsy-search-2", cursor);
    assert_non_null(strstr(talk_next(api, cursor).url, "listing_ids=9990000023&"));
    page = talk_take_file(api, "etsy-details-2", cursor);
    assert_int_equal(page.offers.count, 1);
    ko_page_free(&page);
    assert_string_equal(cursor, "");
    assert_int_equal(ko_api_next(api, cursor, &request, NULL), KO_E_NOT_FOUND);
    ko_api_close(api);
    ko_api_keys_free(keys);
}

static void a_shop_is_asked_for_by_its_number(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:shop?id=610", &options);
    char cursor[256];
    assert_string_equal(talk_next(api, "").url, "https://openapi.etsy.com/v3/application/shops/610/"
                                                "listings/active?limit=100&offset=0");
    ko_page page = {0};
    assert_int_equal(talk_take(api, 200, "{\"count\":0,\"results\":[]}", &page, cursor, NULL),
                     KO_OK);
    assert_non_null(page.kind);
    assert_int_equal(page.offers.count, 0);
    assert_string_equal(cursor, "");
    ko_page_free(&page);
    ko_api_close(api);
    ko_api_keys_free(keys);
}

/* Names are told apart without regard to case; the search for shops gives similar ones too. */
static void a_shop_that_is_named_is_looked_up_first(void **state)
{
    (void)state;
    static const char shops[] = "{\"count\":2,\"results\":["
                                "{\"shop_id\":77,\"shop_name\":\"MossAndTallowVintage\"},"
                                "{\"shop_id\":610,\"shop_name\":\"MossAndTallow\"}]}";
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:shop?id=mossandtallow", &options);
    char cursor[256];
    ko_page page = {0};
    assert_string_equal(
        talk_next(api, "").url,
        "https://openapi.etsy.com/v3/application/shops?shop_name=mossandtallow&limit=100");
    assert_int_equal(talk_take(api, 200, shops, &page, cursor, NULL), KO_OK);
    assert_null(page.kind);
    assert_string_equal(cursor, "0");
    assert_non_null(strstr(talk_next(api, cursor).url, "/shops/610/listings/active?limit=100&"));
    (void)talk_take_file(api, "etsy-search-1", cursor);
    (void)talk_next(api, cursor);
    page = talk_take_file(api, "etsy-details-1", cursor);
    ko_page_free(&page);
    assert_non_null(strstr(talk_next(api, cursor).url, "/shops/610/listings/active?")); /* once */
    ko_api_close(api);
    api = talk_open("etsy:shop?id=MossAnd", &options);
    ko_error err = {0};
    (void)talk_next(api, "");
    assert_int_equal(talk_take(api, 200, shops, &page, cursor, &err), KO_E_FORMAT);
    assert_string_equal(err.text, "Etsy: there is no shop of this name");
    ko_api_close(api);
    ko_api_keys_free(keys);
}

/* Listings may end between the search and the question for details. */
static void a_page_whose_listings_are_gone_does_not_end_the_search(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:search?q=fox", &options);
    char cursor[256];
    ko_page page = {0};
    (void)talk_next(api, "");
    (void)talk_take_file(api, "etsy-search-1", cursor);
    (void)talk_next(api, cursor);
    assert_int_equal(talk_take(api, 200, "{\"count\":0,\"results\":[]}", &page, cursor, NULL),
                     KO_OK);
    assert_non_null(page.kind);
    assert_string_equal(cursor, "1");
    ko_page_free(&page);
    ko_api_close(api);
    ko_api_keys_free(keys);
}

static void more_results_than_asked_for_are_refused(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:search?q=fox", &options);
    ko_buf reply = KO_BUF(1 << 20);
    char cursor[256];
    ko_page page = {0};
    assert_int_equal(ko_buf_text(&reply, "{\"count\":9999,\"results\":[{\"listing_id\":1}"), KO_OK);
    for (int i = 1; i < 100; i++)
        assert_int_equal(ko_buf_text(&reply, ",{\"listing_id\":9223372036854775807}"), KO_OK);
    assert_int_equal(ko_buf_text(&reply, "]}"), KO_OK);
    (void)talk_next(api, "");
    assert_int_equal(talk_take(api, 200, reply.data, &page, cursor, NULL), KO_OK);
    ko_net_request request = {0};
    assert_int_equal(ko_api_next(api, cursor, &request, NULL), KO_E_LIMIT); /* of a URL */
    memcpy(reply.data + reply.size - 2, ",{", 2);
    assert_int_equal(ko_buf_text(&reply, "\"listing_id\":2}]}"), KO_OK);
    (void)talk_next(api, "1");
    assert_int_equal(talk_take(api, 200, reply.data, &page, cursor, NULL), KO_E_FORMAT);
    ko_buf_free(&reply);
    ko_api_close(api);
    ko_api_keys_free(keys);
}

/* Asked for another page, the search does not go on with what it knew of the last one. */
static void details_belong_to_their_page(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:search?q=fox", &options);
    char cursor[256];
    (void)talk_next(api, "");
    (void)talk_take_file(api, "etsy-search-1", cursor);
    assert_non_null(strstr(talk_next(api, cursor).url, "listing_ids="));
    assert_non_null(strstr(talk_next(api, "7").url, "offset=700"));
    ko_api_close(api);
    ko_api_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_and_their_details_follow_to_the_end),
        cmocka_unit_test(a_shop_is_asked_for_by_its_number),
        cmocka_unit_test(a_shop_that_is_named_is_looked_up_first),
        cmocka_unit_test(a_page_whose_listings_are_gone_does_not_end_the_search),
        cmocka_unit_test(more_results_than_asked_for_are_refused),
        cmocka_unit_test(details_belong_to_their_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
