/* notify/quiet.h - hours of the day in which nobody is to be disturbed. */
#ifndef KO_NOTIFY_QUIET_H
#define KO_NOTIFY_QUIET_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Minutes of the user's own clock since midnight, 0 to 1439; over midnight when from is later than
 * to. The same minute twice: never. */
typedef struct ko_quiet {
    int from, to;
} ko_quiet;

/* Reads "22:00-07:30"; "" means never. KO_E_USAGE. */
KO_NODISCARD ko_status ko_quiet_read(const char *text, ko_quiet *out_quiet, ko_error *err);

/* The first moment from now on, seconds since 1970, that is not quiet; now itself when it is not.
 * Where clocks are put forward over the end of the quiet hours, it is the moment after. */
int64_t ko_quiet_end(const ko_quiet *quiet, int64_t now);

#endif
