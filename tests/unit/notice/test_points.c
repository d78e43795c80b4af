/* Points of a seller by the rule as published. */
#include "notice/points.h"

#include "notice/rules_open.h"

static ko_points points_of(const ko_complaint *complaints, size_t n, const char *day)
{
    ko_rules *rules = rules_open();
    const ko_penalty *rule = ko_rules_penalty(rules, "aliexpress");
    assert_non_null(rule);
    ko_points points = {0};
    assert_int_equal(ko_points_on(rule, complaints, n, day_of(day), &points, NULL), KO_OK);
    assert_null(ko_rules_penalty(rules, "etsy"));
    ko_rules_free(rules);
    return points;
}

static void a_day_gives_six_at_most(void **state)
{
    (void)state;
    ko_complaint complaints[50];
    for (size_t i = 0; i < 50; i++)
        complaints[i] = (ko_complaint){day_of("2026-11-20"), false};
    complaints[7].on = day_of("2026-11-21");
    const ko_points points = points_of(complaints, 50, "2026-11-22");
    assert_int_equal(points.points, 12);
    assert_int_equal(points.days, 2);
    assert_int_equal(points.days_to_go, 6);
    assert_false(points.closes);
}

static void eight_days_close(void **state)
{
    (void)state;
    ko_complaint complaints[8];
    for (int i = 0; i < 8; i++)
        complaints[i] = (ko_complaint){day_of("2026-11-20") - 40 * i, false};
    const ko_points seven = points_of(complaints, 7, "2026-11-20");
    assert_false(seven.closes);
    assert_int_equal(seven.days_to_go, 1);
    const ko_points eight = points_of(complaints, 8, "2026-11-20");
    assert_true(eight.closes);
    assert_int_equal(eight.points, 48);
    assert_int_equal(eight.days_to_go, 0);
}

static void points_live_365_days(void **state)
{
    (void)state;
    const ko_complaint complaints[] = {{day_of("2027-06-01"), false},
                                       {day_of("2027-03-01"), false}};
    ko_points points = points_of(complaints, 2, "2028-02-28"); /* a leap year ends a day early */
    assert_int_equal(points.points, 12);
    assert_day(points.ends_on, "2028-02-29");
    points = points_of(complaints, 2, "2028-02-29");
    assert_int_equal(points.points, 6);
    assert_day(points.ends_on, "2028-05-31");
    points = points_of(complaints, 2, "2027-02-28"); /* neither has happened yet */
    assert_int_equal(points.points, 0);
    assert_false(points.any_ends);
}

static void serious_ones_count_once_in_three_days(void **state)
{
    (void)state;
    ko_complaint complaints[] = {
        {day_of("2026-11-01"), true}, {day_of("2026-11-03"), true},  {day_of("2026-11-04"), true},
        {day_of("2026-11-06"), true}, {day_of("2026-11-06"), false},
    };
    ko_points points = points_of(complaints, 5, "2026-11-22");
    assert_int_equal(points.serious, 2);
    assert_int_equal(points.points, 6);
    assert_false(points.closes);
    complaints[3].on = day_of("2026-11-07");
    points = points_of(complaints, 5, "2026-11-22");
    assert_int_equal(points.serious, 3);
    assert_true(points.closes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_gives_six_at_most),
        cmocka_unit_test(eight_days_close),
        cmocka_unit_test(points_live_365_days),
        cmocka_unit_test(serious_ones_count_once_in_three_days),
    };
    return cmocka_run_group_tests_name("notice.points", tests, NULL, NULL);
}
