#include "notify/quiet.h"

#include "base/clock.h"

#include <time.h>

#define MINUTES 1440

#define TIME_BYTES 5 /* "22:00" */

static bool read_minute(const char *text, int *out_minute)
{
    for (int i = 0; i < TIME_BYTES; i++)
        if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return false;
    const int hour = 10 * (text[0] - '0') + text[1] - '0';
    const int minute = 10 * (text[3] - '0') + text[4] - '0';
    *out_minute = 60 * hour + minute;
    return hour <= 23 && minute <= 59;
}

ko_status ko_quiet_read(const char *text, ko_quiet *out_quiet, ko_error *err)
{
    ko_quiet quiet = {0};
    if (text[0] && (!read_minute(text, &quiet.from) || text[TIME_BYTES] != '-' ||
                    !read_minute(text + TIME_BYTES + 1, &quiet.to) || text[2 * TIME_BYTES + 1]))
        return ko_fail(err, KO_E_USAGE, "'%.40s' are no hours of a day such as 22:00-07:30", text);
    *out_quiet = quiet;
    return KO_OK;
}

/* Of the user's own clock. */
static int minute_of(int64_t seconds)
{
    const time_t moment = (time_t)seconds;
    struct tm local;
    return localtime_r(&moment, &local) ? 60 * local.tm_hour + local.tm_min : 0;
}

static bool is_quiet(const ko_quiet *quiet, int minute)
{
    if (quiet->from <= quiet->to)
        return minute >= quiet->from && minute < quiet->to;
    return minute >= quiet->from || minute < quiet->to;
}

/* Minute by minute, as a day may have 23 or 25 hours: at most 1,560 steps. */
int64_t ko_quiet_end(const ko_quiet *quiet, int64_t now)
{
    if (!is_quiet(quiet, minute_of(now)))
        return now;
    int64_t at = now - now % 60;
    for (int i = 0; i <= MINUTES + 120 && is_quiet(quiet, minute_of(at)); i++)
        at += 60;
    return at;
}
