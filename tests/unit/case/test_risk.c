/* What is to be expected of a seller: every part of it says what it is for. */
#include "case/risk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TODAY ((ko_day)20000)

/* n finds so many days ago. */
static ko_risk found(int n, int days_ago)
{
    ko_risk risk = {.works = 1};
    for (int i = 0; i < n; i++)
        (void)ko_risk_find(&risk, TODAY - days_ago, TODAY);
    ko_risk_weigh(&risk);
    return risk;
}

static void nothing_found_is_no_risk(void **state)
{
    (void)state;
    ko_risk risk = {0};
    ko_risk_weigh(&risk);
    assert_int_equal(risk.points, 0);
}

static void more_finds_and_later_ones_weigh_more(void **state)
{
    (void)state;
    assert_true(found(2, 0).points > found(1, 0).points);
    assert_true(found(2, 0).points > found(2, 50).points);
    assert_int_equal(found(2, KO_RISK_HALF_DAYS).points, found(1, 0).points);
    assert_int_equal(found(100, 0).points, KO_RISK_OF_FINDS);
    assert_int_equal(found(2, 30).last, TODAY - 30);
}

static void half_a_year_is_looked_back_over(void **state)
{
    (void)state;
    assert_int_equal(found(1, KO_RISK_DAYS - 1).confirmed, 1);
    assert_int_equal(found(1, KO_RISK_DAYS).confirmed, 0);
    assert_int_equal(found(1, -1).confirmed, 0); /* a clock that was wrong */
}

static void works_and_returns_have_points_of_their_own(void **state)
{
    (void)state;
    ko_risk risk = found(3, 0);
    const int finds = risk.points;
    risk.works = 4;
    assert_true(ko_risk_return(&risk, TODAY - 1, TODAY));
    assert_false(ko_risk_return(&risk, TODAY - KO_RISK_DAYS, TODAY));
    ko_risk_weigh(&risk);
    assert_int_equal(risk.of_finds, finds);
    assert_true(risk.of_reach > 0 && risk.of_reach < KO_RISK_OF_REACH);
    assert_int_equal(risk.of_returns, KO_RISK_OF_RETURNS / 2);
    assert_int_equal(risk.points, risk.of_finds + risk.of_reach + risk.of_returns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_found_is_no_risk),
        cmocka_unit_test(more_finds_and_later_ones_weigh_more),
        cmocka_unit_test(half_a_year_is_looked_back_over),
        cmocka_unit_test(works_and_returns_have_points_of_their_own),
    };
    return cmocka_run_group_tests_name("case.risk", tests, NULL, NULL);
}
