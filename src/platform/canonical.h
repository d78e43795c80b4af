/* platform/canonical.h - one URL for one listing, one for one picture.
 *
 * Marketplaces show the same listing under many URLs. Where the shape of their URLs is known
 * (platform/shops.c) the canonical one is built anew from the item's id; elsewhere only the
 * parameters that trackers add are dropped. Nothing is fetched. */
#ifndef KO_PLATFORM_CANONICAL_H
#define KO_PLATFORM_CANONICAL_H

#include "platform/url.h"

#define KO_CANONICAL_ITEM_SIZE 256
#define KO_CANONICAL_KEY_SIZE 288

typedef struct ko_canonical {
    const char *platform; /* "aliexpress"; "" when the site is none we know. "shopify" and
                             "woocommerce" are told from the shape of the URL alone */
    char item[KO_CANONICAL_ITEM_SIZE]; /* the item's id there; "" when the URL names none */
    char key[KO_CANONICAL_KEY_SIZE];   /* see ko_canonical_key */
    bool short_link;                   /* leads to a listing that only following it tells */
    ko_url url;
} ko_canonical;

/* KO_E_NOMEM; also when the canonical URL has no room in KO_MAX_URL_BYTES. */
KO_NODISCARD ko_status ko_canonical_listing(const ko_url *url, ko_canonical *out, ko_error *err);

/* Two listings are one when this is the same text: platform and id where the id is unique in
 * the platform, else the canonical URL. Borrowed from canonical. */
const char *ko_canonical_key(const ko_canonical *canonical);

/* The full-size form of the URL of a picture, the same for all sizes of one picture; out may
 * be url. KO_E_NOMEM, as above. */
KO_NODISCARD ko_status ko_canonical_image(const ko_url *url, ko_url *out, ko_error *err);

#endif
