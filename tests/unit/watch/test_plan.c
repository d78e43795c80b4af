/* When jobs are done again, by clocks that jump. */
#include "watch/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW 1800000000

static ko_job_plan hourly(int64_t next_at, int64_t failures)
{
    return (ko_job_plan){.name = "scan", .every_s = 3600, .next_at = next_at, .failures = failures};
}

static void a_job_asks_when_it_is_next_within_its_interval(void **state)
{
    static const struct {
        int64_t wanted, next;
    } cases[] = {{0, 3600}, {NOW + 600, 600}, {NOW + 7200, 3600}, {NOW - 5, 60}, {NOW + 59, 60}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_job_plan plan = hourly(NOW - 10, 4);
        ko_plan_done(&plan, NOW, cases[i].wanted);
        assert_int_equal(plan.next_at - NOW, cases[i].next);
        assert_int_equal(plan.failures, 0);
    }
}

static void failures_wait_twice_as_long_each_time_up_to_six_hours(void **state)
{
    static const int64_t waits[] = {300, 600, 1200, 2400, 4800, 9600, 19200, 21600, 21600};
    ko_job_plan plan = hourly(NOW, 0);
    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        ko_plan_failed(&plan, NOW);
        assert_int_equal(plan.next_at - NOW, waits[i]);
    }
    ko_plan_bring_forward(&plan, NOW + 1); /* nothing makes it earlier */
    assert_int_equal(plan.next_at - NOW, 21600);
    ko_plan_take_up(&plan, NOW); /* nor is it too far off, though its interval is an hour */
    assert_int_equal(plan.next_at - NOW, 21600);
    assert_int_equal(ko_watch_backoff_s(INT64_MAX), 21600);
}

static void what_happened_makes_a_job_earlier_never_later(void **state)
{
    ko_job_plan plan = hourly(NOW + 100, 0);
    (void)state;
    ko_plan_bring_forward(&plan, NOW + 200);
    assert_int_equal(plan.next_at, NOW + 100);
    ko_plan_bring_forward(&plan, NOW + 50);
    assert_int_equal(plan.next_at, NOW + 50);
}

static void a_clock_that_was_wrong_delays_nothing_beyond_its_interval(void **state)
{
    ko_job_plan plan = hourly(NOW + 365 * 86400, 0);
    (void)state;
    ko_plan_take_up(&plan, NOW);
    assert_int_equal(plan.next_at, NOW + 3600);
    ko_plan_take_up(&plan, NOW + 10); /* it does not move on with the clock */
    assert_int_equal(plan.next_at, NOW + 3600);
    plan = hourly(NOW - 365 * 86400, 0); /* missed, for whatever reason: due once */
    ko_plan_take_up(&plan, NOW);
    assert_true(plan.next_at <= NOW);
}

static void a_job_that_ends_its_process_again_and_again_waits(void **state)
{
    ko_job_plan plan = hourly(NOW - 5, 0);
    (void)state;
    ko_plan_cut_off(&plan, NOW);
    assert_int_equal(plan.next_at, NOW - 5);
    ko_plan_cut_off(&plan, NOW);
    assert_int_equal(plan.next_at, NOW + 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_asks_when_it_is_next_within_its_interval),
        cmocka_unit_test(failures_wait_twice_as_long_each_time_up_to_six_hours),
        cmocka_unit_test(what_happened_makes_a_job_earlier_never_later),
        cmocka_unit_test(a_clock_that_was_wrong_delays_nothing_beyond_its_interval),
        cmocka_unit_test(a_job_that_ends_its_process_again_and_again_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
