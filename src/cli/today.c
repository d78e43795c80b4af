#include "cli/today.h"

#include "base/clock.h"

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
