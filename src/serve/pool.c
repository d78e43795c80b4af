#include "serve/pool.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <assert.h>
#include <pthread.h>

struct ko_pool {
    char *path;
    pthread_mutex_t lock;
    pthread_cond_t given;
    ko_store *idle[KO_MAX_SERVE_STORES];
    size_t n_idle, n_open;
};

ko_status ko_pool_open(const char *path, ko_pool **out_pool, ko_error *err)
{
    ko_pool *pool = ko_alloc_zero(1, sizeof *pool);
    if (!pool)
        return ko_fail(err, KO_E_NOMEM, "connections to %s", path);
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->given, NULL);
    pool->path = ko_strdup(path);
    ko_status st = pool->path ? ko_store_open(path, KO_STORE_OPEN, &pool->idle[0], err)
                              : ko_fail(err, KO_E_NOMEM, "connections to %s", path);
    if (st == KO_OK) {
        pool->n_idle = pool->n_open = 1;
        *out_pool = pool;
    } else {
        ko_pool_close(pool);
    }
    return st;
}

void ko_pool_close(ko_pool *pool)
{
    if (!pool)
        return;
    assert(pool->n_idle == pool->n_open);
    for (size_t i = 0; i < pool->n_idle; i++)
        ko_store_close(pool->idle[i]);
    (void)pthread_cond_destroy(&pool->given);
    (void)pthread_mutex_destroy(&pool->lock);
    ko_free(pool->path);
    ko_free(pool);
}

/* Opens one more, for which its place is taken already. */
static ko_status open_more(ko_pool *pool, ko_store **out_store, ko_error *err)
{
    const ko_status st = ko_store_open(pool->path, KO_STORE_OPEN, out_store, err);
    if (st == KO_OK)
        return st;
    (void)pthread_mutex_lock(&pool->lock);
    pool->n_open--;
    (void)pthread_cond_signal(&pool->given);
    (void)pthread_mutex_unlock(&pool->lock);
    return st;
}

ko_status ko_pool_take(ko_pool *pool, ko_store **out_store, ko_error *err)
{
    ko_store *store = NULL;
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->n_idle == 0 && pool->n_open == KO_MAX_SERVE_STORES)
        (void)pthread_cond_wait(&pool->given, &pool->lock);
    if (pool->n_idle)
        store = pool->idle[--pool->n_idle];
    else
        pool->n_open++;
    (void)pthread_mutex_unlock(&pool->lock);
    if (!store)
        return open_more(pool, out_store, err);
    *out_store = store;
    return KO_OK;
}

void ko_pool_give(ko_pool *pool, ko_store *store)
{
    if (!store)
        return;
    (void)pthread_mutex_lock(&pool->lock);
    pool->idle[pool->n_idle++] = store;
    (void)pthread_cond_signal(&pool->given);
    (void)pthread_mutex_unlock(&pool->lock);
}
