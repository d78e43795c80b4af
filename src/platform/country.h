/* platform/country.h - the country that a site is made for, and its money. */
#ifndef KO_PLATFORM_COUNTRY_H
#define KO_PLATFORM_COUNTRY_H

#include "platform/url.h"

typedef struct ko_country_money {
    const char *currency; /* ISO 4217; "" when the host does not tell. Static */
    bool only;            /* the site knows no other: a number alone is meant in it */
} ko_country_money;

/* By the end of a host's name ("shop.example.com.au"), and by market where one sells in one
 * currency alone. */
ko_country_money ko_country_money_of(ko_slice host);

#define KO_COUNTRY_SIZE 3
/* Writes the country, ISO 3166-1 alpha-2, that the end of a host's name stands for ("DE"), or that
 * a market sells in alone; "" when that does not tell. Where the seller is, a host never tells. */
void ko_country_of(ko_slice host, char out[KO_COUNTRY_SIZE]);

#endif
