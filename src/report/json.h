/* report/json.h - JSON Lines for programs: one object a line, always valid UTF-8. */
#ifndef KO_REPORT_JSON_H
#define KO_REPORT_JSON_H

#include "base/day.h"

#include <jansson.h>
#include <stdio.h>

/* A new JSON string of any bytes, cleaned (base/text.h); NULL when there is no memory. */
json_t *ko_json_string(const char *text);
/* A new JSON string of a day, "2026-11-22"; NULL when there is no memory. */
json_t *ko_json_day(ko_day day);

/* How all is written: ten digits tell any two scores apart, and all seventeen would print 6.2 as
 * 6.2000000000000002. */
#define KO_JSON_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(10))

/* Writes the object as one line and drops the caller's reference. NULL writes nothing.
 * Whether it arrived shows in ferror(file). */
void ko_json_line(FILE *file, json_t *object);

#endif
