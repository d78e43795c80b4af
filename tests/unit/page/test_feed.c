/* Replies and feeds, each told by its content. */
#include "page/read_page.h"

static void shopify_products_have_a_price_range(void **state)
{
    (void)state;
    ko_page page = read_page("{\"products\":[{\"id\":7,\"title\":\"Tee\",\"handle\":\"tee\","
                             "\"vendor\":\"Anna\",\"variants\":[{\"price\":\"20.00\"},"
                             "{\"price\":\"9.00\"}],\"images\":[{\"src\":\"https://c.x/1.jpg\"},"
                             "{\"src\":\"https://c.x/2.jpg\"}]}]}",
                             "https://shop.example/products.json?page=2");
    const ko_page_offer *offer = only_offer(&page);
    assert_string_equal(page.kind, "Shopify products");
    assert_field(offer, KO_OFFER_URL, "https://shop.example/products/tee");
    assert_field(offer, KO_OFFER_SELLER, "Anna");
    assert_field(offer, KO_OFFER_PRICE, "9.00");
    assert_field(offer, KO_OFFER_PRICE_MAX, "20.00");
    assert_field(offer, KO_OFFER_ITEM_ID, "7");
    assert_images(offer, "https://c.x/1.jpg https://c.x/2.jpg ");
    ko_page_free(&page);
}

static void cents_become_prices(void **state)
{
    (void)state;
    ko_page page = read_page(
        "[{\"id\":1,\"name\":\"A\",\"permalink\":\"https://w.x/a\",\"prices\":{\"price\":\"5\","
        "\"currency_code\":\"EUR\",\"currency_minor_unit\":2},\"images\":[]},"
        "{\"id\":2,\"name\":\"B\",\"permalink\":\"https://w.x/b\",\"prices\":{\"price\":\"1500\","
        "\"currency_code\":\"JPY\",\"currency_minor_unit\":0},\"images\":[]}]",
        NULL);
    assert_int_equal(page.offers.count, 2);
    assert_field(&page.offers.offer[0], KO_OFFER_PRICE, "0.05");
    assert_field(&page.offers.offer[1], KO_OFFER_PRICE, "1500");
    assert_int_equal(page.offers.offer[0].n_warnings, 1); /* no pictures */
    ko_page_free(&page);
    page = read_page("{\"listing_id\":9,\"title\":\"T\",\"url\":\"https://e.x/9\",\"price\":"
                     "{\"amount\":3999,\"divisor\":100,\"currency_code\":\"USD\"}}",
                     NULL);
    assert_string_equal(page.kind, "Etsy API v3");
    assert_field(only_offer(&page), KO_OFFER_PRICE, "39.99");
    ko_page_free(&page);
}

static void both_shapes_of_a_reply_are_read(void **state)
{
    (void)state;
    ko_page page = read_page(
        "{\"r\":{\"products\":[{\"product_id\":\"1\",\"product_detail_url\":\"https://a.x/1\","
        "\"title\":\"One\",\"price\":{\"sale\":{\"value\":\"9\",\"currency\":\"USD\"}},"
        "\"image_url\":\"https://a.x/1.jpg_350x350xz.jpg\",\"shop_id\":11},"
        "{\"product_id\":2,\"product_detail_url\":\"https://a.x/2\",\"product_title\":\"Two\","
        "\"target_sale_price\":\"8\",\"target_sale_price_currency\":\"EUR\","
        "\"product_main_image_url\":\"https://a.x/2.jpg\","
        "\"product_small_image_urls\":{\"string\":[\"https://a.x/2.jpg\",\"https://a.x/3.jpg\"]}}"
        "]}}",
        NULL);
    assert_int_equal(page.offers.count, 2);
    assert_field(&page.offers.offer[0], KO_OFFER_SELLER, "11");
    assert_field(&page.offers.offer[0], KO_OFFER_PRICE, "9");
    assert_field(&page.offers.offer[1], KO_OFFER_TITLE, "Two");
    assert_field(&page.offers.offer[1], KO_OFFER_CURRENCY, "EUR");
    assert_images(&page.offers.offer[1], "https://a.x/2.jpg https://a.x/3.jpg ");
    ko_page_free(&page);
}

static void merchant_feeds_are_read(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<?xml version='1.0'?><rss xmlns:g='http://base.google.com/ns/1.0'><channel>"
        "<title>Glass Shop</title><item><g:id>c1</g:id><g:title><![CDATA[Cup & saucer]]></g:title>"
        "<g:link>https://g.x/cup</g:link><g:image_link>https://g.x/1.jpg</g:image_link>"
        "<g:additional_image_link>https://g.x/2.jpg</g:additional_image_link>"
        "<g:price>59.00 ILS</g:price><g:sale_price>47.00 ILS</g:sale_price>"
        "<g:shipping><g:price>3.00 ILS</g:price></g:shipping></item></channel></rss>",
        NULL);
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_TITLE, "Cup & saucer");
    assert_field(offer, KO_OFFER_SELLER, "Glass Shop");
    assert_field(offer, KO_OFFER_PRICE, "47.00 ILS");
    assert_field(offer, KO_OFFER_CURRENCY, "ILS");
    assert_images(offer, "https://g.x/1.jpg https://g.x/2.jpg ");
    ko_page_free(&page);
    page = read_page("id\ttitle\timage link\tlink\tprice\tadditional_image_link\n"
                     "a\t\"Cup\"\thttps://g.x/1.jpg\thttps://g.x/cup\t5.00 EUR\t"
                     "https://g.x/2.jpg,https://g.x/3.jpg\n",
                     NULL);
    assert_field(only_offer(&page), KO_OFFER_TITLE, "Cup");
    assert_images(only_offer(&page), "https://g.x/1.jpg https://g.x/2.jpg https://g.x/3.jpg ");
    ko_page_free(&page);
}

static void sitemaps_give_pages_with_pictures(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<!-- saved --><?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
        "<urlset xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>"
        "<url><loc>https://s.x/</loc></url><url><loc>https://s.x/p</loc><image:image>"
        "<image:loc>https://s.x/p.jpg</image:loc><image:title>Poster&b;</image:title></image:image>"
        "</url></urlset>",
        NULL);
    assert_string_equal(page.kind, "sitemap");
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_URL, "https://s.x/p");
    assert_field(offer, KO_OFFER_TITLE, "Poster");
    assert_images(offer, "https://s.x/p.jpg ");
    ko_page_free(&page);
}

static void what_is_no_page_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        ko_status status;
    } cases[] = {{"", KO_E_FORMAT},
                 {" \n", KO_E_FORMAT},
                 {"url,title\nx,y\n", KO_E_UNSUPPORTED},
                 {"{\"a\": [1, 2]}", KO_E_UNSUPPORTED},
                 {"[[[[", KO_E_UNSUPPORTED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_page page = {0};
        ko_error err = {0};
        const ko_page_source source = {.bytes = cases[i].bytes, .size = strlen(cases[i].bytes)};
        assert_int_equal(ko_page_read(&source, &page, &err), cases[i].status);
        assert_true(err.text[0] != '\0');
        assert_null(page.kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shopify_products_have_a_price_range),
        cmocka_unit_test(cents_become_prices),
        cmocka_unit_test(both_shapes_of_a_reply_are_read),
        cmocka_unit_test(merchant_feeds_are_read),
        cmocka_unit_test(sitemaps_give_pages_with_pictures),
        cmocka_unit_test(what_is_no_page_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
