/* Days are strings here, "2026-10-25", and one is had from another by the C library: nothing of
 * base/day.h or notice/deadline.h is used but what is to be checked. */
#include "watch_duties.h"

#include "base/clock.h"
#include "case/due.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DATE_SIZE 11

bool ko_watch_duties_open(ko_watch_duties *d, const char *holidays)
{
    *d = (ko_watch_duties){.holidays = json_load_file(holidays, 0, NULL)};
    return d->holidays != NULL;
}

void ko_watch_duties_close(ko_watch_duties *d)
{
    json_decref(d->holidays);
    d->holidays = NULL;
}

/* --- days --- */

static void date_of(const struct tm *tm, char out[DATE_SIZE])
{
    (void)strftime(out, DATE_SIZE, "%Y-%m-%d", tm);
}

/* Noon of the nth day after a date. */
static struct tm day_after(const char *date, int n)
{
    struct tm tm = {.tm_hour = 12};
    char *end;
    tm.tm_year = (int)strtol(date, &end, 10) - 1900;
    tm.tm_mon = (int)strtol(end + 1, &end, 10) - 1;
    tm.tm_mday = (int)strtol(end + 1, NULL, 10) + n;
    const time_t moment = timegm(&tm);
    struct tm out = tm;
    (void)gmtime_r(&moment, &out);
    return out;
}

static void text_of_day(ko_day day, char out[DATE_SIZE])
{
    const time_t noon = (time_t)day * 86400 + 43200;
    struct tm tm;
    if (gmtime_r(&noon, &tm))
        date_of(&tm, out);
}

static const json_t *country_of(const ko_watch_duties *d, const char *id)
{
    size_t i;
    json_t *country;
    json_array_foreach(json_object_get(d->holidays, "countries"), i, country)
    {
        if (strcmp(json_string_value(json_object_get(country, "id")), id) == 0)
            return country;
    }
    return NULL;
}

static bool has_date(const json_t *dates, const char *date)
{
    size_t i;
    json_t *one;
    json_array_foreach(dates, i, one)
    {
        if (strcmp(json_string_value(one), date) == 0)
            return true;
    }
    return false;
}

static bool is_worked(const ko_watch_duties *d, const char *country, const struct tm *tm)
{
    const bool weekend = tm->tm_wday == 0 || tm->tm_wday == 6;
    char date[DATE_SIZE];
    size_t i;
    json_t *year;
    date_of(tm, date);
    json_array_foreach(json_object_get(country_of(d, country), "years"), i, year)
    {
        if (has_date(json_object_get(year, "off"), date))
            return false;
        if (has_date(json_object_get(year, "worked"), date))
            return true;
    }
    return !weekend;
}

/* The date on which so many of a step's days are over. */
static void end_of(const ko_watch_duties *d, const ko_step *step, const char *since, int days,
                   char out[DATE_SIZE])
{
    int n = 0;
    struct tm tm = day_after(since, 0);
    while (days > 0) {
        tm = day_after(since, ++n);
        days -= step->days == KO_DAYS_CALENDAR || is_worked(d, step->country, &tm);
    }
    date_of(&tm, out);
}

static void local_date(int64_t at, char out[DATE_SIZE])
{
    const time_t moment = (time_t)at;
    struct tm tm;
    if (localtime_r(&moment, &tm))
        date_of(&tm, out);
}

/* The date where the country is: its clock is so many minutes before UTC's. */
static void date_there(const ko_watch_duties *d, const char *country, int64_t at,
                       char out[DATE_SIZE])
{
    const json_t *ahead = json_object_get(country_of(d, country), "minutes_ahead");
    const time_t moment = (time_t)(at + 60 * json_integer_value(ahead));
    struct tm tm;
    if (gmtime_r(&moment, &tm))
        date_of(&tm, out);
}

/* --- duties --- */

static void check(ko_watch_duties *d, const ko_duty *duty, bool by_moment, ko_verdicts *verdicts)
{
    char since[DATE_SIZE], first[DATE_SIZE], last[DATE_SIZE], own_first[DATE_SIZE],
        own_last[DATE_SIZE], today[DATE_SIZE];
    const int64_t now = ko_clock_now();
    text_of_day(duty->since, since);
    text_of_day(duty->when.first, own_first);
    text_of_day(duty->when.last, own_last);
    end_of(d, duty->step, since, duty->step->least, first);
    end_of(d, duty->step, since, duty->step->most, last);
    if (by_moment)
        date_there(d, duty->step->country, now, today);
    else
        local_date(now, today);
    const bool overdue = strcmp(last, today) < 0;
    d->checked++;
    if (strcmp(first, own_first) == 0 && strcmp(last, own_last) == 0 && overdue == duty->overdue)
        return;
    d->wrong++;
    ko_verdict_wrong(verdicts, "deadlines",
                     "notice %lld, %s since %s, on %s (%s): due %s to %s%s, not %s to %s%s",
                     (long long)duty->notice->id, duty->step->id, since, today,
                     by_moment ? "there" : "here", own_first, own_last,
                     duty->overdue ? " overdue" : "", first, last, overdue ? " overdue" : "");
}

static ko_status check_all(ko_watch_duties *d, ko_store *store, const ko_kit *kit, bool by_moment,
                           ko_verdicts *verdicts, ko_error *err)
{
    ko_duties duties = {0};
    const int64_t now = ko_clock_now();
    const ko_duties_request request = {
        .day = ko_today(), .at = by_moment ? now : 0, .all = true, .within_days = -1};
    const ko_status st = ko_duties_find(store, kit, &request, &duties, err);
    for (size_t i = 0; st == KO_OK && i < duties.n; i++)
        if (duties.duties[i].step)
            check(d, &duties.duties[i], by_moment, verdicts);
    ko_duties_free(&duties);
    return st;
}

ko_status ko_watch_duties_check(ko_watch_duties *d, ko_store *store, const ko_kit *kit,
                                ko_verdicts *verdicts, ko_error *err)
{
    char here[DATE_SIZE], today[DATE_SIZE];
    local_date(ko_clock_now(), here);
    text_of_day(ko_today(), today);
    d->days++;
    if (strcmp(here, today) != 0) {
        d->wrong++;
        ko_verdict_wrong(verdicts, "deadlines", "it is %s here, not %s", here, today);
    }
    const ko_status st = check_all(d, store, kit, false, verdicts, err);
    return st == KO_OK ? check_all(d, store, kit, true, verdicts, err) : st;
}
