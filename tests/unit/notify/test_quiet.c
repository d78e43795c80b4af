/* Quiet hours follow the user's clock, also on the days on which it is put forward or back. */
#include "notify/quiet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static int64_t utc(int month, int date, int hour, int minute)
{
    struct tm moment = {
        .tm_year = 126, .tm_mon = month - 1, .tm_mday = date, .tm_hour = hour, .tm_min = minute};
    return (int64_t)timegm(&moment);
}

static ko_quiet hours(const char *text)
{
    ko_quiet quiet;
    assert_int_equal(ko_quiet_read(text, &quiet, NULL), KO_OK);
    return quiet;
}

static int use_berlin(void **state)
{
    (void)state;
    (void)setenv("TZ", "Europe/Berlin", 1);
    tzset();
    return 0;
}

static void nights_end_in_the_morning(void **state)
{
    (void)state;
    const ko_quiet night = hours("22:00-07:30");
    const int64_t morning = utc(1, 11, 6, 30); /* Berlin is an hour ahead in winter */
    assert_int_equal(ko_quiet_end(&night, utc(1, 10, 20, 59)), utc(1, 10, 20, 59));
    assert_int_equal(ko_quiet_end(&night, utc(1, 10, 21, 0)), morning);
    assert_int_equal(ko_quiet_end(&night, utc(1, 10, 21, 0) + 59), morning);
    assert_int_equal(ko_quiet_end(&night, utc(1, 11, 0, 0)), morning);
    assert_int_equal(ko_quiet_end(&night, morning - 1), morning);
    assert_int_equal(ko_quiet_end(&night, morning), morning);
}

static void days_can_be_quiet(void **state)
{
    (void)state;
    const ko_quiet work = hours("09:00-17:00"), never = hours(""), same = hours("09:00-09:00");
    assert_int_equal(ko_quiet_end(&work, utc(1, 10, 12, 0)), utc(1, 10, 16, 0));
    assert_int_equal(ko_quiet_end(&work, utc(1, 10, 17, 0)), utc(1, 10, 17, 0));
    assert_int_equal(ko_quiet_end(&never, utc(1, 10, 0, 0)), utc(1, 10, 0, 0));
    assert_int_equal(ko_quiet_end(&same, utc(1, 10, 8, 0)), utc(1, 10, 8, 0));
}

static void clocks_put_forward_shorten_a_night(void **state)
{
    (void)state;
    const ko_quiet night = hours("22:00-07:30"), gap = hours("01:00-02:30");
    assert_int_equal(ko_quiet_end(&night, utc(3, 28, 21, 30)), utc(3, 29, 5, 30));
    /* 02:00 is 03:00 that day: 02:30 never comes */
    assert_int_equal(ko_quiet_end(&gap, utc(3, 29, 0, 30)), utc(3, 29, 1, 0));
}

static void clocks_put_back_lengthen_a_night(void **state)
{
    (void)state;
    const ko_quiet night = hours("22:00-07:30"), twice = hours("01:00-02:30");
    assert_int_equal(ko_quiet_end(&night, utc(10, 24, 21, 0)), utc(10, 25, 6, 30));
    /* 02:00 to 03:00 comes two times */
    assert_int_equal(ko_quiet_end(&twice, utc(10, 24, 23, 30)), utc(10, 25, 0, 30));
    assert_int_equal(ko_quiet_end(&twice, utc(10, 25, 0, 45)), utc(10, 25, 0, 45));
    assert_int_equal(ko_quiet_end(&twice, utc(10, 25, 1, 10)), utc(10, 25, 1, 30));
}

static void only_hours_are_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "22-7",        "22:00",        "22:00-",       "22:00-7:30",   "24:00-07:00",
        "22:60-07:00", "22:00-07:30 ", " 22:00-07:30", "22:00--07:30", "-2:00-07:30",
        "22:00-07:3x", "+2:00-07:30",  "22:0 -07:30",  "22:00-07:300"};
    ko_quiet quiet = {1, 2};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(ko_quiet_read(wrong[i], &quiet, NULL), KO_E_USAGE);
    assert_int_equal(quiet.from, 1);
    quiet = hours("22:05-07:30");
    assert_int_equal(quiet.from, 22 * 60 + 5);
    assert_int_equal(quiet.to, 7 * 60 + 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nights_end_in_the_morning),
        cmocka_unit_test(days_can_be_quiet),
        cmocka_unit_test(clocks_put_forward_shorten_a_night),
        cmocka_unit_test(clocks_put_back_lengthen_a_night),
        cmocka_unit_test(only_hours_are_read),
    };
    return cmocka_run_group_tests(tests, use_berlin, NULL);
}
