/* From what a page states to the record that is kept. */
#include "page/read_page.h"

#include "base/alloc.h"
#include "page/record.h"

static ko_listing record_of(const char *text, const char *url)
{
    ko_page page = read_page(text, url);
    ko_listing record = {0};
    assert_int_equal(ko_offer_record(only_offer(&page), &record, NULL), KO_OK);
    ko_page_free(&page);
    return record;
}

static void offers_become_settled_records(void **state)
{
    (void)state;
    ko_listing record = record_of(
        "<title>Owl</title><script type='application/ld+json'>{\"@type\":\"Product\","
        "\"name\":\"Owl\",\"image\":[\"https://i.etsystatic.com/1/r/il/a/1/il_570xN.1_a.jpg\","
        "\"https://i.etsystatic.com/1/r/il/b/2/il_fullxfull.2_b.jpg\"],\"offers\":{\"@type\":"
        "\"AggregateOffer\",\"lowPrice\":\"9.5\",\"highPrice\":12,\"priceCurrency\":\"EUR\"}}"
        "</script>",
        "https://www.etsy.com/fr/listing/123456789/owl?click_key=1");
    assert_string_equal(record.platform, "etsy");
    assert_string_equal(record.item_id, "123456789");
    assert_string_equal(record.url, "https://www.etsy.com/listing/123456789");
    assert_string_equal(record.key, "etsy:123456789");
    assert_int_equal(record.amount.low_minor, 950);
    assert_int_equal(record.amount.high_minor, 1200);
    assert_string_equal(record.currency, "EUR");
    assert_int_equal(record.n_pictures, 2);
    assert_string_equal(record.pictures[0].url,
                        "https://i.etsystatic.com/1/r/il/a/1/il_fullxfull.1_a.jpg");
    ko_listing_free(&record);
}

static void signs_mean_the_money_of_the_country(void **state)
{
    (void)state;
    static const struct {
        const char *url, *price, *currency;
    } cases[] = {
        {"https://shop.example.com.au/owl", "$ 12.90", "AUD"},
        {"https://shop.example.se/owl", "129 kr", "SEK"},
        {"https://item.taobao.com/item.htm?id=1", "12.90", "CNY"},
        {"https://shop.example.ca/owl", "12.90", ""},
        {"https://shop.example.ca/owl", "12,90 €", "EUR"},
        {"https://shop.example.com/owl", "$12.90", "USD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_page_offer offer = {0};
        ko_listing record = {0};
        assert_int_equal(ko_offer_set(&offer, KO_OFFER_URL, cases[i].url, NULL), KO_OK);
        assert_int_equal(ko_offer_set(&offer, KO_OFFER_PRICE, cases[i].price, NULL), KO_OK);
        assert_int_equal(ko_offer_record(&offer, &record, NULL), KO_OK);
        assert_string_equal(record.currency, cases[i].currency);
        ko_listing_free(&record);
        ko_offer_clear(&offer);
    }
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    ko_page_offer offer = {0};
    assert_int_equal(ko_offer_set(&offer, KO_OFFER_URL, "https://a.example/1", NULL), KO_OK);
    assert_int_equal(ko_offer_set(&offer, KO_OFFER_PRICE, "$1", NULL), KO_OK);
    assert_int_equal(ko_offer_add_image(&offer, "https://a.example/1.jpg", NULL), KO_OK);
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_listing record = {0};
        ko_alloc_fault(nth, 1);
        const ko_status st = ko_offer_record(&offer, &record, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_listing_free(&record);
        assert_int_equal(ko_alloc_live(), live);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired)
            break;
    }
    ko_offer_clear(&offer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_become_settled_records),
        cmocka_unit_test(signs_mean_the_money_of_the_country),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
