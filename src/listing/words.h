/* listing/words.h - what people write into cells, told apart from how they write it. */
#ifndef KO_LISTING_WORDS_H
#define KO_LISTING_WORDS_H

#include "base/day.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define KO_WORDS_SIZE 128

/* Writes the words of a text with one blank between them: letters without accents, in lower case
 * as far as they are Latin ones, and digits. False when they do not fit, and then it is no cell of
 * a few words. */
bool ko_words_fold(const char *text, char out[KO_WORDS_SIZE]);

/* Which comes first in dates with slashes. */
typedef enum ko_day_order {
    KO_ORDER_UNKNOWN,
    KO_ORDER_DAY_FIRST,
    KO_ORDER_MONTH_FIRST
} ko_day_order;

/* What a text shows by itself: 5/14/2026 has the month first, 5/6/2026 may be either. */
ko_day_order ko_words_day_order(const char *text);

/* Reads a whole day, from 1970 on: all that ko_sheet_date (listing/values.h) reads as one, years
 * of two digits behind day and month, and months by name in English, German, French and Spanish.
 * order is that of the person who wrote it. KO_E_FORMAT: it is none, or day and month cannot be
 * told apart. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_words_day(const char *text, ko_day_order order, ko_day *out_day,
                                    ko_error *why);

#endif
