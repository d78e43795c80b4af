#include "capture/reader.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

typedef struct moment {
    int64_t year, month, day, hour, minute, second, zone; /* the last in seconds east of UTC */
} moment;

/* Days from 1970-01-01 to a day of the Gregorian calendar: years are counted from March, so that
 * the leap day is the last of its year. */
static int64_t days(const moment *m)
{
    const int64_t year = m->year - (m->month < 3);
    const int64_t month = (m->month + 9) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + m->day - 1 -
           719468;
}

/* Seconds since 1970; 0 for what is no moment after that. */
static int64_t seconds(const moment *m)
{
    if (m->year < 1970 || m->month < 1 || m->month > 12 || m->day < 1 || m->day > 31)
        return 0;
    return ((days(m) * 24 + m->hour) * 60 + m->minute) * 60 + m->second - m->zone;
}

/* Reads n digits and goes on behind them and behind one sign that divides numbers. */
static bool number(const char **at, int n, int64_t *out)
{
    int64_t value = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)(*at)[i]))
            return false;
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += n;
    *at += **at && strchr("-:T ", **at);
    *out = value;
    return true;
}

/* "+01:00" or "-0500"; anything else is UTC. */
static void read_zone(const char *at, moment *m)
{
    int64_t hours = 0;
    int64_t minutes = 0;
    const bool west = *at == '-';
    if (*at != '+' && !west)
        return;
    at++;
    if (number(&at, 2, &hours) && number(&at, 2, &minutes))
        m->zone = (hours * 60 + minutes) * (west ? -60 : 60);
}

int64_t ko_capture_moment(const char *text)
{
    moment m = {0};
    const char *at = text;
    if (!number(&at, 4, &m.year) || !number(&at, 2, &m.month) || !number(&at, 2, &m.day) ||
        !number(&at, 2, &m.hour) || !number(&at, 2, &m.minute))
        return 0;
    const bool colons = at[-1] == ':';
    if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]))
        return 0;
    m.second = (at[0] - '0') * 10 + (at[1] - '0'); /* a sign behind it is that of the zone */
    at += 2;
    if (*at == '.')
        at += 1 + strspn(at + 1, "0123456789");
    if (colons)
        read_zone(at, &m);
    return seconds(&m);
}

int64_t ko_capture_mail_date(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    moment m = {0};
    const char *at = text + strcspn(text, "0123456789");
    const bool two = isdigit((unsigned char)at[0]) && isdigit((unsigned char)at[1]);
    if (!number(&at, two ? 2 : 1, &m.day))
        return 0;
    for (int i = 0; i < 12; i++)
        if (strncasecmp(at, months + (size_t)i * 3, 3) == 0)
            m.month = i + 1;
    if (m.month == 0)
        return 0;
    at += 3 + strspn(at + 3, " ");
    if (!number(&at, 4, &m.year) || !number(&at, 2, &m.hour) || !number(&at, 2, &m.minute) ||
        !number(&at, 2, &m.second))
        return 0;
    read_zone(at, &m);
    return seconds(&m);
}
