/* base/clock.h - what time it is, for people and for intervals. */
#ifndef KO_BASE_CLOCK_H
#define KO_BASE_CLOCK_H

#include "base/day.h"

#include <stdint.h>

/* Milliseconds of a clock that never jumps; only differences mean anything. */
int64_t ko_clock_ms(void);

/* Seconds since 1970-01-01 UTC. */
int64_t ko_clock_now(void);

/* From now on ko_clock_now, and all that follows from it, goes by this clock: a month is tried out
 * in minutes by it. NULL: the machine's. For a program's beginning, before it has threads. */
void ko_clock_use(int64_t (*now)(void));

/* The day that it was where the user is, at seconds since 1970. */
ko_day ko_day_here(int64_t seconds);
/* The day that it is there. */
ko_day ko_today(void);

#define KO_TIME_SIZE 21 /* "2026-11-21T19:50:00Z" and a zero */

/* Writes a moment in ISO 8601, UTC. Years 0000 to 9999; others give an empty string. */
void ko_clock_text(int64_t seconds, char out[KO_TIME_SIZE]);

#endif
