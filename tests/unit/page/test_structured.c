/* What pages say of their products for machines, in the shapes that shops write. */
#include "page/read_page.h"

#include <stdio.h>

static void json_ld_gives_all_fields(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<html><head><title>Owl mug | Shop</title><link rel=canonical href='/p/owl'>"
        "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":["
        "{\"@type\":\"WebSite\",\"name\":\"Shop\"},{\"@type\":[\"Product\"],\"name\":\"Owl mug\","
        "\"sku\":12,\"image\":[\"/i/1.jpg\",{\"@type\":\"ImageObject\",\"url\":\"/i/2.jpg\"}],"
        "\"offers\":{\"@type\":\"AggregateOffer\",\"lowPrice\":9.5,\"highPrice\":\"12.00\","
        "\"priceCurrency\":\"EUR\",\"seller\":{\"name\":\"Mug & Co\",\"url\":\"/s/mug\"}}}]}"
        "</script></head><body><h1>Owl mug</h1></body></html>",
        "https://shop.example/x?y=1");
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_TITLE, "Owl mug");
    assert_field(offer, KO_OFFER_URL, "https://shop.example/p/owl");
    assert_field(offer, KO_OFFER_ITEM_ID, "12");
    assert_field(offer, KO_OFFER_PRICE, "9.5");
    assert_field(offer, KO_OFFER_PRICE_MAX, "12.00");
    assert_field(offer, KO_OFFER_CURRENCY, "EUR");
    assert_field(offer, KO_OFFER_SELLER, "Mug & Co");
    assert_field(offer, KO_OFFER_SELLER_URL, "https://shop.example/s/mug");
    assert_images(offer, "https://shop.example/i/1.jpg https://shop.example/i/2.jpg ");
    assert_int_equal(offer->n_warnings, 0);
    ko_page_free(&page);
}

static void damaged_json_ld_is_read(void **state)
{
    (void)state;
    ko_page page = read_page("<title>x</title><script type='application/ld+json'><!--\n"
                             "/* product */ {'@type': 'Product', name: \"A\tB\", // name\n"
                             "\"image\": [\"https://a.example/1.jpg\",], "
                             "\"offers\": {\"price\": \"3\",},}\n--></script>",
                             NULL);
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_TITLE, "A B");
    assert_field(offer, KO_OFFER_PRICE, "3");
    assert_images(offer, "https://a.example/1.jpg ");
    ko_page_free(&page);
}

static void variants_make_one_offer_with_a_range(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<title>Tee</title><script type='application/ld+json'>{\"@type\":\"ProductGroup\","
        "\"name\":\"Tee\",\"hasVariant\":["
        "{\"@type\":\"Product\",\"name\":\"Tee S\",\"image\":\"https://a.example/s.jpg\","
        "\"offers\":{\"price\":\"20\"}},"
        "{\"@type\":\"Product\",\"name\":\"Tee L\",\"image\":\"https://a.example/l.jpg\","
        "\"offers\":{\"price\":\"18\"}},{\"offers\":{\"price\":\"25\"}}]}</script>",
        NULL);
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_PRICE, "18");
    assert_field(offer, KO_OFFER_PRICE_MAX, "25");
    assert_images(offer, "https://a.example/s.jpg https://a.example/l.jpg ");
    ko_page_free(&page);
}

static void lists_give_all_and_product_pages_the_product(void **state)
{
    (void)state;
#define TWO                                                                                        \
    "<script type='application/ld+json'>[{\"@type\":\"Product\",\"name\":\"Green owl\",\"image\":" \
    "\"https://a.example/1.jpg\"},{\"@type\":\"Product\",\"name\":\"Red fox\",\"image\":"          \
    "\"https://a.example/2.jpg\"}]</script>"
    ko_page page = read_page("<title>All prints</title>" TWO, NULL);
    assert_int_equal(page.offers.count, 2);
    ko_page_free(&page);
    page = read_page("<title>Red fox - Shop</title>" TWO, NULL);
    assert_field(only_offer(&page), KO_OFFER_TITLE, "Red fox");
    ko_page_free(&page);
}

static void microdata_keeps_to_its_product(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<title>Lamp</title><div itemscope itemtype='http://schema.org/Product'>"
        "<h1 itemprop=name>Lamp</h1><img itemprop=image src='http://a.example/l.jpg'>"
        "<div itemprop=offers itemscope itemtype='http://schema.org/Offer'>"
        "<meta itemprop=priceCurrency content=USD><span itemprop=price content='7.00'>$7</span>"
        "<div itemprop=seller itemscope><b itemprop=name>Anna</b></div></div>"
        "<div itemprop=review itemscope><b itemprop=name>Great</b></div>"
        "<div itemprop=isRelatedTo itemscope itemtype='http://schema.org/Product'>"
        "<b itemprop=name>Other</b><b itemprop=price>1</b></div></div>",
        NULL);
    const ko_page_offer *offer = &page.offers.offer[0];
    assert_field(offer, KO_OFFER_TITLE, "Lamp");
    assert_field(offer, KO_OFFER_PRICE, "7.00");
    assert_field(offer, KO_OFFER_CURRENCY, "USD");
    assert_field(offer, KO_OFFER_SELLER, "Anna");
    assert_images(offer, "http://a.example/l.jpg ");
    ko_page_free(&page);
}

