/* serve/pool.h - connections to the database, lent to one request at a time. */
#ifndef KO_SERVE_POOL_H
#define KO_SERVE_POOL_H

#include "store/store.h"

typedef struct ko_pool ko_pool;

/* Opens the first connection, so that what is wrong with the database is known. Close with
 * ko_pool_close when all are back. */
KO_NODISCARD ko_status ko_pool_open(const char *path, ko_pool **out_pool, ko_error *err);
void ko_pool_close(ko_pool *pool); /* NULL is fine */

/* Lends a connection, after waiting for one when all are lent. Give it back with ko_pool_give on
 * any thread. */
KO_NODISCARD ko_status ko_pool_take(ko_pool *pool, ko_store **out_store, ko_error *err);
void ko_pool_give(ko_pool *pool, ko_store *store); /* NULL is fine */

#endif
