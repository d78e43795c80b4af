/* cli/today.h - days as they are typed. */
#ifndef KO_CLI_TODAY_H
#define KO_CLI_TODAY_H

#include "base/day.h"
#include "base/status.h"

/* Reads the value of an option; today when text is NULL. KO_E_USAGE. */
KO_NODISCARD ko_status ko_day_option(const char *option, const char *text, ko_day *out_day,
                                     ko_error *err);

#endif
