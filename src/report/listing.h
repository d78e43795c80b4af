/* report/listing.h - what a settled listing means, as fields of JSON and of tables. */
#ifndef KO_REPORT_LISTING_H
#define KO_REPORT_LISTING_H

#include "listing/listing.h"

#include <jansson.h>

/* Adds platform, item_id, seller_id, seller_url, currency, price_minor, price_max_minor (whole
 * numbers of the currency's smallest unit; equal unless the price is a range), minor_digits
 * (decimals that stand for) and ask, the last four null when no price could be told. Returns
 * object, or NULL when there is no memory, with the reference dropped. */
json_t *ko_listing_json(json_t *object, const ko_listing *record);

/* The names of these, for tables. */
#define KO_LISTING_COLUMNS                                                                         \
    "platform", "item_id", "seller_id", "seller_url", "price_minor", "price_max_minor",            \
        "minor_digits", "ask"

#endif
