/* platform/price.h - what a text such as "US $1,234.50 - 1,300" asks for.
 *
 * Reads the ways in which prices are written around the world: either mark for decimals,
 * groups of three or as in India, digits of Arabic, Persian and East Asian keyboards,
 * currency before or after as ISO 4217 code, sign or word. */
#ifndef KO_PLATFORM_PRICE_H
#define KO_PLATFORM_PRICE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ko_price {
    int64_t low_minor, high_minor; /* in minor units (cents); equal unless it is a range */
    unsigned minor_digits;         /* decimals of the currency: 2, or 0 as for JPY, or 3 */
    char currency[4];              /* ISO 4217, "BTC" for bitcoin; "" when the text does not tell */
    bool ask;                      /* a price of 0: shops write it for "ask us" */
} ko_price;

/* Reads the first price of text. context, "" when there is none, is what else is known of the
 * currency: a code or sign that stands near. It decides what "$", "kr" or a plain number
 * means, and is overruled by what the text says itself. A second number belongs to a range
 * when only a dash, "to" and the like stand between. KO_E_NOT_FOUND: no price in the text;
 * KO_E_LIMIT: more than KO_MAX_PRICE_BYTES, or than 15 digits. */
KO_NODISCARD ko_status ko_price_read(const char *text, const char *context, ko_price *out);

/* Writes an amount of minor units, not negative, as a decimal number: "12.99". */
#define KO_PRICE_DECIMAL_SIZE 48
void ko_price_decimal(int64_t minor, unsigned minor_digits, char out[KO_PRICE_DECIMAL_SIZE]);

#endif
