/* Nothing here is done by ANALYZE or PRAGMA optimize: the order in which tables are joined is said
 * in the statements, and has to stay when the data changes. */
#include "store/upkeep.h"

#include "store/query.h"
#include "store/schema.h"

ko_status ko_store_settle(ko_store *store, ko_error *err)
{
    /* While it waits for readers it would keep others from writing. */
    store->patience_ms = 0;
    const int rc =
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    store->patience_ms = KO_STORE_WAIT_MS;
    return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY ? KO_OK : ko_store_fail(store, rc, err);
}

ko_status ko_store_shrink(ko_store *store, ko_error *err)
{
    const int rc = sqlite3_exec(store->db, "VACUUM", NULL, NULL, NULL);
    return rc == SQLITE_OK ? ko_store_settle(store, err) : ko_store_fail(store, rc, err);
}

ko_status ko_store_size(ko_store *store, int64_t *out_bytes, int64_t *out_free, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT page_count * page_size, freelist_count * page_size"
                                       " FROM pragma_page_count, pragma_page_size,"
                                       " pragma_freelist_count");
    if (ko_query_row(&q)) {
        *out_bytes = ko_query_int(&q);
        *out_free = ko_query_int(&q);
    }
    return ko_query_end(&q, err);
}
