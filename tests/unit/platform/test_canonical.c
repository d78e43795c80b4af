/* Canonical URLs: one listing by many URLs is one, two listings stay two. */
#include "platform/canonical.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static ko_url url_of(const char *text)
{
    ko_url url;
    assert_int_equal(ko_url_parse(text, strlen(text), NULL, &url, NULL), KO_OK);
    return url;
}

static ko_canonical canonical_of(const char *text)
{
    const ko_url url = url_of(text);
    ko_canonical canonical;
    assert_int_equal(ko_canonical_listing(&url, &canonical, NULL), KO_OK);
    return canonical;
}

static void assert_listing(const char *text, const char *platform, const char *item,
                           const char *expected)
{
    const ko_canonical canonical = canonical_of(text);
    assert_string_equal(canonical.platform, platform);
    assert_string_equal(canonical.item, item);
    assert_string_equal(canonical.url.text, expected);
    const ko_canonical again = canonical_of(expected);
    assert_string_equal(again.url.text, expected);
    assert_string_equal(ko_canonical_key(&again), ko_canonical_key(&canonical));
}

static void assert_one(bool one, const char *a, const char *b)
{
    const ko_canonical first = canonical_of(a), second = canonical_of(b);
    const bool same = strcmp(ko_canonical_key(&first), ko_canonical_key(&second)) == 0;
    assert_int_equal(same, one);
}

static void each_marketplace_has_its_canonical_url(void **state)
{
    (void)state;
    assert_listing("https://m.aliexpress.com/i/1005003145192016.html?spm=1", "aliexpress",
                   "1005003145192016", "https://www.aliexpress.com/item/1005003145192016.html");
    assert_listing("https://gd.alibaba.com/product-detail/Owl_Pin_160012.html", "alibaba", "160012",
                   "https://www.alibaba.com/product-detail/x_160012.html");
    assert_listing("https://m.1688.com/offer/612345678901.html?x=1", "1688", "612345678901",
                   "https://detail.1688.com/offer/612345678901.html");
    assert_listing("https://h5.m.taobao.com/awp/core/detail.htm?ns=1&id=562283240178", "taobao",
                   "562283240178", "https://item.taobao.com/item.htm?id=562283240178");
    assert_listing("https://detail.tmall.com/item.htm?id=562283240178&skuId=2", "tmall",
                   "562283240178", "https://detail.tmall.com/item.htm?id=562283240178");
    assert_listing("https://www.lazada.com.my/products/owl-print-i123-s987.html", "lazada", "123",
                   "https://www.lazada.com.my/products/i123.html");
    assert_listing("https://www.amazon.co.uk/Owl/dp/B001FK81PU/ref=sr_1_1?th=1", "amazon",
                   "B001FK81PU", "https://www.amazon.co.uk/dp/B001FK81PU");
    assert_listing("https://www.ebay.de/itm/owl/302474151804?hash=item46", "ebay", "302474151804",
                   "https://www.ebay.de/itm/302474151804");
    assert_listing("https://www.etsy.com/es/listing/550571276/owl?ref=x", "etsy", "550571276",
                   "https://www.etsy.com/listing/550571276");
    assert_listing("https://www.redbubble.com/i/sticker/Owl-by-x/12345678.EJUG5", "redbubble",
                   "12345678", "https://www.redbubble.com/i/sticker/Owl-by-x/12345678");
    assert_listing("https://www.temu.com/uk/owl-sticker-g-601099512345678.html", "temu",
                   "601099512345678", "https://www.temu.com/goods.html?goods_id=601099512345678");
    assert_listing("https://a.example/fr/collections/all/products/owl?variant=1", "shopify", "owl",
                   "https://a.example/products/owl");
    assert_listing("https://a.example/product/owl/?attribute_pa_size=a4", "woocommerce", "owl",
                   "https://a.example/product/owl/");
}

static void one_listing_by_several_urls_is_one(void **state)
{
    (void)state;
    const char *owl = "https://www.aliexpress.com/item/1005003145192016.html";
    assert_one(true, owl, "https://es.aliexpress.com/item/Cute-Owl-2pcs/1005003145192016.html");
    assert_one(true, owl, "https://www.aliexpress.com/gcp/1/x?productIds=1005003145192016:12");
    assert_one(true, owl, "https://www.aliexpress.us/item/3256802958877264.html"); /* + 2^51 */
    assert_one(true, "https://item.taobao.com/item.htm?id=5622",
               "https://detail.tmall.hk/hk/item.htm?skuId=1&id=5622");
    assert_one(true, "https://www.ebay.com/itm/302474151804",
               "https://www.ebay.co.uk/itm/owl/302474151804?var=1");
    assert_one(true, "https://www.redbubble.com/i/sticker/Owl/123.A",
               "https://www.redbubble.com/fr/i/t-shirt/Owl/123/B.C");
    assert_one(true, "https://a.example/p?id=3&utm_source=x&gclid=y", "https://a.example/p?id=3");
}

static void two_listings_stay_two(void **state)
{
    (void)state;
    assert_one(false, "https://www.aliexpress.com/item/1005003145192016.html",
               "https://aliexpress.ru/item/1005003145192016.html");
    assert_one(false, "https://www.amazon.com/dp/B001FK81PU",
               "https://www.amazon.de/dp/B001FK81PU");
    assert_one(false, "https://www.lazada.sg/products/i123.html",
               "https://www.lazada.vn/products/i123.html");
    assert_one(false, "https://a.example/products/owl", "https://b.example/products/owl");
    assert_one(false, "https://a.example/p?ref=1", "https://a.example/p?ref=2");
}

