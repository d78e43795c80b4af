/* The user's own rates, from what was told of notices. */
#include "case/rates.h"

#include "case/told.h"

#include "base/alloc.h"

static ko_rates read_rates(fixture *f, const ko_kit *kit, const char *day)
{
    ko_rates rates;
    ko_error err = {0};
    if (ko_rates_read(f->store, kit, day_of(day), &rates, &err) != KO_OK)
        fail_msg("%s", err.text);
    return rates;
}

static const ko_rate *rate_of(const ko_rates *rates, const char *channel, const char *reason)
{
    const ko_rate *rate = ko_rates_find(rates, channel, reason);
    if (!rate)
        fail_msg("no rate of %s", channel);
    return rate;
}

static void what_counts(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t a = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 10);
    const int64_t b = add_notice(f->store, "alibaba-ipp", "1688", "copy", 4);
    (void)add_notice(f->store, "alibaba-ipp", "1688", "copy", 3); /* stays built */
    tell(f->store, a, KO_NOTICE_FILED, "2026-09-01", 0, 0);
    tell(f->store, b, KO_NOTICE_FILED, "2026-09-01", 0, 0);
    tell(f->store, a, KO_NOTICE_REMOVED, "2026-09-03", 1, 5);
    tell(f->store, a, KO_NOTICE_REAPPEARED, "2026-11-20", 1, 1); /* it was a success */
    tell(f->store, a, KO_NOTICE_REFUSED, "2026-09-03", 6, 1);
    tell(f->store, a, KO_NOTICE_UNABLE, "2026-09-03", 7, 1);
    tell(f->store, a, KO_NOTICE_WITHDRAWN, "2026-09-03", 8, 1); /* nobody decided */
    tell(f->store, b, KO_NOTICE_COUNTERED, "2026-09-04", 11, 2);
    tell(f->store, b, KO_NOTICE_RESTORED, "2026-09-10", 11, 1);
    ko_rates rates = read_rates(f, &kit, "2026-11-22");
    const ko_rate *all = rate_of(&rates, "alibaba-ipp", NULL);
    assert_int_equal(all->standing.decided, 7);
    assert_int_equal(all->standing.removed, 5);
    assert_int_equal(all->standing.countered, 1);
    assert_int_equal(all->standing.unable, 1);
    assert_int_equal(all->n_open, 2 + 3); /* of a; of b, where one is countered */
    assert_int_equal(all->n_built, 3);
    assert_int_equal(all->level, KO_RATE_MISSED);
    assert_int_equal(rates.n, 4); /* of all, of two platforms, of the reason */
    assert_string_equal(rates.rates[1].platform, "aliexpress");
    assert_int_equal(rates.rates[1].standing.decided, 6);
    assert_int_equal(rates.rates[1].level, KO_RATE_FREE);
    assert_int_equal(rate_of(&rates, "alibaba-ipp", "copy")->level, KO_RATE_MISSED);
    assert_null(ko_rates_find(&rates, "alibaba-ipp", "trademark"));
    assert_null(ko_rates_find(&rates, "etsy", NULL));
    ko_rates_free(&rates);

    rates = read_rates(f, &kit, "2026-12-03"); /* three months on: only the counter-notice */
    assert_int_equal(rate_of(&rates, "alibaba-ipp", NULL)->standing.decided, 1);
    ko_rates_free(&rates);
    ko_kit_close(&kit);
}

/* Removes n listings of a new notice, and has others refused or lost. */
static void decide(fixture *f, const char *reason, size_t removed, size_t refused, size_t lost)
{

    const size_t n = removed + refused + lost;
    const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", reason, n);
    const int64_t next = number(f->store, "SELECT max(id) FROM notice_item") + 1 - (int64_t)n;
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-02", 0, 0);
    if (removed)
        tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-05", next, removed);
    if (refused)
        tell(f->store, id, KO_NOTICE_REFUSED, "2026-11-05", next + (int64_t)removed, refused);
    if (lost) {
        tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-05", 0, 0);
        tell(f->store, id, KO_NOTICE_RESTORED, "2026-11-06", 0, 0);
    }
}

