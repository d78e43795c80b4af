#include "store/allow.h"

#include "store/rows.h"
#include "store/seller.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- who a seller is --- */

ko_status ko_allow_of(const ko_listing *record, bool shop, ko_allow *out, ko_error *err)
{
    const bool marketplace = ko_seller_is_many(record->platform);
    *out = (ko_allow){.platform = "", .seller_id = "", .seller = "", .who = ""};
    if (marketplace && !shop)
        out->platform = record->platform;
    else
        ko_seller_host(record->url, out->host);
    if (shop && marketplace)
        return ko_fail(err, KO_E_USAGE, "%s has many sellers: name one, not the whole site",
                       out->host);
    if (!marketplace && !out->host[0])
        return ko_fail(err, KO_E_USAGE, "a listing without URL tells no shop");
    if (shop)
        return KO_OK;
    if (record->seller_id[0])
        out->seller_id = record->seller_id;
    else if (record->seller[0])
        out->seller = record->seller;
    else
        return ko_fail(err, KO_E_USAGE, "%s does not tell its seller", record->url);
    return KO_OK;
}

void ko_allow_words(const ko_allow *allow, char out_words[KO_ALLOW_WORDS_SIZE])
{
    const char *seller = allow->seller[0] ? allow->seller : allow->seller_id;
    (void)snprintf(out_words, KO_ALLOW_WORDS_SIZE, "%.200s%s%s", seller, seller[0] ? " on " : "",
                   allow->platform[0] ? allow->platform : allow->host);
}

/* --- writing --- */

static void bind_entry(ko_query *q, const ko_allow *allow)
{
    ko_query_bind_text(q, allow->platform);
    ko_query_bind_text(q, allow->host);
    ko_query_bind_text(q, allow->seller_id);
    ko_query_bind_text(q, allow->seller);
}

ko_status ko_allow_add(ko_store *store, int64_t act_id, const ko_allow *allow, int64_t *out_id,
                       ko_error *err)
{
    static const char sql[] =
        "INSERT INTO allow (platform, host, seller_id, seller, added_by)"
        " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM allow WHERE platform = ?1"
        "  AND host = ?2 AND seller_id = ?3 AND seller = ?4 AND removed_by IS NULL)";
    assert(ko_store_is_writing(store));
    ko_query q = ko_query_start(store, sql);
    bind_entry(&q, allow);
    ko_query_bind_int(&q, act_id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_changes(store->db) ? sqlite3_last_insert_rowid(store->db) : 0;
    return st;
}

ko_status ko_allow_remove(ko_store *store, int64_t act_id, int64_t id, ko_error *err)
{
    static const char sql[] = "UPDATE allow SET removed_by = ? WHERE id = ? AND removed_by IS NULL";
    assert(ko_store_is_writing(store));
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, act_id);
    ko_query_bind_int(&q, id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no entry %lld in the allow list", (long long)id);
    return st;
}

/* --- reading --- */

ko_status ko_allow_each(ko_store *store, int64_t id, ko_allow_fn *fn, void *context, ko_error *err)
{
    static const char sql[] = "SELECT allow.id, platform, host, seller_id, seller, act.at, act.who"
                              " FROM allow CROSS JOIN act ON act.id = allow.added_by"
                              " WHERE removed_by IS NULL AND ?1 IN (0, allow.id) ORDER BY allow.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, id);
    while (ko_query_row(&q)) {
        ko_allow allow;
        allow.id = ko_query_int(&q);
        allow.platform = ko_query_text(&q);
        (void)snprintf(allow.host, sizeof allow.host, "%s", ko_query_text(&q));
        allow.seller_id = ko_query_text(&q);
        allow.seller = ko_query_text(&q);
        allow.at = ko_query_int(&q);
        allow.who = ko_query_text(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &allow);
    }
    return ko_query_end(&q, err);
}

ko_status ko_seller_history(ko_store *store, const ko_listing *record,
                            size_t out_decided[KO_ALLOW_STATES], ko_error *err)
{
    static const char sql[] =
        "SELECT decision.state, count(*) FROM candidate"
        " CROSS JOIN decision ON decision.id = candidate.decided"
        " CROSS JOIN listing ON listing.id = candidate.listing_id"
        " WHERE (?1 = '' OR listing.platform = ?1) AND (?2 = '' OR ?2 = " KO_LISTING_HOST ")"
        " AND (?3 = '' OR listing.seller_id = ?3) AND (?4 = '' OR listing.seller = ?4)"
        " GROUP BY decision.state";
    ko_allow seller;
    memset(out_decided, 0, KO_ALLOW_STATES * sizeof *out_decided);
    if (ko_allow_of(record, false, &seller, NULL) != KO_OK)
        return KO_OK;
    ko_query q = ko_query_start(store, sql);
    bind_entry(&q, &seller);
    while (ko_query_row(&q)) {
        const int64_t state = ko_query_int_within(&q, 0, KO_ALLOW_STATES - 1);
        out_decided[state] = (size_t)ko_query_int(&q);
    }
    return ko_query_end(&q, err);
}
