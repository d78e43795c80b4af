/* The estimate in money: what is read from cells, what the user states, and what is added up. */
#include "case/estimate.h"

#include "store/fixture.h"

static void counts_as_people_write_them(void **state)
{
    static const struct {
        const char *text;
        double sold; /* negative: no count */
    } known[] = {
        {"12", 12},
        {"1,200", 1200},
        {"1.200", 1200},
        {"1 200", 1200},
        {"1'200'000", 1200000},
        {"1\xc2\xa0"
         "200",
         1200},
        {"500+", 500},
        {"30 sold", 30},
        {"sold: 30", 30},
        {"1.2k", 1200},
        {"1,2 K+", 1200},
        {"3 M", 3000000},
        {"5 mugs", 5},
        {"120-150", 120},
        {"0", 0},
        {"", -1},
        {"many", -1},
        {"4.8", -1},
        {"-3", -1},
        {"12345678901", -1},
        {"2,34", -1},
        {"100,000,000", 1e8},
        {"7 300 000 000", 7300000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double sold = -1;
        const bool read = ko_sold_read(known[i].text, &sold);
        if (read != (known[i].sold >= 0) || (read && sold != known[i].sold))
            fail_msg("'%s' is read as %g", known[i].text, sold);
    }
}

static void statements_are_checked(void **state)
{
    fixture *f = *state;
    ko_estimate_wish wish;
    static const char *const no_amounts[] = {"25", "EUR", "-3 EUR", "0 EUR", "1-2 EUR", "x"};
    static const char *const no_rates[] = {
        "euro",      "EUR USD",         "EUR USD=",  "USD=2",     "EUR USD=0",    "EUR USD=-1",
        "EUR USD=x", "EUR USD=1 USD=2", "EUR EUR=1", "EUR XXQ=1", "EUR USD=1e10", "EUR USD=inf"};
    for (size_t i = 0; i < sizeof no_amounts / sizeof *no_amounts; i++)
        assert_int_equal(ko_estimate_set_each(f->store, no_amounts[i], NULL), KO_E_USAGE);
    for (size_t i = 0; i < sizeof no_rates / sizeof *no_rates; i++)
        assert_int_equal(ko_estimate_set_rates(f->store, no_rates[i], NULL), KO_E_USAGE);
    assert_int_equal(ko_estimate_wish_read(f->store, &wish, NULL), KO_OK);
    assert_string_equal(wish.each_currency, "");
    assert_string_equal(wish.into, "");

    assert_int_equal(ko_estimate_set_each(f->store, "1.500 JPY", NULL), KO_OK);
    assert_int_equal(ko_estimate_set_rates(f->store, " EUR  USD=0.92 JPY=.006 ", NULL), KO_OK);
    assert_int_equal(ko_estimate_wish_read(f->store, &wish, NULL), KO_OK);
    assert_true(wish.each == 1500);
    assert_string_equal(wish.each_currency, "JPY");
    assert_true(ko_estimate_rate_of(&wish, "USD") == 0.92);
    assert_true(ko_estimate_rate_of(&wish, "EUR") == 1);
    assert_true(ko_estimate_rate_of(&wish, "GBP") == 0);
    assert_int_equal(ko_estimate_set_each(f->store, "", NULL), KO_OK);
    assert_int_equal(ko_estimate_set_rates(f->store, "", NULL), KO_OK);
    assert_int_equal(ko_estimate_wish_read(f->store, &wish, NULL), KO_OK);
    assert_string_equal(wish.each_currency, "");
    assert_int_equal(wish.n_rates, 0);
}

static void too_many_rates(void **state)
{
    fixture *f = *state;
    static const char *const codes[] = {"USD", "GBP", "JPY", "CNY", "CHF", "SEK",
                                        "NOK", "DKK", "PLN", "CZK", "HUF", "CAD",
                                        "AUD", "NZD", "BRL", "INR", "KRW"};
    char text[256] = "EUR";
    for (size_t i = 0; i <= KO_MAX_ESTIMATE_RATES; i++) {
        const size_t used = strlen(text);
        assert_int_equal(ko_estimate_set_rates(f->store, text, NULL), KO_OK);
        (void)snprintf(text + used, sizeof text - used, " %s=2", codes[i]);
    }
    assert_int_equal(ko_estimate_set_rates(f->store, text, NULL), KO_E_USAGE);
}

static void currencies_stay_apart(void **state)
{
    const ko_price dollars = {
        .low_minor = 1250, .high_minor = 1250, .minor_digits = 2, .currency = "USD"};
    const ko_price yen = {
        .low_minor = 900, .high_minor = 1900, .minor_digits = 0, .currency = "JPY"};
    const ko_price unknown = {.low_minor = 900, .high_minor = 900, .minor_digits = 2};
    const ko_price ask = {.minor_digits = 2, .currency = "USD", .ask = true};
    ko_estimate e = {.wish = {.each = 25,
                              .each_currency = "USD",
                              .into = "EUR",
                              .rates = {{"USD", 0.5}},
                              .n_rates = 1}};
    (void)state;
    assert_int_equal(ko_estimate_add(&e, &dollars, 4, NULL), KO_OK);
    assert_int_equal(ko_estimate_add(&e, &yen, 2, NULL), KO_OK);
    assert_int_equal(ko_estimate_add(&e, &dollars, -1, NULL), KO_OK);
    assert_int_equal(ko_estimate_add(&e, &unknown, 3, NULL), KO_OK);
    assert_int_equal(ko_estimate_add(&e, &ask, 3, NULL), KO_OK);
    assert_int_equal(ko_estimate_add(&e, NULL, 3, NULL), KO_OK);
    assert_int_equal(e.listings, 6);
    assert_int_equal(e.not_counted, 4);
    assert_int_equal(ko_estimate_settle(&e, NULL), KO_OK);
    assert_int_equal(e.not_counted, 0);
    assert_int_equal(e.n_sums, 2);
    assert_true(e.sums[0].amount == 50 + 4 * 25);
    assert_int_equal(e.sums[0].by_sold, 1);
    assert_int_equal(e.sums[0].by_each, 4);
    assert_true(e.sums[1].amount == 1800); /* the lower end */
    assert_true(e.total == 75);
    assert_int_equal(e.n_left_out, 1); /* nobody said what a yen is worth */
    ko_estimate_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_as_people_write_them),
        cmocka_unit_test_setup_teardown(statements_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_rates, set_up, tear_down),
        cmocka_unit_test(currencies_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
