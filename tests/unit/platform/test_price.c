/* Prices as shops around the world write them. */
#include "platform/price.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void assert_range(const char *text, const char *context, int64_t low, int64_t high,
                         const char *currency)
{
    ko_price price;
    assert_int_equal(ko_price_read(text, context, &price), KO_OK);
    assert_int_equal(price.low_minor, low);
    assert_int_equal(price.high_minor, high);
    assert_string_equal(price.currency, currency);
}

static void assert_price(const char *text, int64_t minor, const char *currency)
{
    assert_range(text, "", minor, minor, currency);
}

static void either_mark_divides_decimals(void **state)
{
    (void)state;
    assert_price("$1,234.50", 123450, "USD");
    assert_price("1.234,50 \xE2\x82\xAC", 123450, "EUR");
    assert_price("1\xC2\xA0"
                 "029,00 K\xC4\x8D",
                 102900, "CZK");
    assert_price("CHF 1'234.50", 123450, "CHF");
    assert_price("\xE2\x82\xB9"
                 "12,34,567.00",
                 123456700, "INR");
    assert_price("73,460 \xE2\x82\xAC", 7346000, "EUR");
    assert_price("1.299.000\xE2\x82\xAB", 1299000, "VND");
    assert_price("29.1583 GBP", 2916, "GBP");
    assert_price("5\xE2\x82\xAC"
                 "49",
                 549, "EUR");
    assert_price("50,- z\xC5\x82", 5000, "PLN");
    assert_price("$.75", 75, "USD");
}

static void decimals_are_those_of_the_currency(void **state)
{
    (void)state;
    assert_price("12,000\xEC\x9B\x90", 12000, "KRW");
    assert_price("1200\xE5\x86\x86", 1200, "JPY");
    assert_price("423.923 KD", 423923, "KWD");
}

static void digits_of_other_scripts_are_read(void **state)
{
    (void)state;
    assert_price("\xD9\xA1\xD9\xA2\xD9\xAB\xD9\xA5 \xD8\xB1.\xD8\xB3", 1250, "SAR");
    assert_price("\xEF\xBF\xA5\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x8E\xEF\xBC\x95", 1250, "CNY");
}

static void ranges_have_two_ends(void **state)
{
    (void)state;
    assert_range("US $1.50 - 3.20", "", 150, 320, "USD");
    assert_range("$29.99 \xE2\x80\x93 $74.99", "", 2999, 7499, "USD");
    assert_range("From 26 to 50 \xE2\x82\xAC", "", 2600, 5000, "EUR");
    assert_range("149.00-159.00", "CNY", 14900, 15900, "CNY");
    assert_range("$791.00 $479.00", "", 79100, 79100, "USD"); /* two prices, not a range */
    assert_range("10 pieces US$3.20", "", 320, 320, "USD");
    assert_range("50 - $2.00 100 - $1.75", "", 200, 200, "USD"); /* prices by number of pieces */
    assert_range("US$0.85 - US$1.20 / Piece", "", 85, 120, "USD");
}

static void the_context_tells_what_a_sign_means(void **state)
{
    (void)state;
    assert_range("$12", "CAD", 1200, 1200, "CAD");
    assert_range("129 kr", "NOK", 12900, 12900, "NOK");
    assert_range("12", "Price in \xC2\xA3", 1200, 1200, "GBP");
    assert_range("\xE2\x82\xAC"
                 "12",
                 "USD", 1200, 1200, "EUR"); /* the text says more */
    assert_price("NZD $100.70", 10070, "NZD");
    assert_price("$1,190.00 AUD", 119000, "AUD");
    assert_price("a partire da 7,32 \xE2\x82\xAC", 732, "EUR");
    assert_price("12.50", 1250, "");
}

static void nothing_means_ask(void **state)
{
    (void)state;
    ko_price price;
    assert_int_equal(ko_price_read("US$0.00", "", &price), KO_OK);
    assert_true(price.ask);
    assert_int_equal(ko_price_read("US$0.00 - 0.50", "", &price), KO_OK);
    assert_false(price.ask);
}

static void what_is_no_price_is_not_found(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "Not Available", "40% OFF", "15.08.2017", "24/12", "-"};
    ko_price price;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(ko_price_read(texts[i], "", &price), KO_E_NOT_FOUND);
}

static void size_is_limited(void **state)
{
    (void)state;
    char text[KO_MAX_PRICE_BYTES + 2];
    ko_price price;
    assert_int_equal(ko_price_read("$999999999999999", "", &price), KO_OK);
    assert_int_equal(price.low_minor, 99999999999999900);
    assert_int_equal(ko_price_read("$1999999999999999", "", &price), KO_E_LIMIT);
    assert_int_equal(ko_price_read("BTC 999999999999999", "", &price), KO_E_LIMIT);
    memset(text, ' ', sizeof text);
    text[0] = '5';
    text[KO_MAX_PRICE_BYTES] = '\0';
    assert_int_equal(ko_price_read(text, "", &price), KO_OK);
    text[KO_MAX_PRICE_BYTES] = ' ';
    text[KO_MAX_PRICE_BYTES + 1] = '\0';
    assert_int_equal(ko_price_read(text, "", &price), KO_E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(either_mark_divides_decimals),
        cmocka_unit_test(decimals_are_those_of_the_currency),
        cmocka_unit_test(digits_of_other_scripts_are_read),
        cmocka_unit_test(ranges_have_two_ends),
        cmocka_unit_test(the_context_tells_what_a_sign_means),
        cmocka_unit_test(nothing_means_ask),
        cmocka_unit_test(what_is_no_price_is_not_found),
        cmocka_unit_test(size_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
