/* What a record's texts are told to mean. */
#include "listing/listing.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static ko_listing offered(const char *url, const char *price, const char *currency)
{
    return (ko_listing){
        .url = ko_strdup(url), .price = ko_strdup(price), .currency = ko_strdup(currency)};
}

static void settle(ko_listing *record)
{
    ko_error err = {0};
    if (ko_listing_settle(record, &err) != KO_OK)
        fail_msg("%s", err.text);
}

/* --- the offer --- */

static void assert_url(const char *url, const char *item, const char *expected)
{
    ko_listing record = offered(url, "", "");
    record.item_id = ko_strdup(item);
    settle(&record);
    char told[8192];
    (void)snprintf(told, sizeof told, "%s|%s|%s|%s", record.url, record.platform, record.item_id,
                   record.key);
    assert_string_equal(told, expected);
    settle(&record); /* what is settled stays */
    (void)snprintf(told, sizeof told, "%s|%s|%s|%s", record.url, record.platform, record.item_id,
                   record.key);
    assert_string_equal(told, expected);
    ko_listing_free(&record);
}

static void one_listing_has_one_url_and_key(void **state)
{
    (void)state;
    const char *const etsy = "https://www.etsy.com/listing/123|etsy|123|etsy:123";
    assert_url("http://etsy.com/uk/listing/123/owl-mug?ref=x#top", "", etsy);
    assert_url("https://www.etsy.com/listing/123", "9", etsy);
    assert_url("HTTPS://Shop.Test:443/a/../p/owl?utm_source=x&size=2", "A-7",
               "https://shop.test/p/owl?size=2||A-7|https://shop.test/p/owl?size=2");
    assert_url("", "A-7", "||A-7|");
    assert_url("ask the seller", "", "ask the seller|||ask the seller");
}

static void the_longest_urls_stay_as_they_are(void **state)
{
    (void)state;
    char url[2049];
    (void)snprintf(url, sizeof url, "https://stall.test/products/%02020d", 0);
    assert_int_equal(strlen(url), 2048);
    ko_listing record = offered(url, "", "");
    settle(&record);
    assert_string_equal(record.url, url);
    assert_true(record.key[0] != '\0');
    ko_listing_free(&record);
}

/* --- the price --- */

static void assert_price(const char *price, const char *max, const char *currency,
                         const char *expected)
{
    ko_listing record = offered("https://a.test/1", price, currency);
    record.price_max = ko_strdup(max);
    settle(&record);
    char told[256] = "unknown";
    const ko_price *p = &record.amount;
    if (record.has_price)
        (void)snprintf(told, sizeof told, "%lld..%lld/%u %s%s", (long long)p->low_minor,
                       (long long)p->high_minor, p->minor_digits, record.currency,
                       p->ask ? " ask" : "");
    else
        (void)snprintf(told, sizeof told, "unknown %s", record.currency);
    assert_string_equal(told, expected);
    ko_listing_free(&record);
}

static void prices_are_amounts_of_a_currency(void **state)
{
    (void)state;
    assert_price("19,99 €", "", "", "1999..1999/2 EUR");
    assert_price("19.99", "", "usd", "1999..1999/2 USD");
    assert_price("1,200", "", "JPY", "1200..1200/0 JPY");
    assert_price("$5", "", "A$", "500..500/2 AUD");
    assert_price("on request", "", "Euro", "unknown EUR");
    assert_price("", "", "shells", "unknown shells");
    assert_price("7.50", "", "shells", "750..750/2 shells");
    assert_price("$0.00", "", "", "0..0/2 USD ask");
}

static void ranges_have_two_ends_however_they_are_written(void **state)
{
    (void)state;
    assert_price("$3.20 - $5.60", "", "", "320..560/2 USD");
    assert_price("3.20", "5.60", "USD", "320..560/2 USD");
    assert_price("5.60", "3.20", "USD", "560..560/2 USD");
    assert_price("", "5.60", "USD", "560..560/2 USD");
    assert_price("0", "5.60", "USD", "0..560/2 USD");
    /* what is struck out behind it is no part of the range */
    assert_price("€18.43 - €33.13 €36.87 - €66.26 50% off", "", "", "1843..3313/2 EUR");
}

/* --- the gallery --- */

static void add(ko_listing *record, const char *url, const char *path)
{
    assert_int_equal(ko_listing_add_picture(record, url, path, NULL), KO_OK);
}

static void each_picture_is_kept_once_at_its_first_place(void **state)
{
    (void)state;
    ko_listing record = offered("https://a.test/1", "", "");
    add(&record, "https://i.etsystatic.com/1/r/il/ab/1/il_75x75.1_ab.jpg", "");
    add(&record, "", "/p/a.jpg");
    add(&record, "https://i.etsystatic.com/1/r/il/ab/1/il_794xN.1_ab.jpg", "/p/full.jpg");
    record.pictures[2].offset = 7;
    record.pictures[2].bytes = 9;
    add(&record, "", "/p/a.jpg");
    add(&record, "https://cdn.test/b.jpg", "/p/a.jpg");
    add(&record, "pics/c.jpg", "");
    settle(&record);
    char told[1024] = "";
    for (size_t i = 0; i < record.n_pictures; i++) {
        const ko_gallery_picture *p = &record.pictures[i];
        const size_t at = strlen(told);
        (void)snprintf(told + at, sizeof told - at, "%s %s %lld+%lld\n", p->url, p->path,
                       (long long)p->offset, (long long)p->bytes);
    }
    assert_string_equal(told, "https://i.etsystatic.com/1/r/il/ab/1/il_fullxfull.1_ab.jpg"
                              " /p/full.jpg 7+9\n"
                              "https://cdn.test/b.jpg /p/a.jpg 0+0\n"
                              "pics/c.jpg  0+0\n");
    ko_listing_free(&record);
}

static void no_memory_is_said_and_nothing_leaks(void **state)
{
    (void)state;
    for (unsigned nth = 1;; nth++) {
        ko_listing record = offered("https://etsy.com/listing/123/x?ref=1", "$5", "");
        add(&record, "https://cdn.test/b.jpg?utm_source=x", "");
        ko_error err = {0};
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_listing_settle(&record, &err);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_listing_free(&record);
        assert_int_equal(ko_alloc_live(), 0);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
        assert_true(err.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_listing_has_one_url_and_key),
        cmocka_unit_test(the_longest_urls_stay_as_they_are),
        cmocka_unit_test(prices_are_amounts_of_a_currency),
        cmocka_unit_test(ranges_have_two_ends_however_they_are_written),
        cmocka_unit_test(each_picture_is_kept_once_at_its_first_place),
        cmocka_unit_test(no_memory_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("listing.settle", tests, NULL, NULL);
}
