/* base/day.h - days of the calendar, as numbers that can be counted with.
 *
 * The calendar is the Gregorian one, also before it was in use. Pure; any thread may call. */
#ifndef KO_BASE_DAY_H
#define KO_BASE_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t ko_day; /* days since 1970-01-01, which is 0 */

#define KO_DAY_TEXT_SIZE 11 /* "2026-11-21" and a zero */

typedef struct ko_date {
    int year, month, date; /* 1 to 12, 1 to 31 */
} ko_date;

ko_day ko_day_of(ko_date date);
ko_date ko_day_date(ko_day day);

/* Reads YYYY-MM-DD and nothing behind it, of a day that exists; years 1900 to 9999. */
bool ko_day_read(const char *text, ko_day *out_day);
void ko_day_text(ko_day day, char out[KO_DAY_TEXT_SIZE]); /* of those years */

int ko_day_weekday(ko_day day); /* 0 is Sunday */
int ko_day_year(ko_day day);

/* The same date so many months later, or earlier when negative; the last day of the month
 * where that has no such date. */
ko_day ko_day_months_later(ko_day day, int months);

/* The day that a clock shows which is so many minutes ahead of UTC (behind when negative), at
 * seconds since 1970-01-01 UTC. */
ko_day ko_day_at(int64_t seconds, int minutes_ahead);

#endif
