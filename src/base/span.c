#include "base/span.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 100000

typedef struct unit {
    char letter;
    int64_t seconds;
} unit;

static const unit units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
#define N_UNITS (sizeof units / sizeof *units)

bool ko_span_read(const char *text, int64_t *out_seconds)
{
    char *end = NULL;
    errno = 0;
    const long n = strtol(text, &end, 10);
    for (size_t i = 0; i < N_UNITS && !errno; i++)
        if (end != text && end[0] == units[i].letter && !end[1] && n >= 1 && n <= MOST) {
            *out_seconds = n * units[i].seconds;
            return true;
        }
    return false;
}

void ko_span_text(int64_t seconds, char out[KO_SPAN_SIZE])
{
    size_t i = 0;
    while (i + 1 < N_UNITS && seconds % units[i].seconds != 0)
        i++;
    (void)snprintf(out, KO_SPAN_SIZE, "%lld%c", (long long)(seconds / units[i].seconds),
                   units[i].letter);
}
