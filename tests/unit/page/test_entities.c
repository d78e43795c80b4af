/* References to characters in texts of interfaces. */
#include "page/read_page.h"

#include "base/alloc.h"
#include "page/entities.h"

static void references_become_characters_and_the_rest_stays(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain;
    } known[] = {
        {"Owl&#39;s &amp; cat&rsquo;s &#8211; &#x1F98A; &quot;tee&quot; &lt;3",
         "Owl's & cat\xe2\x80\x99s \xe2\x80\x93 \xf0\x9f\xa6\x8a \"tee\" <3"},
        {"&amp;#39;", "&#39;"}, /* once */
        {"Salt & pepper; A&B;C", "Salt & pepper; A&B;C"},
        {"&", "&"},
        {"&;&#;&#x;&#39", "&;&#;&#x;&#39"},
        {"&#0;&#xD800;&#x110000;&#99999999999;&nosuchname;",
         "&#0;&#xD800;&#x110000;&#99999999999;&nosuchname;"},
        {"&thetasym;&#65;", "\xcf\x91"
                            "A"},
        {"&# 65;&#+65;&#x0x4;&#6g;", "&# 65;&#+65;&#x0x4;&#6g;"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char *plain = ko_strdup(known[i].text);
        assert_non_null(plain);
        ko_entities_decode(plain);
        assert_string_equal(plain, known[i].plain);
        ko_free(plain);
    }
}

static void titles_of_etsy_and_woocommerce_are_plain(void **state)
{
    (void)state;
    ko_page page =
        read_page("{\"count\":1,\"results\":[{\"listing_id\":9990000029,\"title\":\"Fox&#39;s "
                  "lantern\",\"url\":\"https://www.etsy.com/listing/9990000029/x\","
                  "\"shop\":{\"shop_name\":\"Moss&amp;Co\"}}]}",
                  "https://openapi.etsy.com/v3/application/listings/batch");
    assert_field(only_offer(&page), KO_OFFER_TITLE, "Fox's lantern");
    assert_field(only_offer(&page), KO_OFFER_SELLER, "Moss&Co");
    ko_page_free(&page);
    page = read_page("[{\"id\":1,\"name\":\"Fox &#8211; tee\",\"permalink\":\"https://w.x/a?b=1\","
                     "\"prices\":{\"price\":\"500\"}}]",
                     NULL);
    assert_field(only_offer(&page), KO_OFFER_TITLE, "Fox \xe2\x80\x93 tee");
    ko_page_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_become_characters_and_the_rest_stays),
        cmocka_unit_test(titles_of_etsy_and_woocommerce_are_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
