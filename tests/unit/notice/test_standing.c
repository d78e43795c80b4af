/* The complainant's rates, and what more notices would risk. */
#include "notice/standing.h"

#include "notice/rules_open.h"

static const ko_standing_rule rule = {
    .success_least_percent = 90, .counter_most_percent = 5, .months = 3, .source = "test"};

static void the_rule_of_alibaba(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    const ko_standing_rule *has = &ko_rules_channel(rules, "alibaba-ipp")->standing;
    assert_int_equal(has->success_least_percent, 90);
    assert_int_equal(has->counter_most_percent, 5);
    assert_int_equal(has->months, 3);
    assert_true(has->per_reason);
    assert_null(ko_rules_channel(rules, "etsy")->standing.source);
    ko_rules_free(rules);
}

static void what_is_counted(void **state)
{
    (void)state;
    const ko_closed closed[] = {
        {"ipp", "aliexpress", "copy", day_of("2026-08-22"), KO_OUTCOME_REFUSED}, /* too old */
        {"ipp", "aliexpress", "copy", day_of("2026-08-23"), KO_OUTCOME_REMOVED},
        {"ipp", "1688", "copy", day_of("2026-11-22"), KO_OUTCOME_REMOVED},
        {"ipp", "1688", "photo", day_of("2026-11-01"), KO_OUTCOME_COUNTERED},
        {"ipp", "1688", "photo", day_of("2026-11-01"), KO_OUTCOME_UNABLE},
        {"temu", "temu", "copy", day_of("2026-11-01"), KO_OUTCOME_REFUSED},
        {"ipp", "1688", "copy", day_of("2026-11-23"), KO_OUTCOME_REFUSED}, /* not yet */
    };
    const ko_day day = day_of("2026-11-22");
    ko_standing all = ko_standing_on(&rule, closed, 7, &(ko_standing_filter){0}, day);
    assert_int_equal(all.decided, 4);
    assert_int_equal(all.removed, 2);
    assert_int_equal(all.countered, 1);
    assert_int_equal(all.unable, 1);
    ko_standing ipp =
        ko_standing_on(&rule, closed, 7, &(ko_standing_filter){.channel = "ipp"}, day);
    assert_int_equal(ipp.decided, 3);
    const ko_standing_filter photo = {.platform = "1688", .reason = "photo"};
    ko_standing few = ko_standing_on(&rule, closed, 7, &photo, day);
    assert_int_equal(few.decided, 1);
    assert_true(ko_standing_success_percent(&few) == 0);
    assert_true(ko_standing_counter_percent(&few) == 100);
}

static void limits_are_met_exactly(void **state)
{
    (void)state;
    assert_true(ko_standing_holds(&rule, &(ko_standing){.decided = 100, .removed = 90}));
    assert_false(ko_standing_holds(&rule, &(ko_standing){.decided = 100, .removed = 89}));
    assert_true(
        ko_standing_holds(&rule, &(ko_standing){.decided = 100, .removed = 95, .countered = 5}));
    assert_false(
        ko_standing_holds(&rule, &(ko_standing){.decided = 100, .removed = 94, .countered = 6}));
    assert_true(ko_standing_holds(&rule, &(ko_standing){0}));
    assert_true(ko_standing_success_percent(&(ko_standing){0}) == 100);
}

/* What a risk says is what counting says, for every n and every number of failures. */
static void a_risk_is_what_would_come(void **state)
{
    (void)state;
    for (size_t removed = 0; removed < 40; removed += 3) {
        for (size_t lost = 0; lost < 6; lost++) {
            const ko_standing now = {
                .decided = removed + lost, .removed = removed, .countered = lost / 2};
            for (size_t n = 0; n < 60; n += 7) {
                const ko_standing_risk risk = ko_standing_risk_of(&rule, &now, n);
                for (size_t k = 0; k <= n; k++) {
                    const ko_standing refused = {.decided = now.decided + n,
                                                 .removed = removed + n - k,
                                                 .countered = now.countered};
                    ko_standing countered = refused;
                    countered.countered += k;
                    assert_int_equal(ko_standing_holds(&rule, &refused),
                                     risk.can_hold && k <= risk.bears_refused);
                    assert_int_equal(ko_standing_holds(&rule, &countered),
                                     risk.can_hold && k <= risk.bears_countered);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rule_of_alibaba),
        cmocka_unit_test(what_is_counted),
        cmocka_unit_test(limits_are_met_exactly),
        cmocka_unit_test(a_risk_is_what_would_come),
    };
    return cmocka_run_group_tests_name("notice.standing", tests, NULL, NULL);
}
