#include "store/seller.h"

#include "platform/shops.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

/* Shop software runs for one seller a host. */
bool ko_seller_is_many(const char *platform)
{
    for (const ko_shop *shop = ko_shops; shop->platform; shop++)
        if (strcmp(shop->platform, platform) == 0)
            return shop->name != NULL;
    return false;
}

void ko_seller_host(const char *url, char out_host[KO_SELLER_PLACE_SIZE])
{
    const char *host = strstr(url, "://");
    out_host[0] = '\0';
    if (!host)
        return;
    host += 3;
    const size_t n = strcspn(host, "/");
    if (n < KO_SELLER_PLACE_SIZE)
        (void)snprintf(out_host, KO_SELLER_PLACE_SIZE, "%.*s", (int)n, host);
}

ko_seller ko_seller_told(const char *platform, const char *url, const char *id, const char *name)
{
    ko_seller seller = {.id = id, .name = name};
    const bool named = id[0] || name[0];
    if (!ko_seller_is_many(platform)) {
        ko_seller_host(url, seller.place);
        seller.is_host = platform[0] || !named;
    } else if (named) {
        (void)snprintf(seller.place, sizeof seller.place, "%s", platform);
    }
    return seller;
}

static void hand(ko_query *q, ko_seller_fn *fn, void *context)
{
    const char *platform = ko_query_text(q);
    const char *url = ko_query_text(q);
    const char *id = ko_query_text(q);
    const char *name = ko_query_text(q);
    ko_seller seller = ko_seller_told(platform, url, id, name);
    seller.n_listings = (size_t)ko_query_int_within(q, 1, INT64_MAX);
    seller.last_seen = ko_query_int(q);
    if (ko_query_intact(q))
        q->handed = fn(context, &seller);
}

ko_status ko_seller_each(ko_store *store, ko_seller_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT platform, url, seller_id, seller, count(*), max(last_seen)"
        " FROM listing GROUP BY platform, " KO_LISTING_HOST ", seller_id, seller";
    ko_query q = ko_query_start(store, sql);
    while (ko_query_row(&q))
        hand(&q, fn, context);
    return ko_query_end(&q, err);
}

ko_status ko_seller_of(ko_store *store, int64_t listing_id, ko_seller_fn *fn, void *context,
                       ko_error *err)
{
    static const char sql[] =
        "SELECT platform, url, seller_id, seller, 1, last_seen FROM listing WHERE id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q))
        hand(&q, fn, context);
    return ko_query_end(&q, err);
}
