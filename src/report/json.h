/* report/json.h - JSON Lines for programs: one object a line, always valid UTF-8. */
#ifndef KO_REPORT_JSON_H
#define KO_REPORT_JSON_H

#include <jansson.h>
#include <stdio.h>

/* A new JSON string of any bytes, cleaned (base/text.h); NULL when there is no memory. */
json_t *ko_json_string(const char *text);

/* Writes the object as one line and drops the caller's reference. NULL writes nothing.
 * Whether it arrived shows in ferror(file). */
void ko_json_line(FILE *file, json_t *object);

#endif
