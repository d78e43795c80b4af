/* Everything here is written in the tables of schema 3 and stays so: what later schemas add is
 * not there yet when this runs. */
#include "store/settle_kept.h"

#include "base/alloc.h"
#include "listing/listing.h"

/* Texts are the record's own. */
typedef struct kept {
    int64_t id;
    ko_listing record;
} kept;

/* --- reading --- */

static void read_text(ko_query *q, char **out)
{
    const char *text = ko_query_text(q);
    *out = ko_query_intact(q) ? ko_strdup(text) : NULL;
    if (!*out && q->handed == KO_OK)
        q->handed = KO_E_NOMEM;
}

/* The next listing that is known by an URL; KO_E_NOT_FOUND behind the last one. */
static ko_status read_next(ko_store *store, int64_t after, kept *out, ko_error *err)
{
    static const char sql[] = "SELECT id, url, title, seller, price, currency FROM listing"
                              " WHERE id > ? AND url <> '' ORDER BY id LIMIT 1";
    *out = (kept){0};
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, after);
    if (ko_query_row(&q)) {
        out->id = ko_query_int(&q);
        read_text(&q, &out->record.url);
        read_text(&q, &out->record.title);
        read_text(&q, &out->record.seller);
        read_text(&q, &out->record.price);
        read_text(&q, &out->record.currency);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_E_NOMEM)
        return ko_fail(err, st, "no memory for listing %lld", (long long)out->id);
    return st == KO_OK && !out->id ? KO_E_NOT_FOUND : st;
}

static ko_status find_key(ko_store *store, const char *key, int64_t *out_id, ko_error *err)
{
    *out_id = 0;
    ko_query q = ko_query_start(store, "SELECT id FROM listing WHERE key = ?");
    ko_query_bind_text(&q, key);
    return ko_query_first(&q, out_id, err);
}

/* --- two that are one --- */

static ko_status run_for_both(ko_store *store, const char *sql, int64_t stays, int64_t goes,
                              ko_error *err)
{
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, stays);
    ko_query_bind_int(&q, goes);
    return ko_query_run(&q, err);
}

/* The listing ?1 takes on all of ?2. Texts are those of the one seen last, where it has any. */
static ko_status join(ko_store *store, int64_t stays, int64_t goes, ko_error *err)
{
    static const char photos[] =
        "INSERT OR IGNORE INTO listing_photo (listing_id, photo_id, position)"
        " SELECT ?1, photo_id, position + (SELECT ifnull(max(position), -1) + 1"
        "  FROM listing_photo WHERE listing_id = ?1)"
        " FROM listing_photo WHERE listing_id = ?2 ORDER BY position";
    static const char old_photos[] = "DELETE FROM listing_photo WHERE listing_id = ?2";
    /* Of two candidates about one work the younger number goes ... */
    static const char doubled[] =
        "DELETE FROM candidate WHERE listing_id IN (?1, ?2) AND EXISTS"
        " (SELECT 1 FROM candidate AS other WHERE other.work_id = candidate.work_id"
        "  AND other.listing_id IN (?1, ?2) AND other.id < candidate.id)";
    /* ... and those that stay are the joined listing's. */
    static const char candidates[] = "UPDATE candidate SET listing_id = ?1 WHERE listing_id = ?2";
    static const char texts[] =
        "UPDATE listing SET"
        " title = iif(b.title <> '' AND (b.last_seen > listing.last_seen OR listing.title = ''),"
        "  b.title, listing.title),"
        " seller = iif(b.seller <> '' AND (b.last_seen > listing.last_seen OR listing.seller = ''),"
        "  b.seller, listing.seller),"
        " price = iif(b.price <> '' AND (b.last_seen > listing.last_seen OR listing.price = ''),"
        "  b.price, listing.price),"
        " currency = iif(b.currency <> ''"
        "  AND (b.last_seen > listing.last_seen OR listing.currency = ''),"
        "  b.currency, listing.currency),"
        " source = iif(b.last_seen > listing.last_seen, b.source, listing.source),"
        " first_seen = min(listing.first_seen, b.first_seen),"
        " last_seen = max(listing.last_seen, b.last_seen)"
        " FROM listing AS b WHERE b.id = ?2 AND listing.id = ?1";
    static const char old_listing[] = "DELETE FROM listing WHERE id = ?2";
    static const char *const steps[] = {photos,     old_photos, doubled,
                                        candidates, texts,      old_listing};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof steps / sizeof *steps; i++)
        st = run_for_both(store, steps[i], stays, goes, err);
    return st;
}

/* --- writing --- */

static ko_status write(ko_store *store, const kept *listing, ko_error *err)
{
    static const char sql[] =
        "UPDATE listing SET key = ?, url = ?, platform = ?, item_id = ?, currency = ?,"
        " price_minor = ?, price_max_minor = ?, minor_digits = ?, ask = ? WHERE id = ?";
    const ko_listing *r = &listing->record;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, r->key);
    ko_query_bind_text(&q, r->url);
    ko_query_bind_text(&q, r->platform);
    ko_query_bind_text(&q, r->item_id);
    ko_query_bind_text(&q, r->currency);
    ko_query_bind_int_if(&q, r->has_price, r->amount.low_minor);
    ko_query_bind_int_if(&q, r->has_price, r->amount.high_minor);
    ko_query_bind_int_if(&q, r->has_price, r->amount.minor_digits);
    ko_query_bind_int_if(&q, r->has_price, r->amount.ask);
    ko_query_bind_int(&q, listing->id);
    return ko_query_run(&q, err);
}

/* Settles the next listing behind *after, which moves on to it. When another has its key
 * already, the two become one, whose texts may be others: it is read again. */
static ko_status settle_next(ko_store *store, int64_t *after, ko_error *err)
{
    kept listing;
    int64_t other = 0;
    ko_status st = read_next(store, *after, &listing, err);
    if (st == KO_OK)
        st = ko_listing_settle(&listing.record, err);
    if (st == KO_OK)
        st = find_key(store, listing.record.key, &other, err);
    if (st == KO_OK)
        *after = listing.id;
    if (st == KO_OK && other && other != listing.id) {
        const int64_t older = other < listing.id ? other : listing.id;
        st = join(store, older, other + listing.id - older, err);
        ko_listing_free(&listing.record);
        if (st == KO_OK)
            st = read_next(store, older - 1, &listing, err);
        if (st == KO_OK)
            st = ko_listing_settle(&listing.record, err);
    }
    if (st == KO_OK)
        st = write(store, &listing, err);
    ko_listing_free(&listing.record);
    return st;
}

ko_status ko_settle_kept(ko_store *store, ko_error *err)
{
    int64_t after = 0;
    ko_status st = KO_OK;
    while (st == KO_OK)
        st = settle_next(store, &after, err);
    return st == KO_E_NOT_FOUND ? KO_OK : st;
}
