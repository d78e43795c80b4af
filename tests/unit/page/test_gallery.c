/* All pictures of the product and none of its neighbours. */
#include "page/read_page.h"

#define HEAD                                                                                       \
    "<meta property='og:type' content='product'><title>Print</title>"                              \
    "<meta property='og:image' content='https://c.example/p/aa.jpg'>"

static void the_part_around_the_known_picture_counts(void **state)
{
    (void)state;
    ko_page page = read_page(
        HEAD "<header><img src=/banner.jpg></header><main>"
             "<div><ul><li><img src='/p/aa_600x600.jpg'></li>"
             "<li><img src='data:image/gif;base64,R0' data-src='/p/bb.jpg'></li>"
             "<li><a href='/p/cc.jpg'><img src='/p/cc-100x100.jpg'></a></li>"
             "<li><img src='/p/placeholder.png' srcset='/p/dd-1.jpg 300w, /p/dd-2.jpg 900w'></li>"
             "<li><picture><source srcset='/p/ee.webp'><img src='/img/spacer.png'></picture></li>"
             "</ul></div><h1>Print</h1>"
             "<div><a href='/other'><img src='/p/xx.jpg'></a></div>"
             "<div class=similar-items><img src='/p/yy.jpg'></div></main>"
             "<main><div><frequently-bought><img src='/p/zz.jpg'></frequently-bought>"
             "<img src='/p/aa.jpg'></div></main>",
        "https://c.example/print");
    assert_images(only_offer(&page), "https://c.example/p/aa.jpg https://c.example/p/bb.jpg "
                                     "https://c.example/p/cc.jpg https://c.example/p/dd-2.jpg "
                                     "https://c.example/p/ee.webp ");
    ko_page_free(&page);
}

static void pictures_named_after_one_are_found_anywhere(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<meta property='og:type' content='product'><title>Print</title>"
        "<meta property='og:image' content='https://c.example/i/238368'>"
        "<div><img src='/i/238368?$big$'></div><h1>Print</h1><a href='/b'><img src='/i/238369'></a>"
        "<section><p>Details</p><img src='/i/238368alt1'></section><img src='/i/238367'>",
        "https://c.example/print");
    assert_images(only_offer(&page), "https://c.example/i/238368 https://c.example/i/238368alt1 ");
    ko_page_free(&page);
}

static void a_gallery_by_name_serves_where_no_picture_is_known(void **state)
{
    (void)state;
    ko_page page = read_page("<title>Mug</title><form action=/cart/add></form>"
                             "<div class=hero><a href=/sale><img src=/sale.jpg></a></div>"
                             "<div class=product-gallery><img src=/1.jpg><img src=/2.jpg></div>"
                             "<div class=text><h1>Mug</h1><s class=price>9 EUR</s>"
                             "<span class='price'>7 EUR</span></div>",
                             "https://c.example/mug");
    const ko_page_offer *offer = only_offer(&page);
    assert_images(offer, "https://c.example/1.jpg https://c.example/2.jpg ");
    assert_field(offer, KO_OFFER_PRICE, "7 EUR");
    ko_page_free(&page);
}

static void states_of_scripts_give_the_gallery(void **state)
{
    (void)state;
    ko_page page = read_page(
        HEAD "<script>var a = function(b){return {c: b}}; window.state = {\n"
             "  site: location.host === 'x' ? 1 : 2, // where\n"
             "  imageModule: {imagePathList: ['//c.example/p/aa.jpg_50x50.jpg', "
             "'//c.example/p/bb.jpg']}, storeModule: {storeName: 'Summer \\'s Co'},\n"
             "  priceModule: {formatedActivityPrice: '€ 1,50 - 2,50'},\n"
             "  recommended: {images: ['//c.example/p/aa.jpg', '//c.example/p/zz.jpg']},\n"
             "  items: [{price: 3, image: '//c.example/p/aa.jpg'}, {image: '/p/yy.jpg'}],\n};"
             "</script>",
        "https://c.example/print");
    const ko_page_offer *offer = only_offer(&page);
    assert_images(offer, "https://c.example/p/aa.jpg https://c.example/p/bb.jpg ");
    assert_field(offer, KO_OFFER_SELLER, "Summer 's Co");
    assert_field(offer, KO_OFFER_PRICE, "€ 1,50 - 2,50");
    ko_page_free(&page);
}

static void states_as_json_and_as_text_of_json_are_read(void **state)
{
    (void)state;
    ko_page page = read_page(
        HEAD "<script id=__NEXT_DATA__ type='application/json'>{\"props\":{\"media\":["
             "{\"thumb\":\"https://c.example/p/aa_80x80.jpg\","
             "\"hiRes\":\"https://c.example/p/aa.jpg\"},"
             "{\"thumb\":\"https://c.example/t/b.jpg\",\"hiRes\":\"https://c.example/p/b1.jpg\"}"
             "]}}</script><script>window.__S__ = JSON.parse(\"{\\\"images\\\":["
             "\\\"https://c.example/p/aa.jpg\\\",\\\"https://c.example/p/cc.jpg\\\"]}\");</script>",
        "https://c.example/print");
    assert_images(only_offer(&page), "https://c.example/p/aa.jpg https://c.example/p/b1.jpg "
                                     "https://c.example/p/cc.jpg ");
    ko_page_free(&page);
}

static void copies_under_other_names_are_no_pictures_of_their_own(void **state)
{
    (void)state;
    ko_page page = read_page(
        "<meta property='og:type' content='product'><title>Print</title>"
        "<meta property='og:image' content='https://c.example/p/thumb2.jpg'>"
        "<script>var s = {'initial': [{'hiRes': 'https://c.example/p/full1.jpg', 'thumb': "
        "'https://c.example/p/thumb1.jpg'}, {'hiRes': 'https://c.example/p/full2.jpg', 'thumb': "
        "'https://c.example/p/thumb2.jpg'}]};</script>"
        "<div class=gallery><img src=/p/thumb1.jpg><img src=/p/thumb2_40x40.jpg></div>",
        "https://c.example/print");
    assert_images(only_offer(&page),
                  "https://c.example/p/full2.jpg https://c.example/p/full1.jpg ");
    ko_page_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_part_around_the_known_picture_counts),
        cmocka_unit_test(pictures_named_after_one_are_found_anywhere),
        cmocka_unit_test(a_gallery_by_name_serves_where_no_picture_is_known),
        cmocka_unit_test(states_of_scripts_give_the_gallery),
        cmocka_unit_test(copies_under_other_names_are_no_pictures_of_their_own),
        cmocka_unit_test(states_as_json_and_as_text_of_json_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
