/* notice/deadline.h - working days, and when what is due.
 *
 * Which days are off, and which weekends are worked, is data of countries and years
 * (notice/data/holidays.json); a file of the same shape replaces or adds years. In a year that
 * is not there only weekends are off. Where days are not known for sure, fewer are taken to be
 * off: a date of one's own then comes too early, never too late. */
#ifndef KO_NOTICE_DEADLINE_H
#define KO_NOTICE_DEADLINE_H

#include "base/day.h"
#include "base/status.h"
#include "notice/rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ko_holidays ko_holidays;

/* The holidays of the program. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_holidays_open(ko_holidays **out_holidays, ko_error *err);

/* Lays those of a file over them, year by year. KO_E_FORMAT, KO_E_LIMIT, KO_E_NOMEM; then all is
 * as it was. */
KO_NODISCARD ko_status ko_holidays_add(ko_holidays *holidays, const char *text, size_t size,
                                       ko_error *err);
void ko_holidays_free(ko_holidays *holidays);

/* The days off of one year. */
typedef struct ko_holiday_year {
    const char *country; /* "CN" */
    int year;
    bool announced;     /* false: only those that are off by law, whatever the year */
    const char *source; /* who says so, and where */
    ko_day checked_on;
    bool own; /* the user's */
} ko_holiday_year;

/* Those that stand, the program's first; false, and nothing in *out, behind the last. */
bool ko_holidays_year_at(const ko_holidays *holidays, size_t index, ko_holiday_year *out);

/* Is it a working day there? *out_sure tells whether the year's days were announced. */
bool ko_holidays_worked(const ko_holidays *holidays, const char *country, ko_day day,
                        bool *out_sure);

/* The day it is there at a moment, seconds since 1970-01-01 UTC; in UTC for other countries. */
ko_day ko_holidays_day_at(const ko_holidays *holidays, const char *country, int64_t seconds);

typedef struct ko_deadline {
    ko_day first; /* not before this day; that of the event when there is no such time */
    ko_day last;  /* at the end of this day at the latest */
    bool sure;    /* false: days on the way may yet turn out to be off */
} ko_deadline;

/* When a step is due whose time runs from that day. The day itself is not counted; a time in
 * calendar days may end on any day. */
ko_deadline ko_deadline_of(const ko_holidays *holidays, const ko_step *step, ko_day from);

#endif
