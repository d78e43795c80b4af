#include "base/clock.h"

#include <time.h>

int64_t ko_clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t (*used)(void);

void ko_clock_use(int64_t (*now)(void))
{
    used = now;
}

int64_t ko_clock_now(void)
{
    return used ? used() : (int64_t)time(NULL);
}

ko_day ko_day_here(int64_t seconds)
{
    const time_t moment = (time_t)seconds;
    struct tm local;
    if (!localtime_r(&moment, &local))
        return ko_day_at(seconds, 0);
    return ko_day_of((ko_date){local.tm_year + 1900, local.tm_mon + 1, local.tm_mday});
}

ko_day ko_today(void)
{
    return ko_day_here(ko_clock_now());
}

void ko_clock_text(int64_t seconds, char out[KO_TIME_SIZE])
{
    const time_t moment = (time_t)seconds;
    struct tm utc;
    if (!gmtime_r(&moment, &utc) || strftime(out, KO_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        out[0] = '\0';
}
