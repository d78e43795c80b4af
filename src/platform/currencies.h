/* platform/currencies.h - currencies and how people write them. */
#ifndef KO_PLATFORM_CURRENCIES_H
#define KO_PLATFORM_CURRENCIES_H

#include <stddef.h>

typedef struct ko_currency {
    char code[4];          /* ISO 4217 */
    unsigned minor_digits; /* decimals */
    const char *written;   /* signs and words apart from the code, separated by "|"; the first
                              currency of the table is meant where several share one */
} ko_currency;

extern const ko_currency ko_currencies[]; /* ends in a row with an empty code */

#endif
