/* notice/calendar.h - due dates as iCalendar (RFC 5545), for the calendar that is looked at.
 *
 * Each is an event of a whole day with a reminder the day before. A date that is written again
 * has the same UID, so calendars move it instead of showing it twice. */
#ifndef KO_NOTICE_CALENDAR_H
#define KO_NOTICE_CALENDAR_H

#include "base/buf.h"
#include "base/day.h"

#include <stddef.h>
#include <stdint.h>

typedef struct ko_due {
    const char *uid; /* letters, digits, "-", ".", "@": "notice-12-own-answer@..." */
    ko_day on;
    const char *summary;     /* one line */
    const char *description; /* may have several lines; NULL or "": none */
    const char *url;         /* http or https; NULL or "": none */
} ko_due;

/* Appends a calendar of n dates, UTF-8 with CRLF. written_at is when it is made, seconds since
 * 1970-01-01 UTC. Control characters and bidirectional overrides are replaced (base/text.h).
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_calendar_write(const ko_due *dates, size_t n, int64_t written_at,
                                         ko_buf *out, ko_error *err);

#endif
