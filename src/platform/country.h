/* platform/country.h - the money of the country that a site is made for. */
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

#endif
