/* What pages say of themselves when a listing is there no more, and what they say besides. */
#include "page/read_page.h"

#include <stdio.h>

#define URL "https://m.example/item/1"
#define PAGE(title, body) "<html><head><title>" title "</title></head><body>" body "</body></html>"
#define PRODUCT(availability)                                                                      \
    "<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Fox pin\","              \
    "\"image\":\"/p/fox.jpg\",\"offers\":{\"@type\":\"Offer\",\"price\":\"9\","                    \
    "\"priceCurrency\":\"EUR\",\"availability\":\"https://schema.org/" availability                \
    "\"}}</script>"

static void assert_ended(const char *text, const char *words)
{
    const ko_page_source source = {.bytes = text, .size = strlen(text), .url = URL};
    ko_page page = read_source(&source);
    if (words) {
        assert_non_null(page.ended);
        assert_string_equal(page.ended, words);
        assert_int_equal(page.offers.count, 0);
    } else if (page.ended) {
        fail_msg("'%s' says '%s'", text, page.ended);
    }
    ko_page_free(&page);
}

static void a_page_says_itself_that_its_listing_is_gone(void **state)
{
    static const struct {
        const char *statement, *words;
    } said[] = {
        {"This listing was ended by the seller because the item is no longer available.",
         "listing was ended"},
        {"Sorry, this item is unavailable.", "this item is unavailable"},
        {"Oops! Page not found", "page not found"},
        {"Dieser Artikel ist leider nicht mehr verfügbar", "nicht mehr verfügbar"},
        {"Cet article n’est plus disponible", "n’est plus disponible"},
        {"Este producto ya no está disponible", "ya no está disponible"},
        {"Questo articolo non è più disponibile", "non è più disponibile"},
        {"Este anúncio foi encerrado. Anúncio encerrado", "anúncio encerrado"},
        {"Dit product is niet meer leverbaar", "niet meer leverbaar"},
        {"Oferta została zakończona", "oferta została zakończona"},
        {"很抱歉，您查看的商品已下架", "已下架"},
        {"お探しの商品は見つかりませんでした", "商品は見つかりません"},
        {"판매가 종료된 상품입니다", "판매가 종료"},
        {"Товар снят с продажи", "нят с продажи"},
    };
    char page[600];
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        (void)snprintf(page, sizeof page, PAGE("%s | Market", "<p>More to see</p>"),
                       said[i].statement);
        assert_ended(page, said[i].words);
        (void)snprintf(page, sizeof page, PAGE("Market", "<h1>%s</h1>"), said[i].statement);
        assert_ended(page, said[i].words);
        (void)snprintf(page, sizeof page, PAGE("Fox", "<div role=alert>%s</div>"),
                       said[i].statement);
        assert_ended(page, said[i].words);
    }
}

static void what_is_said_elsewhere_on_a_page_counts_for_nothing(void **state)
{
#define GONE_TEXT "This item is no longer available"
    static const char *const bodies[] = {
        "<h1>Fox pin</h1><p>" GONE_TEXT "</p>",
        "<h1>Fox pin</h1><div class=reviews><div class=message>" GONE_TEXT "</div></div>",
        "<h1>Fox pin</h1><ul><li><div class=alert>" GONE_TEXT "</div></li></ul>",
        "<h1>Fox pin</h1><section class=related-items><h2>" GONE_TEXT "</h2></section>",
        "<h1>Fox pin</h1><div class=alert style='display:none'>" GONE_TEXT "</div>",
        "<h1>Fox pin</h1><div class='alert hidden'>" GONE_TEXT "</div>",
        "<h1>Fox pin</h1><script type='text/template'><p class=alert>" GONE_TEXT "</p></script>",
        /* It can be bought, so the box is about something else. */
        "<h1>Fox pin</h1><div class=alert>" GONE_TEXT "</div><button>Add to cart</button>",
    };
    char page[600];
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        (void)snprintf(page, sizeof page, PAGE("Fox pin", "%s"), bodies[i]);
        assert_ended(page, NULL);
    }
}

static void what_is_so_for_a_while_or_for_some_has_not_ended(void **state)
{
    static const char *const statements[] = {
        "Currently no longer available",
        "No longer available in your country",
        "Derzeit nicht mehr verfügbar",
        "Ce produit n’est plus disponible actuellement",
        "Sold out",
        "Out of stock",
        "This product is not available",
        "Ausverkauft",
        "Temporarily no longer for sale here",
        "Wyprzedane",
    };
    char page[600];
    (void)state;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        (void)snprintf(page, sizeof page, PAGE("Fox pin", "<h1>%s</h1>"), statements[i]);
        assert_ended(page, NULL);
    }
}

static void structured_data_that_offer_the_listing_outweigh_words(void **state)
{
    (void)state;
    assert_ended(PAGE("404 page not found sticker", PRODUCT("InStock")), NULL);
    assert_ended(PAGE("Fox", "<h1>No longer available</h1>" PRODUCT("OutOfStock")), NULL);
    assert_ended(PAGE("Fox", "<h1>No longer available</h1>" PRODUCT("SoldOut")), NULL);
    /* Those of others do not. */
    assert_ended(PAGE("m", "<h1>This item is no longer available</h1>"
                           "<script type='application/ld+json'>{\"@type\":\"Product\","
                           "\"name\":\"Owl\",\"url\":\"https://m.example/item/2\","
                           "\"image\":\"/p/owl.jpg\"}</script>"),
                 "no longer available");
}

static void structured_data_say_it_themselves(void **state)
{
    (void)state;
    assert_ended(PAGE("Fox", PRODUCT("Discontinued")), "discontinued");
    assert_ended(PAGE("Fox", PRODUCT("Discontinued") PRODUCT("InStock")), NULL);
    assert_ended(PAGE("Fox", "<div itemscope itemtype='https://schema.org/Offer'>"
                             "<link itemprop=availability href='https://schema.org/Discontinued'>"
                             "</div>"),
                 "discontinued");
}

static void a_page_that_the_user_calls_a_listing_is_read_all_the_same(void **state)
{
    (void)state;
    ko_page page = read_page(PAGE("Fox - no longer available", "<h1>Fox</h1>"), URL);
    assert_string_equal(page.ended, "no longer available");
    assert_int_equal(page.offers.count, 1);
    ko_page_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_says_itself_that_its_listing_is_gone),
        cmocka_unit_test(what_is_said_elsewhere_on_a_page_counts_for_nothing),
        cmocka_unit_test(what_is_so_for_a_while_or_for_some_has_not_ended),
        cmocka_unit_test(structured_data_that_offer_the_listing_outweigh_words),
        cmocka_unit_test(structured_data_say_it_themselves),
        cmocka_unit_test(a_page_that_the_user_calls_a_listing_is_read_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