static void microdata_follows_references(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<title>Anvil</title><div itemscope itemtype='http://schema.org/Product' "
        "itemref='more nothing more'><b itemprop=name>Anvil</b><div itemprop=offers itemscope "
        "itemtype='http://schema.org/Offer' itemref=cost></div></div><p id=cost><b itemprop=price>"
        "119.99</b></p><div id=more><img itemprop=image src='http://a.example/1.jpg'>"
        "<div itemprop=isSimilarTo itemscope itemtype='http://schema.org/Product'>"
        "<b itemprop=name>Hammer</b></div></div>",
        NULL);
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_TITLE, "Anvil");
    assert_field(offer, KO_OFFER_PRICE, "119.99");
    assert_images(offer, "http://a.example/1.jpg ");
    ko_page_free(&page);
}

static void references_between_scripts_are_followed(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<title>Owl</title><script type='application/ld+json'>{\"@graph\":[{\"@type\":\"Product\","
        "\"name\":\"Owl &amp; moon &#8211; print\",\"image\":{\"@id\":\"#pic\"},\"offers\":"
        "{\"@id\":\"#o\"}},{\"@id\":\"#o\",\"price\":\"7\",\"seller\":{\"@id\":\"#s\"}}]}"
        "</script><script type='application/ld+json'>[{&quot;@id&quot;:&quot;#pic&quot;,"
        "&quot;url&quot;:&quot;https://a.example/1.jpg?a=1&amp;amp;b=2&quot;},"
        "{&quot;@id&quot;:&quot;#s&quot;,&quot;name&quot;:&quot;Anna&quot;}]</script>",
        NULL);
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_TITLE, "Owl & moon \xE2\x80\x93 print");
    assert_field(offer, KO_OFFER_PRICE, "7");
    assert_field(offer, KO_OFFER_SELLER, "Anna");
    assert_images(offer, "https://a.example/1.jpg?a=1&b=2 ");
    ko_page_free(&page);
}

static void agreement_outvotes_stale_data(void **state)
{
    (void)state;
#define AUCTION                                                                                    \
    "<title>Lot 7</title><script type='application/ld+json'>{\"@type\":\"Product\",\"name\":"      \
    "\"Lot 7\",\"offers\":{\"price\":150,\"priceCurrency\":\"USD\"}}</script>"                     \
    "<meta property='product:price:amount' content='200'>"
    ko_page page = read_page(AUCTION "<b class=price>$200</b>", NULL);
    assert_field(only_offer(&page), KO_OFFER_PRICE, "200");
    ko_page_free(&page);
    page = read_page(AUCTION "<b class=price>$150</b>", NULL);
    assert_field(only_offer(&page), KO_OFFER_PRICE, "150");
    ko_page_free(&page);
}

static void open_graph_serves_where_nothing_else_does(void **state)
{
    (void)state;
    ko_page page = read_page("<meta property='og:type' content='product'>"
                             "<meta property='og:title' content='Cap | Shop'>"
                             "<meta property='og:image' content='//c.example/cap.jpg'>"
                             "<meta property='product:price:amount' content='12,90'>"
                             "<meta property='product:price:currency' content='EUR'><h1>Cap</h1>",
                             "https://shop.example/cap");
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_TITLE, "Cap");
    assert_field(offer, KO_OFFER_PRICE, "12,90");
    assert_field(offer, KO_OFFER_CURRENCY, "EUR");
    assert_field(offer, KO_OFFER_URL, "https://shop.example/cap");
    assert_images(offer, "https://c.example/cap.jpg ");
    ko_page_free(&page);
}

static void assert_title(const char *shared, const char *title)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "<meta property='og:title' content='%s'><meta property='og:type' "
                   "content='product'>",
                   shared);
    ko_page page = read_page(text, "https://shop.example/p/1");
    assert_field(only_offer(&page), KO_OFFER_TITLE, title);
    ko_page_free(&page);
}

static void prices_before_the_name_are_no_part_of_it(void **state)
{
    (void)state;
    assert_title("$60 · Owl print", "Owl print");
    assert_title("US $3.10 50% OFF|Owl pin", "Owl pin");
    assert_title("3 owls | Print", "3 owls | Print");
    assert_title("Owl - $60", "Owl - $60");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_ld_gives_all_fields),
        cmocka_unit_test(damaged_json_ld_is_read),
        cmocka_unit_test(variants_make_one_offer_with_a_range),
        cmocka_unit_test(lists_give_all_and_product_pages_the_product),
        cmocka_unit_test(microdata_keeps_to_its_product),
        cmocka_unit_test(microdata_follows_references),
        cmocka_unit_test(references_between_scripts_are_followed),
        cmocka_unit_test(agreement_outvotes_stale_data),
        cmocka_unit_test(open_graph_serves_where_nothing_else_does),
        cmocka_unit_test(prices_before_the_name_are_no_part_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
