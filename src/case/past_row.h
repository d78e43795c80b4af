/* case/past_row.h - what one row of the artist's own sheet says was done about a listing. */
#ifndef KO_CASE_PAST_ROW_H
#define KO_CASE_PAST_ROW_H

#include "case/remark_rows.h"
#include "listing/words.h"
#include "scan/problems.h"
#include "store/notice.h"

/* A day that a cell tells, or does not. */
typedef struct ko_past_day {
    bool told;
    ko_day on;
} ko_past_day;

typedef struct ko_past_event {
    ko_notice_state state;
    ko_past_day day;
} ko_past_event;

#define KO_PAST_EVENTS 5 /* countered, answered, removed, reappeared, and what the status says */

typedef struct ko_past_row {
    bool reported; /* else the rest is not set */
    ko_past_day reported_on, rechecked_on;
    const char *ref;                     /* number of the notice; "", borrowed from the row */
    ko_past_event event[KO_PAST_EVENTS]; /* after the report, as it happened */
    size_t n_events;
} ko_past_row;

/* Which comes first in all dates with slashes of the rows, as those show that can be read in one
 * way only; unknown when they do not agree. */
ko_day_order ko_past_order(const ko_remark_rows *rows);

/* Reads the cells of a row. What is not understood, or cannot be, is a problem that names url and
 * cell, and the row is taken without it. */
ko_past_row ko_past_read(const ko_remark_row *row, const char *url, ko_day_order order,
                         ko_day today, ko_problems *problems);

#endif
