/* Years are counted from March, so that the day a leap year has more is a year's last. */
#include "base/day.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

#define DAYS_OF_400_YEARS 146097
#define DAYS_TO_1970 719468 /* from March 1 of year 0 */

/* Rounds down, also what is negative. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

ko_day ko_day_of(ko_date date)
{
    assert(date.month >= 1 && date.month <= 12);
    const int year = date.year - (date.month <= 2);
    const int era = (int)floor_div(year, 400);
    const int year_of_era = year - era * 400;
    const int month = (date.month + 9) % 12; /* March is 0 */
    const int day_of_year = (153 * month + 2) / 5 + date.date - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_OF_400_YEARS + day_of_era - DAYS_TO_1970;
}

ko_date ko_day_date(ko_day day)
{
    const int since = day + DAYS_TO_1970;
    const int era = (int)floor_div(since, DAYS_OF_400_YEARS);
    const int day_of_era = since - era * DAYS_OF_400_YEARS;
    /* The last days of 4, 100 and 400 years would each begin a year of their own. */
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    const int month = (5 * day_of_year + 2) / 153;
    ko_date date = {.month = month < 10 ? month + 3 : month - 9,
                    .date = day_of_year - (153 * month + 2) / 5 + 1};
    date.year = year_of_era + era * 400 + (date.month <= 2);
    return date;
}

static int days_of_month(int year, int month)
{
    const ko_date next = {month == 12 ? year + 1 : year, month % 12 + 1, 1};
    return ko_day_of(next) - ko_day_of((ko_date){year, month, 1});
}

bool ko_day_read(const char *text, ko_day *out_day)
{
    static const char shape[] = "dddd-dd-dd";
    int digits = 0;
    for (size_t i = 0; i < sizeof shape; i++) { /* with the zero at its end */
        if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
            return false;
        if (shape[i] == 'd')
            digits = digits * 10 + (text[i] - '0');
    }
    const ko_date date = {digits / 10000, digits / 100 % 100, digits % 100};
    if (date.year < 1900 || date.month < 1 || date.month > 12 || date.date < 1 ||
        date.date > days_of_month(date.year, date.month))
        return false;
    *out_day = ko_day_of(date);
    return true;
}

void ko_day_text(ko_day day, char out[KO_DAY_TEXT_SIZE])
{
    const ko_date date = ko_day_date(day);
    assert(date.year >= 1900 && date.year <= 9999);
    (void)snprintf(out, KO_DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)date.year % 10000,
                   (unsigned)date.month % 100, (unsigned)date.date % 100);
}

int ko_day_weekday(ko_day day)
{
    return (day % 7 + 7 + 4) % 7; /* 1970-01-01 was a Thursday */
}

int ko_day_year(ko_day day)
{
    return ko_day_date(day).year;
}

ko_day ko_day_months_later(ko_day day, int months)
{
    ko_date date = ko_day_date(day);
    const int month = date.year * 12 + date.month - 1 + months;
    date.year = (int)floor_div(month, 12);
    date.month = month - date.year * 12 + 1;
    const int last = days_of_month(date.year, date.month);
    if (date.date > last)
        date.date = last;
    return ko_day_of(date);
}

ko_day ko_day_at(int64_t seconds, int minutes_ahead)
{
    return (ko_day)floor_div(seconds + (int64_t)minutes_ahead * 60, 86400);
}
