#include "notify/quiet.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTES 1440

static bool read_minute(const char *text, int *out_minute, int *out_length)
{
    int hour = 0, minute = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, out_length) != 2 || *out_length != 5 ||
        text[0] < '0' || text[3] < '0' || hour > 23 || minute < 0 || minute > 59)
        return false;
    *out_minute = 60 * hour + minute;
    return true;
}

ko_status ko_quiet_read(const char *text, ko_quiet *out_quiet, ko_error *err)
{
    int length = 0;
    ko_quiet quiet = {0};
    if (text[0] && (!read_minute(text, &quiet.from, &length) || text[5] != '-' ||
                    !read_minute(text + 6, &quiet.to, &length) || text[11]))
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
