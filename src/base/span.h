/* base/span.h - lengths of time as people write them: "30m", "6h", "7d". */
#ifndef KO_BASE_SPAN_H
#define KO_BASE_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#define KO_SPAN_SIZE 24

/* Reads a whole number of 1 to 100,000 and one of the letters s, m, h and d, and nothing behind. */
bool ko_span_read(const char *text, int64_t *out_seconds);
/* Writes it in the largest of these that leaves a whole number: "90s", "30m", "6h", "7d". */
void ko_span_text(int64_t seconds, char out[KO_SPAN_SIZE]);

#endif
