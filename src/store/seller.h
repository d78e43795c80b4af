/* store/seller.h - who sells, as listings say it. */
#ifndef KO_STORE_SELLER_H
#define KO_STORE_SELLER_H

#include "listing/listing.h"
#include "store/store.h"

#include "platform/host.h"

#define KO_SELLER_PLACE_SIZE (KO_HOST_SIZE + 6) /* with a port */

typedef struct ko_seller {
    char place[KO_SELLER_PLACE_SIZE]; /* a marketplace ("etsy"), elsewhere the host of the shop; ""
                                       * when no seller is told */
    bool is_host;                     /* all that the host offers is one seller's */
    const char *id, *name;            /* borrowed; "" */
    size_t n_listings;
    int64_t last_seen; /* any of these, seconds since 1970 */
} ko_seller;

/* Has the platform ("" is none we know) many sellers on one host? */
bool ko_seller_is_many(const char *platform);
/* The host of a canonical URL, with a port that is not the usual; "" when there is none. */
void ko_seller_host(const char *url, char out_host[KO_SELLER_PLACE_SIZE]);

/* By what a settled record or an item of a notice says; n_listings and last_seen are 0. On a
 * marketplace id or name tell a seller, on a host that we know nothing of these or else the host,
 * and where shop software runs the host alone. */
ko_seller ko_seller_told(const char *platform, const char *url, const char *id, const char *name);

typedef ko_status ko_seller_fn(void *context, const ko_seller *seller);
/* Each place, id and name that listings have together, with how many have them; one may come more
 * than once, and those that tell no seller come, too. */
KO_NODISCARD ko_status ko_seller_each(ko_store *store, ko_seller_fn *fn, void *context,
                                      ko_error *err);
/* That of one listing; not called when the listing is gone. */
KO_NODISCARD ko_status ko_seller_of(ko_store *store, int64_t listing_id, ko_seller_fn *fn,
                                    void *context, ko_error *err);

#endif
