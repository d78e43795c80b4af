/* store/settle_kept.h - the listings of schema 2 as schema 3 knows them; for the migration. */
#ifndef KO_STORE_SETTLE_KEPT_H
#define KO_STORE_SETTLE_KEPT_H

#include "store/query.h"

/* Settles every kept listing (listing/listing.h): URL, platform, item, price and key. Of two that
 * turn out to be one, the older number stays, with the photos, candidates and days of both.
 * Within the caller's transaction, while foreign keys rest. */
KO_NODISCARD ko_status ko_settle_kept(ko_store *store, ko_error *err);

#endif
