/* Days, working days, and when what is due. */
#include "notice/deadline.h"

#include "notice/rules_open.h"

#include "base/alloc.h"

#include <string.h>

static void days_are_what_calendars_say(void **state)
{
    (void)state;
    ko_day day = 7;
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("2000-03-01") - day_of("2000-02-28"), 2); /* a leap year */
    assert_int_equal(day_of("2100-03-01") - day_of("2100-02-28"), 1); /* none */
    assert_int_equal(ko_day_weekday(day_of("2026-11-22")), 0);
    assert_int_equal(ko_day_weekday(day_of("1969-12-31")), 3);
    static const char *const none[] = {"2026-02-29",  "2026-13-01", "2026-00-10", "2026-1-01",
                                       "2026-11-211", "1899-12-31", "2026/11/21", ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(ko_day_read(none[i], &day));
    assert_int_equal(day, 7);
}

static void every_day_is_read_as_it_is_written(void **state)
{
    (void)state;
    for (ko_day day = day_of("1900-01-01"); day <= day_of("2401-01-01"); day++) {
        char text[KO_DAY_TEXT_SIZE];
        ko_day_text(day, text);
        assert_int_equal(day_of(text), day);
    }
}

static void months_later(void **state)
{
    (void)state;
    assert_day(ko_day_months_later(day_of("2026-11-30"), 3), "2027-02-28");
    assert_day(ko_day_months_later(day_of("2027-11-30"), 3), "2028-02-29");
    assert_day(ko_day_months_later(day_of("2027-02-28"), -3), "2026-11-28");
    assert_day(ko_day_months_later(day_of("2026-01-31"), -1), "2025-12-31");
}

/* Moved weekends: the day off is bought with a Saturday or Sunday at work. */
static void chinese_weekends_are_worked(void **state)
{
    (void)state;
    ko_holidays *holidays = holidays_open();
    bool sure = false;
    assert_false(ko_holidays_worked(holidays, "CN", day_of("2026-02-23"), &sure)); /* Monday */
    assert_true(sure);
    assert_true(ko_holidays_worked(holidays, "CN", day_of("2026-02-28"), &sure)); /* Saturday */
    assert_true(ko_holidays_worked(holidays, "CN", day_of("2026-10-10"), &sure));
    assert_false(ko_holidays_worked(holidays, "CN", day_of("2027-02-08"), &sure));
    assert_false(sure);
    assert_false(ko_holidays_worked(holidays, "US", day_of("2026-07-03"), &sure));
    assert_true(ko_holidays_worked(holidays, "CN", day_of("2026-07-03"), &sure));
    ko_holidays_free(holidays);
}

static ko_deadline due(const ko_holidays *holidays, const ko_rules *rules, const char *channel,
                       const char *step, const char *from)
{
    const ko_step *found = ko_channel_step(ko_rules_channel(rules, channel), step);
    assert_non_null(found);
    return ko_deadline_of(holidays, found, day_of(from));
}

static void times_of_alibaba(void **state)
{
    (void)state;
    ko_holidays *holidays = holidays_open();
    ko_rules *rules = rules_open();
    /* over a weekend; over the spring festival with its Saturday at work; over National Day */
    assert_day(due(holidays, rules, "alibaba-ipp", "answer", "2026-11-19").last, "2026-11-24");
    assert_day(due(holidays, rules, "alibaba-ipp", "answer", "2026-02-13").last, "2026-02-25");
    assert_day(due(holidays, rules, "alibaba-ipp", "answer", "2026-09-30").last, "2026-10-10");
    assert_day(due(holidays, rules, "alibaba-ipp", "second-counter", "2026-11-20").last,
               "2026-12-01");
    /* one's own answer is in plain days */
    const ko_deadline own = due(holidays, rules, "alibaba-ipp", "own-answer", "2026-11-20");
    assert_day(own.last, "2026-11-23");
    assert_true(own.sure);
    /* into a year whose days are not announced */
    const ko_deadline new_year = due(holidays, rules, "alibaba-ipp", "answer", "2026-12-30");
    assert_day(new_year.last, "2027-01-05");
    assert_false(new_year.sure);
    ko_holidays_free(holidays);
    ko_rules_free(rules);
}

