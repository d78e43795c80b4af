/* store/query.h - one SQL statement from its text to its last row; for this folder alone.
 *
 * A query remembers its first failure. From then on binding does nothing, there are no
 * more rows and reading gives zeros, so only ko_query_end has to be checked:
 *
 *     ko_query q = ko_query_start(store, "SELECT id, path FROM photo WHERE id > ?");
 *     ko_query_bind_int(&q, after);
 *     while (ko_query_row(&q)) {
 *         const ko_photo photo = {.id = ko_query_int(&q), .path = ko_query_text(&q)};
 *         if (ko_query_intact(&q))
 *             q.handed = fn(context, &photo);
 *     }
 *     return ko_query_end(&q, err);
 *
 * Parameters are bound, and columns read, from the first to the last. */
#ifndef KO_STORE_QUERY_H
#define KO_STORE_QUERY_H

#include "base/buf.h"
#include "store/store.h"

#include <knockoff/fingerprint.h>

#include <sqlite3.h>

/* Statements kept prepared; all that the folder has, and some for nested use. */
#define KO_STORE_IDLE_MAX 256

typedef struct ko_statement {
    const char *sql; /* told apart by address */
    sqlite3_stmt *stmt;
} ko_statement;

struct ko_store {
    sqlite3 *db;
    char *path; /* as the user wrote it, for messages */
    /* Prepared on open, so that a transaction can end when memory is short. */
    sqlite3_stmt *begin, *commit, *rollback;
    ko_statement idle[KO_STORE_IDLE_MAX];
    size_t n_idle;
    ko_buf lent_picture, lent_host; /* texts that calls of web.h lend until the next */
    int64_t patience_ms;            /* for which it waits while others write */
    int64_t waits_since_ms;         /* now */
    int64_t began_ms, ended_ms;     /* of the last transaction that wrote */
};

typedef struct ko_query {
    ko_store *store;
    ko_statement statement;
    int rc;           /* SQLITE_OK, SQLITE_ROW or SQLITE_DONE, else the first failure */
    int parameter;    /* bound last, from 1 */
    int column;       /* read next, from 0 */
    ko_status handed; /* what the receiver of a row said */
} ko_query;

/* sql must be a literal: prepared statements are kept and found by its address. A
 * statement that is under way already, further up the stack, is prepared once more. */
ko_query ko_query_start(ko_store *store, const char *sql);

/* What is bound is borrowed until ko_query_end. */
void ko_query_bind_int(ko_query *q, int64_t value);
void ko_query_bind_real(ko_query *q, double value);
void ko_query_bind_text(ko_query *q, const char *text);               /* NULL binds NULL */
void ko_query_bind_blob(ko_query *q, const void *bytes, size_t size); /* NULL binds NULL */
void ko_query_bind_null(ko_query *q);
void ko_query_bind_int_if(ko_query *q, bool given, int64_t value); /* else NULL */
void ko_query_bind_real_if(ko_query *q, bool given, double value);

/* Goes to the next row; false at the end, after a failure, or when the receiver of the
 * last row did not say KO_OK. */
bool ko_query_row(ko_query *q);
/* True while nothing has failed: only then may what was read be handed on. */
bool ko_query_intact(const ko_query *q);

/* Values that the schema forbids count as damage (KO_E_DAMAGED). Text and blobs are
 * borrowed until the next row. */
int64_t ko_query_int(ko_query *q);
int64_t ko_query_int_within(ko_query *q, int64_t least, int64_t most);
double ko_query_real(ko_query *q);
/* False for NULL, and then *out_value keeps its value. */
bool ko_query_real_if_any(ko_query *q, double *out_value);
bool ko_query_int_if_any(ko_query *q, int64_t *out_value);
const char *ko_query_text(ko_query *q);
const void *ko_query_blob(ko_query *q, size_t *out_size);    /* NULL and 0 for NULL */
void ko_query_bytes(ko_query *q, uint8_t *out, size_t size); /* exactly size; NULL: zeros */

/* Puts the statement back. The first failure, else what the receiver said, else KO_OK. */
KO_NODISCARD ko_status ko_query_end(ko_query *q, ko_error *err);
/* Runs a statement that gives no rows, and ends. */
KO_NODISCARD ko_status ko_query_run(ko_query *q, ko_error *err);
/* The integer that the first row begins with, *out_value untouched without rows; ends. */
KO_NODISCARD ko_status ko_query_first(ko_query *q, int64_t *out_value, ko_error *err);

/* Turns a result code of SQLite into a status and a line that names the file. */
ko_status ko_store_fail(const ko_store *store, int rc, ko_error *err);

/* For a write of several statements: it joins the caller's transaction or is one of its
 * own. Every ko_store_enter that gave KO_OK is followed by ko_store_leave, which takes
 * the outcome so far and returns the final one. */
KO_NODISCARD ko_status ko_store_enter(ko_store *store, bool *out_own, ko_error *err);
KO_NODISCARD ko_status ko_store_leave(ko_store *store, bool own, ko_status outcome, ko_error *err);

/* A fingerprint as bytes: bit k is bit k % 8 of byte k / 8, on every machine. */
#define KO_FP_BYTES 32
void ko_store_pack_fp(const ko_fp *fp, uint8_t out[KO_FP_BYTES]);
ko_fp ko_store_unpack_fp(const uint8_t bytes[KO_FP_BYTES]);

#endif
