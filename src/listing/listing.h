/* listing/listing.h - what a listing is, wherever it comes from.
 *
 * A record is what one offer on one market says of itself. Readers (sheet.h, page/record.h)
 * hand out records one by one: first the texts as they were found, cleaned of control
 * characters; ko_listing_settle then tells what they mean. The store keeps settled records. */
#ifndef KO_LISTING_LISTING_H
#define KO_LISTING_LISTING_H

#include "base/status.h"
#include "platform/price.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One picture of a gallery: on the web, in a file, or both. */
typedef struct ko_gallery_picture {
    char *url;             /* in its canonical, full-size form once settled; "" when not known */
    char *path;            /* of the local file that holds it; "" when it is still to be fetched */
    int64_t offset, bytes; /* where in that file; bytes is 0 when the file is the picture */
    uint8_t sha256[32];    /* of such a range */
} ko_gallery_picture;

/* A cell of the artist's own sheet (listing/remarks.h). */
typedef struct ko_listing_remark {
    char *name, *text;
} ko_listing_remark;

typedef struct ko_listing {
    char *url;     /* as found, trimmed; canonical once settled; "" when there is none */
    char *item_id; /* the platform's; each text is "" when not stated, never NULL */
    char *title;
    char *seller, *seller_id, *seller_url;
    char *price;     /* as written, with its currency if that stood in the same text */
    char *price_max; /* the upper end of a range that was written apart from the lower */
    char *currency;  /* ISO 4217 once settled, when anything tells it */
    ko_gallery_picture *pictures; /* in gallery order */
    size_t n_pictures;
    ko_listing_remark *remarks; /* each name once; NULL for any but a row of such a sheet */
    size_t n_remarks;
    size_t line; /* 1-based line of the sheet it was read from; 0 when not from a sheet */

    /* Set by ko_listing_settle. */
    char *platform; /* "etsy"; "" when the site is none we know */
    char *key;      /* two records are one listing when this is the same; "" without URL */
    bool has_price; /* amount is set */
    ko_price amount;
} ko_listing;

/* Makes "" of each text that is NULL. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_listing_fill(ko_listing *record, ko_error *err);
/* Appends a picture, of a whole file or still to be fetched; url or path may be "". KO_E_NOMEM. */
KO_NODISCARD ko_status ko_listing_add_picture(ko_listing *record, const char *url, const char *path,
                                              ko_error *err);
/* Appends a remark. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_listing_add_remark(ko_listing *record, const char *name, const char *text,
                                             ko_error *err);
/* Its text, "" when there is none of that name. Borrowed. */
const char *ko_listing_remark_text(const ko_listing *record, const char *name);
void ko_listing_drop_picture(ko_listing *record, size_t index);

/* Tells what the texts of a record mean: the canonical URL with platform, item and key, the
 * amount asked for, and the canonical URL of each picture, of which the same one is kept once
 * (the copy that has a file, at the first one's place). What cannot be understood stays as it
 * is: an URL that is none, a price without a number. Texts that are NULL become "". Settling
 * a settled record changes nothing. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_listing_settle(ko_listing *record, ko_error *err);

void ko_listing_free(ko_listing *listing); /* zeroed ones are fine */

#endif