static void times_of_the_dmca(void **state)
{
    (void)state;
    ko_holidays *holidays = holidays_open();
    ko_rules *rules = rules_open();
    /* Thanksgiving, Christmas and New Year lie on the way */
    ko_deadline restore = due(holidays, rules, "dmca-host", "restore", "2026-11-20");
    assert_day(restore.first, "2026-12-07");
    assert_day(restore.last, "2026-12-11");
    assert_day(due(holidays, rules, "dmca-host", "own-answer", "2026-11-20").last, "2026-12-07");
    restore = due(holidays, rules, "etsy", "restore", "2026-12-18");
    assert_day(restore.first, "2027-01-05");
    assert_day(restore.last, "2027-01-11");
    assert_true(restore.sure);
    ko_holidays_free(holidays);
    ko_rules_free(rules);
}

static void leap_days_count(void **state)
{
    (void)state;
    ko_holidays *holidays = holidays_open();
    const ko_step step = {.days = KO_DAYS_WORKING, .most = 3, .country = "XX"};
    const ko_deadline over = ko_deadline_of(holidays, &step, day_of("2028-02-25")); /* Friday */
    assert_day(over.last, "2028-03-01");
    assert_day(over.first, "2028-02-25");
    assert_false(over.sure);
    ko_holidays_free(holidays);
}

static void users_add_years(void **state)
{
    (void)state;
    static const char mine[] =
        "{\"countries\": [{\"id\": \"CN\", \"name\": \"China\", \"minutes_ahead\": 480, \"years\":"
        " [{\"year\": 2027, \"announced\": true, \"source\": \"notice\","
        "   \"checked_on\": \"2026-12-01\", \"off\": [\"2027-01-01\", \"2027-01-04\"],"
        "   \"worked\": [\"2027-01-09\"]}]}]}";
    ko_holidays *holidays = holidays_open();
    assert_int_equal(ko_holidays_add(holidays, mine, strlen(mine), NULL), KO_OK);
    bool sure = false;
    assert_false(ko_holidays_worked(holidays, "CN", day_of("2027-01-04"), &sure));
    assert_true(sure);
    assert_true(ko_holidays_worked(holidays, "CN", day_of("2027-01-09"), &sure));
    /* other years stay */
    assert_true(ko_holidays_worked(holidays, "CN", day_of("2026-02-28"), &sure));
    /* the program's year is no more, and all others are gone through once */
    ko_holiday_year year;
    size_t n_own = 0, n_china_2027 = 0, n = 0;
    for (; ko_holidays_year_at(holidays, n, &year); n++) {
        n_own += year.own;
        n_china_2027 += year.year == 2027 && strcmp(year.country, "CN") == 0;
    }
    assert_true(n > 2);
    assert_int_equal(n_own, 1);
    assert_int_equal(n_china_2027, 1);
    ko_error err = {0};
    static const char bad[] = "{\"countries\": [{\"id\": \"CN\", \"name\": \"China\","
                              " \"minutes_ahead\": 9000, \"years\": []}]}";
    assert_int_equal(ko_holidays_add(holidays, bad, strlen(bad), &err), KO_E_FORMAT);
    assert_string_equal(err.text,
                        "countries[0].minutes_ahead: expected a whole number from -720 to 840");
    assert_true(ko_holidays_worked(holidays, "CN", day_of("2027-01-09"), &sure));
    ko_holidays_free(holidays);
    assert_int_equal(ko_alloc_live(), 0);
}

/* Late in the evening in Europe it is the next day in China. */
static void the_day_there(void **state)
{
    (void)state;
    ko_holidays *holidays = holidays_open();
    const int64_t evening = (int64_t)day_of("2026-12-31") * 86400 + (int64_t)22 * 3600;
    assert_day(ko_holidays_day_at(holidays, "CN", evening), "2027-01-01");
    assert_day(ko_holidays_day_at(holidays, "US", evening), "2026-12-31");
    assert_day(ko_holidays_day_at(holidays, "XX", evening), "2026-12-31");
    assert_day(ko_day_at(-1, 0), "1969-12-31");
    ko_holidays_free(holidays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_what_calendars_say),
        cmocka_unit_test(every_day_is_read_as_it_is_written),
        cmocka_unit_test(months_later),
        cmocka_unit_test(chinese_weekends_are_worked),
        cmocka_unit_test(times_of_alibaba),
        cmocka_unit_test(times_of_the_dmca),
        cmocka_unit_test(leap_days_count),
        cmocka_unit_test(users_add_years),
        cmocka_unit_test(the_day_there),
    };
    return cmocka_run_group_tests_name("notice.deadline", tests, NULL, NULL);
}
