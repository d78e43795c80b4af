#include "cli/today.h"

#include "base/clock.h"

#include <stddef.h>
#include <time.h>

ko_day ko_today(void)
{
    const time_t now = (time_t)ko_clock_now();
    struct tm local;
    if (!localtime_r(&now, &local))
        return ko_day_at(now, 0);
    return ko_day_of((ko_date){local.tm_year + 1900, local.tm_mon + 1, local.tm_mday});
}

ko_status ko_day_option(const char *option, const char *text, ko_day *out_day, ko_error *err)
{
    if (!text) {
        *out_day = ko_today();
        return KO_OK;
    }
    if (!ko_day_read(text, out_day))
        return ko_fail(err, KO_E_USAGE, "--%s takes a day, YYYY-MM-DD, not '%s'", option, text);
    return KO_OK;
}
