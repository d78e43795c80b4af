/* listing/listing.h - what a listing is, wherever it comes from.
 *
 * A record is what one offer on one market says of itself: text as it was found, cleaned
 * of control characters, nothing judged. Readers (sheet.h and, later, pages and feeds)
 * hand out records one by one; the store keeps them. */
#ifndef KO_LISTING_LISTING_H
#define KO_LISTING_LISTING_H

#include "base/status.h"

#include <stddef.h>

typedef struct ko_listing {
    char *url;   /* as found, trimmed; "" when there is none */
    char *title; /* each text is "" when not stated, never NULL */
    char *seller;
    char *price; /* as written, with its currency if that stood in the cell */
    char *currency;
    char **images; /* local paths, in gallery order, joined to the sheet's folder */
    size_t n_images;
    size_t line; /* 1-based line of the sheet it was read from; 0 when not from a sheet */
} ko_listing;

void ko_listing_free(ko_listing *listing); /* zeroed ones are fine */

#endif
