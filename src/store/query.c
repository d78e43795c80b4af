#include "store/query.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* --- statements --- */

static sqlite3_stmt *take_idle(ko_store *store, const char *sql)
{
    for (size_t i = 0; i < store->n_idle; i++) {
        if (store->idle[i].sql == sql) {
            sqlite3_stmt *stmt = store->idle[i].stmt;
            store->idle[i] = store->idle[--store->n_idle];
            return stmt;
        }
    }
    return NULL;
}

ko_query ko_query_start(ko_store *store, const char *sql)
{
    assert(store && store->db && sql);
    ko_query q = {.store = store, .statement = {sql, take_idle(store, sql)}};
    if (!q.statement.stmt)
        q.rc = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q.statement.stmt,
                                  NULL);
    return q;
}

bool ko_query_intact(const ko_query *q)
{
    return q->rc == SQLITE_OK || q->rc == SQLITE_ROW || q->rc == SQLITE_DONE;
}

bool ko_query_row(ko_query *q)
{
    if (!ko_query_intact(q) || q->rc == SQLITE_DONE || q->handed != KO_OK)
        return false;
    q->rc = sqlite3_step(q->statement.stmt);
    q->column = 0;
    return q->rc == SQLITE_ROW;
}

ko_status ko_query_end(ko_query *q, ko_error *err)
{
    ko_store *store = q->store;
    ko_status st = ko_query_intact(q) ? q->handed : ko_store_fail(store, q->rc, err);
    sqlite3_stmt *stmt = q->statement.stmt;
    if (!stmt)
        return st;
    /* A failed step says so again here; a statement left half-way may fail only now. */
    const int rc = sqlite3_reset(stmt);
    if (rc != SQLITE_OK && st == KO_OK)
        st = ko_store_fail(store, rc, err);
    (void)sqlite3_clear_bindings(stmt);
    if (store->n_idle < KO_STORE_IDLE_MAX)
        store->idle[store->n_idle++] = q->statement;
    else
        (void)sqlite3_finalize(stmt);
    q->statement.stmt = NULL;
    return st;
}

ko_status ko_query_run(ko_query *q, ko_error *err)
{
    const bool row = ko_query_row(q);
    assert(!row);
    (void)row;
    return ko_query_end(q, err);
}

ko_status ko_query_first(ko_query *q, int64_t *out_value, ko_error *err)
{
    if (ko_query_row(q))
        *out_value = ko_query_int(q);
    return ko_query_end(q, err);
}

/* --- parameters --- */

void ko_query_bind_int(ko_query *q, int64_t value)
{
    if (ko_query_intact(q))
        q->rc = sqlite3_bind_int64(q->statement.stmt, ++q->parameter, value);
}

void ko_query_bind_real(ko_query *q, double value)
{
    if (ko_query_intact(q))
        q->rc = sqlite3_bind_double(q->statement.stmt, ++q->parameter, value);
}

void ko_query_bind_text(ko_query *q, const char *text)
{
    if (ko_query_intact(q))
        q->rc = sqlite3_bind_text(q->statement.stmt, ++q->parameter, text, -1, SQLITE_STATIC);
}

void ko_query_bind_blob(ko_query *q, const void *bytes, size_t size)
{
    assert(size <= INT_MAX);
    if (ko_query_intact(q))
        q->rc =
            sqlite3_bind_blob(q->statement.stmt, ++q->parameter, bytes, (int)size, SQLITE_STATIC);
}

void ko_query_bind_null(ko_query *q)
{
    ko_query_bind_text(q, NULL);
}

void ko_query_bind_int_if(ko_query *q, bool given, int64_t value)
{
    if (given)
        ko_query_bind_int(q, value);
    else
        ko_query_bind_null(q);
}

void ko_query_bind_real_if(ko_query *q, bool given, double value)
{
    if (given)
        ko_query_bind_real(q, value);
    else
        ko_query_bind_null(q);
}

/* --- columns --- */

static bool readable(ko_query *q)
{
    assert(q->rc != SQLITE_ROW || q->column < sqlite3_column_count(q->statement.stmt));
    return q->rc == SQLITE_ROW;
}

int64_t ko_query_int(ko_query *q)
{
    return readable(q) ? sqlite3_column_int64(q->statement.stmt, q->column++) : 0;
}

int64_t ko_query_int_within(ko_query *q, int64_t least, int64_t most)
{
    const int64_t value = ko_query_int(q);
    if (value >= least && value <= most)
        return value;
    if (ko_query_intact(q))
        q->rc = SQLITE_CORRUPT;
    return least;
}

double ko_query_real(ko_query *q)
{
    return readable(q) ? sqlite3_column_double(q->statement.stmt, q->column++) : 0;
}

static bool is_any(ko_query *q)
{
    return readable(q) && sqlite3_column_type(q->statement.stmt, q->column) != SQLITE_NULL;
}

bool ko_query_int_if_any(ko_query *q, int64_t *out_value)
{
    const bool any = is_any(q);
    const int64_t value = ko_query_int(q);
    if (any)
        *out_value = value;
    return any;
}

bool ko_query_real_if_any(ko_query *q, double *out_value)
{
    const bool any = is_any(q);
    const double value = ko_query_real(q);
    if (any)
        *out_value = value;
    return any;
}

const char *ko_query_text(ko_query *q)
{
    if (!readable(q))
        return "";
    const int column = q->column++;
    const char *text = (const char *)sqlite3_column_text(q->statement.stmt, column);
    if (text)
        return text;
    /* No text column takes NULL, so without damage this is want of memory. */
    const bool damaged = sqlite3_column_type(q->statement.stmt, column) == SQLITE_NULL;
    q->rc = damaged ? SQLITE_CORRUPT : SQLITE_NOMEM;
    return "";
}

const void *ko_query_blob(ko_query *q, size_t *out_size)
{
    *out_size = 0;
    if (!readable(q))
        return NULL;
    const int column = q->column++;
    const void *bytes = sqlite3_column_blob(q->statement.stmt, column);
    const int size = sqlite3_column_bytes(q->statement.stmt, column);
    if (!bytes && sqlite3_errcode(q->store->db) == SQLITE_NOMEM)
        q->rc = SQLITE_NOMEM;
    if (bytes)
        *out_size = (size_t)size;
    return bytes;
}

void ko_query_bytes(ko_query *q, uint8_t *out, size_t size)
{
    size_t found;
    const void *bytes = ko_query_blob(q, &found);
    memset(out, 0, size);
    if (bytes && found == size)
        memcpy(out, bytes, size);
    else if (bytes)
        q->rc = SQLITE_CORRUPT;
}

/* --- fingerprints --- */

void ko_store_pack_fp(const ko_fp *fp, uint8_t out[KO_FP_BYTES])
{
    for (size_t i = 0; i < KO_FP_BYTES; i++)
        out[i] = (uint8_t)(fp->w[i / 8] >> i % 8 * 8);
}

ko_fp ko_store_unpack_fp(const uint8_t bytes[KO_FP_BYTES])
{
    ko_fp fp = {{0}};
    for (size_t i = 0; i < KO_FP_BYTES; i++)
        fp.w[i / 8] |= (uint64_t)bytes[i] << i % 8 * 8;
    return fp;
}
