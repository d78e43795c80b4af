#include "crawl/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static ko_url url_of(const char *text)
{
    ko_url url;
    assert_int_equal(ko_url_parse(text, strlen(text), NULL, &url, NULL), KO_OK);
    return url;
}

static const char *after(const char *kind, const char *text, const ko_page *page)
{
    const ko_url url = url_of(text);
    return ko_kind_after(kind, &url, page);
}

static void a_shop_is_looked_for_behind_its_front_page(void **state)
{
    (void)state;
    const ko_page html = {.format = KO_FORMAT_HTML};
    const ko_page shopify = {.format = KO_FORMAT_SHOPIFY};
    const ko_page sitemap = {.format = KO_FORMAT_SITEMAP};
    static const char shop[] = "https://shop.example/";
    assert_string_equal(after("", shop, &html), "shopify?");
    assert_string_equal(after("shopify?", shop, &shopify), "shopify");
    assert_string_equal(after("shopify?", shop, NULL), "woocommerce?");
    assert_string_equal(after("woocommerce?", shop, &html), "sitemap?");
    assert_string_equal(after("sitemap?", shop, &sitemap), "sitemap");
    assert_string_equal(after("sitemap?", shop, NULL), "list");
    assert_string_equal(after("shopify", shop, NULL), "shopify"); /* once known it stays */
    assert_string_equal(after("", shop, NULL), "");
    assert_string_equal(after("", "https://shop.example/shop/", &html), "shopify?");
    assert_string_equal(after("", "https://shop.example/about", &html), "list");
}

static void other_sources_tell_what_they_are(void **state)
{
    (void)state;
    ko_page_offer offer = {0};
    ko_page_link pages[1] = {{.role = KO_LINK_PAGE}};
    const ko_page feed = {.format = KO_FORMAT_FEED_XML};
    const ko_page urls = {.format = KO_FORMAT_URLS};
    const ko_page one = {.offers = {.offer = &offer, .count = 1}};
    const ko_page many = {.offers = {.offer = &offer, .count = 1}, .links = pages, .n_links = 1};
    const ko_page html = {.format = KO_FORMAT_HTML};
    assert_string_equal(after("", "https://shop.example/feed", &feed), "feed");
    assert_string_equal(after("", "https://shop.example/", &urls), "urls");
    assert_string_equal(after("", "https://shop.example/thing", &one), "page");
    assert_string_equal(after("", "https://shop.example/things", &many), "list");
    assert_string_equal(after("", "https://www.etsy.com/listing/123456789/cat", &html), "page");
}

static void interfaces_are_probed_at_their_places(void **state)
{
    (void)state;
    char probe[KO_MAX_URL_BYTES + 1];
    const ko_url shop = url_of("https://shop.example:8443/");
    const ko_url part = url_of("https://shop.example/collections/cats");
    assert_true(ko_kind_probe("shopify?", &shop, probe));
    assert_string_equal(probe, "https://shop.example:8443/products.json?limit=250");
    assert_true(ko_kind_probe("woocommerce?", &shop, probe));
    assert_string_equal(probe,
                        "https://shop.example:8443/wp-json/wc/store/v1/products?per_page=100");
    assert_false(ko_kind_probe("sitemap?", &shop, probe)); /* robots.txt names them */
    assert_true(ko_kind_probe("shopify?", &part, probe));
    assert_string_equal(probe, "https://shop.example/collections/cats/products.json?limit=250");
}

static void what_was_only_a_guess_is_not_asked_again(void **state)
{
    (void)state;
    const ko_url shop = url_of("https://shop.example/");
    static const char guess[] = "https://shop.example/products.json?limit=250";
    static const char map[] = "https://shop.example/sitemap.xml";
    assert_true(ko_kind_asks("", &shop, shop.text));
    assert_false(ko_kind_asks("shopify?", &shop, shop.text));
    assert_true(ko_kind_asks("shopify?", &shop, guess));
    assert_false(ko_kind_asks("sitemap", &shop, guess));
    assert_false(ko_kind_asks("sitemap", &shop, shop.text));
    assert_true(ko_kind_asks("sitemap", &shop, map));
    assert_true(ko_kind_asks("list", &shop, shop.text)); /* all that there is */
    assert_false(ko_kind_asks("list", &shop, map));
    const ko_url named = url_of(guess);
    assert_true(ko_kind_asks("shopify", &named, guess)); /* the user named it */
}

static const char *next(const char *kind, const char *url, size_t offers, const char *headers)
{
    static char out[KO_MAX_URL_BYTES + 1];
    ko_page_offer offer = {0};
    const ko_page page = {.offers = {.offer = &offer, .count = offers}};
    return ko_kind_next(kind, url, &page, headers, out) ? out : "";
}

static void pages_are_counted_to_their_end(void **state)
{
    (void)state;
    static const char list[] = "https://s.example/products.json?limit=250";
    assert_string_equal(next("shopify", list, 250, ""),
                        "https://s.example/products.json?limit=250&page=2");
    assert_string_equal(next("shopify", "https://s.example/products.json?page=9&limit=250", 1, ""),
                        "https://s.example/products.json?limit=250&page=10");
    assert_string_equal(next("shopify", "https://s.example/products.json", 1, ""),
                        "https://s.example/products.json?page=2");
    assert_string_equal(next("shopify", list, 0, ""), "");
    assert_string_equal(next("shopify", "https://s.example/products.json?page=100", 1, ""), "");
    assert_string_equal(next("feed", list, 250, ""), "");
    static const char two[] = "HTTP/1.1 200 OK\r\nx-wp-totalpages: 2\r\nServer: x\r\n\r\n";
    assert_string_equal(next("woocommerce", "https://s.example/p?per_page=100", 100, two),
                        "https://s.example/p?per_page=100&page=2");
    assert_string_equal(next("woocommerce", "https://s.example/p?per_page=100&page=2", 100, two),
                        "");
}

static void an_empty_list_is_the_end(void **state)
{
    (void)state;
    static const char shopify[] = " { \"products\" : [] }\n", woo[] = "[ ]";
    assert_true(ko_kind_is_end("shopify", shopify, strlen(shopify)));
    assert_true(ko_kind_is_end("woocommerce", woo, strlen(woo)));
    assert_false(ko_kind_is_end("shopify", woo, strlen(woo)));
    assert_false(ko_kind_is_end("woocommerce", "[1]", 3));
    assert_false(ko_kind_is_end("shopify", "", 0));
    assert_false(ko_kind_is_end("feed", woo, strlen(woo)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shop_is_looked_for_behind_its_front_page),
        cmocka_unit_test(other_sources_tell_what_they_are),
        cmocka_unit_test(interfaces_are_probed_at_their_places),
        cmocka_unit_test(what_was_only_a_guess_is_not_asked_again),
        cmocka_unit_test(pages_are_counted_to_their_end),
        cmocka_unit_test(an_empty_list_is_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