static void other_sites_are_not_taken_for_one(void **state)
{
    (void)state;
    assert_listing("https://www.amazon.evil.example/dp/B001FK81PU", "", "",
                   "https://www.amazon.evil.example/dp/B001FK81PU");
    assert_listing("https://notetsy.com/listing/1", "", "", "https://notetsy.com/listing/1");
    assert_listing("https://www.amazon.com/s?k=owl&utm_medium=x", "amazon", "",
                   "https://www.amazon.com/s?k=owl");
    assert_listing("https://a.example/products/birds/owl.html?fbclid=1", "", "",
                   "https://a.example/products/birds/owl.html");
}

static void short_links_are_told(void **state)
{
    (void)state;
    assert_true(canonical_of("https://s.click.aliexpress.com/e/_DdFqm").short_link);
    assert_true(canonical_of("https://amzn.to/3abc").short_link);
    assert_false(canonical_of("https://www.amazon.com/dp/B001FK81PU").short_link);
}

static void assert_picture(const char *text, const char *expected)
{
    ko_url url = url_of(text);
    assert_int_equal(ko_canonical_image(&url, &url, NULL), KO_OK);
    assert_string_equal(url.text, expected);
    assert_int_equal(ko_canonical_image(&url, &url, NULL), KO_OK);
    assert_string_equal(url.text, expected);
}

static void sizes_of_one_picture_are_one(void **state)
{
    (void)state;
    const char *alibaba = "https://s.alicdn.com/@sc04/kf/Habc.jpg";
    assert_picture("https://s.alicdn.com/@sc04/kf/Habc.jpg_350x350xz.jpg", alibaba);
    assert_picture("https://s.alicdn.com/@sc04/kf/Habc.jpg_220x220q75.jpg_.avif", alibaba);
    assert_picture("https://s.alicdn.com/@sc04/kf/Habc_350x350.jpg", alibaba);
    assert_picture("https://cbu01.alicdn.com/img/ibank/O1-0-cib.310x310.jpg",
                   "https://cbu01.alicdn.com/img/ibank/O1-0-cib.jpg");
    assert_picture("https://i.ebayimg.com/thumbs/images/g/AbcAA/s-l225.webp",
                   "https://i.ebayimg.com/images/g/AbcAA/s-l1600.jpg");
    assert_picture("https://i.ebayimg.com/00/s/MTYw/z/AbcAA/$_57.JPG?set_id=8800005007",
                   "https://i.ebayimg.com/images/g/AbcAA/s-l1600.jpg");
    assert_picture("https://i.etsystatic.com/1/c/1000/794/0/9/il/a/4/il_340x270.4_x.jpg",
                   "https://i.etsystatic.com/1/r/il/a/4/il_fullxfull.4_x.jpg");
    assert_picture("https://i.etsystatic.com/1/r/il/a/4/il_570xN.4_x.jpg",
                   "https://i.etsystatic.com/1/r/il/a/4/il_fullxfull.4_x.jpg");
    assert_picture("https://m.media-amazon.com/images/I/71ab+eL._AC_SX300_.jpg",
                   "https://m.media-amazon.com/images/I/71ab+eL.jpg");
    assert_picture("https://cdn.shopify.com/s/files/1/2/products/owl_300x300.jpg?v=16",
                   "https://cdn.shopify.com/s/files/1/2/products/owl.jpg");
    assert_picture("https://a.example/cdn/shop/files/owl_grande_crop_center@2x.png?v=1&width=200",
                   "https://a.example/cdn/shop/files/owl.png");
    assert_picture("https://a.example/wp-content/uploads/2021/05/owl-300x300.jpg",
                   "https://a.example/wp-content/uploads/2021/05/owl.jpg");
}

static void pictures_elsewhere_keep_their_names(void **state)
{
    (void)state;
    assert_picture("https://a.example/pictures/owl_300x300.jpg?size=2",
                   "https://a.example/pictures/owl_300x300.jpg?size=2");
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    const ko_url listing = url_of("https://a.example/p?id=3&utm_source=x");
    const ko_url picture = url_of("https://s.alicdn.com/kf/Habc.jpg_350x350xz.jpg");
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_canonical canonical;
        ko_url full;
        ko_alloc_fault(nth, 0);
        const ko_status first = ko_canonical_listing(&listing, &canonical, NULL);
        const ko_status second = ko_canonical_image(&picture, &full, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_int_equal(ko_alloc_live(), before);
        if (!fired)
            break;
        assert_true((first == KO_E_NOMEM) != (second == KO_E_NOMEM));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_marketplace_has_its_canonical_url),
        cmocka_unit_test(one_listing_by_several_urls_is_one),
        cmocka_unit_test(two_listings_stay_two),
        cmocka_unit_test(other_sites_are_not_taken_for_one),
        cmocka_unit_test(short_links_are_told),
        cmocka_unit_test(sizes_of_one_picture_are_one),
        cmocka_unit_test(pictures_elsewhere_keep_their_names),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