static void warnings_come_before_rates_are_missed(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    decide(f, "copy", 46, 3, 0);
    ko_rates rates = read_rates(f, &kit, "2026-11-22");
    assert_int_equal(rate_of(&rates, "alibaba-ipp", NULL)->level, KO_RATE_FINE); /* 93.9 % */
    ko_rates_free(&rates);
    decide(f, "copy", 0, 1, 0);
    rates = read_rates(f, &kit, "2026-11-22");
    assert_int_equal(rate_of(&rates, "alibaba-ipp", NULL)->level, KO_RATE_NEAR); /* 92 % */
    ko_rates_free(&rates);
    decide(f, "copy", 48, 0, 2);
    rates = read_rates(f, &kit, "2026-11-22");
    assert_int_equal(rate_of(&rates, "alibaba-ipp", NULL)->level, KO_RATE_FINE); /* 94, 2 % */
    ko_rates_free(&rates);
    decide(f, "copy", 0, 0, 3);
    rates = read_rates(f, &kit, "2026-11-22");
    assert_int_equal(rate_of(&rates, "alibaba-ipp", NULL)->level, KO_RATE_NEAR); /* 4.9 % lost */
    ko_rates_free(&rates);
    ko_kit_close(&kit);
}

/* A reason that fared badly bears less than the channel as a whole. */
static void the_tighter_rate_decides_what_more_may_risk(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    decide(f, "copy", 60, 0, 0);
    decide(f, "photo", 19, 1, 0);
    const ko_channel *channel = ko_rules_channel(kit.rules, "alibaba-ipp");
    ko_rates rates = read_rates(f, &kit, "2026-11-22");
    const ko_standing_risk copy = ko_rates_risk(&rates, channel, "copy", 20);
    const ko_standing_risk photo = ko_rates_risk(&rates, channel, "photo", 20);
    const ko_standing_risk fresh = ko_rates_risk(&rates, channel, "trademark", 20);
    assert_true(copy.can_hold && photo.can_hold && fresh.can_hold);
    assert_int_equal(copy.bears_refused, 8);  /* 72 of 80 are 90 % */
    assert_int_equal(photo.bears_refused, 3); /* 36 of 40 */
    assert_int_equal(fresh.bears_refused, 2); /* 18 of 20 */
    assert_int_equal(copy.bears_countered, 4);
    assert_int_equal(photo.bears_countered, 2);
    assert_int_equal(fresh.bears_countered, 1);
    ko_rates_free(&rates);
    ko_kit_close(&kit);
}

static void channels_without_a_rule_have_rates(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "etsy", "etsy", "copy", 2);
    tell(f->store, id, KO_NOTICE_FILED, "2026-01-02", 0, 0);
    tell(f->store, id, KO_NOTICE_REFUSED, "2026-01-03", 0, 0);
    ko_rates rates = read_rates(f, &kit, "2026-11-22");
    const ko_rate *all = rate_of(&rates, "etsy", NULL);
    assert_int_equal(all->standing.decided, 2);
    assert_int_equal(all->months, KO_RATES_MONTHS);
    assert_int_equal(all->level, KO_RATE_FREE);
    ko_rates_free(&rates);
    ko_kit_close(&kit);
}

static void no_memory_is_told(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    decide(f, "copy", 2, 1, 1);
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_rates rates;
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_rates_read(f->store, &kit, day_of("2026-11-22"), &rates, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_rates_free(&rates);
        assert_int_equal(ko_alloc_live(), before);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired)
            break;
    }
    ko_kit_close(&kit);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_counts),
        TEST(warnings_come_before_rates_are_missed),
        TEST(the_tighter_rate_decides_what_more_may_risk),
        TEST(channels_without_a_rule_have_rates),
        TEST(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("case.rates", tests, NULL, NULL);
}
