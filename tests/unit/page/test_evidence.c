/* What is for sale becomes a listing, and what is only spoken of does not. */
#include "page/read_page.h"

static void assert_sells(const char *url, const char *text, bool sells)
{
    const ko_page_source source = {.bytes = text, .size = strlen(text), .url = url};
    ko_page page = read_source(&source);
    if ((page.offers.count == 1) != sells)
        fail_msg("%zu listings in %s", page.offers.count, text);
    assert_int_equal(page.note == NULL, sells);
    ko_page_free(&page);
}

#define SHOWN "<title>Owl</title><h1>Owl</h1><img src=/1.jpg>"
#define PRODUCT                                                                                    \
    "<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Owl\",\"image\":"        \
    "\"https://a.example/1.jpg\",\"offers\":{\"price\":\"3\"}}</script>"

static void what_is_for_sale_is_a_listing(void **state)
{
    (void)state;
    assert_sells(NULL, SHOWN PRODUCT, true);
    assert_sells(NULL, SHOWN "<meta property='og:type' content='product'>", true);
    assert_sells(NULL, SHOWN "<b class=price>5 EUR</b><button class=add-to-cart>+</button>", true);
    assert_sells(NULL, SHOWN "<b class=price>5 EUR</b><a>カートに入れる</a>", true);
    assert_sells("https://www.etsy.com/listing/123456789/owl", SHOWN, true);
    assert_sells("https://a.example/products/owl", SHOWN "<b class=price>5 EUR</b>", true);
}

static void what_is_only_spoken_of_is_none(void **state)
{
    (void)state;
    assert_sells(NULL, SHOWN, false);
    assert_sells(NULL, SHOWN "<b class=price>5 EUR</b>", false);
    assert_sells("https://n.example/news/owl", SHOWN "<a href=/cart>Cart</a>", false);
    assert_sells(NULL,
                 SHOWN PRODUCT "<meta property='og:type' content='profile'>"
                               "<input name=checkin><input name=number_of_guests>",
                 false);
    assert_sells(NULL,
                 "<title>Ten owls</title><meta property='og:type' content='article'>"
                 "<script type='application/ld+json'>{\"@type\":\"Review\",\"itemReviewed\":"
                 "{\"@type\":\"Product\",\"name\":\"Owl\",\"image\":\"https://a.example/1.jpg\"}}"
                 "</script><p class=price>5 EUR</p>",
                 false);
    assert_sells("https://a.example/search?q=owl",
                 SHOWN "<b class=price>5 EUR</b><button>Add to cart</button>", false);
}

static void results_of_searches_are_none(void **state)
{
    (void)state;
    char page[4000] = SHOWN "<div class=gallery><img src=/2.jpg></div>";
    assert_sells(NULL,
                 "<title>12 results for owl</title><b class=price>5 EUR</b>"
                 "<button>Add to cart</button>",
                 false);
    for (unsigned i = 0; i < 20; i++)
        strcat(page, "<p><img src=/x.jpg><b class=price>5 EUR</b></p>");
    assert_sells(NULL, page, false);
}

static void shops_that_call_all_pages_articles_still_sell(void **state)
{
    (void)state;
    assert_sells("https://a.example/product/owl/",
                 SHOWN PRODUCT "<meta property='og:type' content='article'>"
                               "<form class=cart><button name=add-to-cart>Buy</button></form>",
                 true);
}

static void who_insists_gets_a_listing_with_a_warning(void **state)
{
    (void)state;
    ko_page page =
        read_page("<meta property='og:type' content='article'>" SHOWN, "https://n.example/1");
    assert_field(only_offer(&page), KO_OFFER_TITLE, "Owl");
    assert_string_equal(only_offer(&page)->warnings[0],
                        "nothing on the page says that it is a product");
    assert_null(page.note);
    ko_page_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_for_sale_is_a_listing),
        cmocka_unit_test(what_is_only_spoken_of_is_none),
        cmocka_unit_test(results_of_searches_are_none),
        cmocka_unit_test(shops_that_call_all_pages_articles_still_sell),
        cmocka_unit_test(who_insists_gets_a_listing_with_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
