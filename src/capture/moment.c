#include "capture/reader.h"

#include <stdio.h>

/* Days from 1970-01-01 to a day of the Gregorian calendar: years are counted from March, so that
 * the leap day is the last of its year. */
static int64_t days(int year, int month, int day)
{
    const int64_t y = (int64_t)year - (month < 3);
    const int64_t m = (month + 9) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* "Z", "+01:00", "-0500" or nothing, in seconds. */
static int zone(const char *text)
{
    int hours = 0;
    int minutes = 0;
    if (text[0] != '+' && text[0] != '-')
        return 0;
    if (sscanf(text + 1, "%2d:%2d", &hours, &minutes) != 2)
        (void)sscanf(text + 1, "%2d%2d", &hours, &minutes);
    const int seconds = hours * 3600 + minutes * 60;
    return text[0] == '-' ? -seconds : seconds;
}

int64_t ko_capture_moment(const char *text)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, end = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
               &end) < 6 &&
        sscanf(text, "%4d%2d%2d%2d%2d%2d%n", &year, &month, &day, &hour, &minute, &second, &end) <
            6)
        return 0;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
        return 0;
    int fraction = 0;
    (void)sscanf(text + end, ".%*[0-9]%n", &fraction);
    return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
           zone(text + end + fraction);
}
