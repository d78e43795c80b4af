/* store/store.h - the database: one SQLite file with all that Knockoff knows.
 *
 * WAL journal, foreign keys on, STRICT tables, mode 0600, numbered migrations that run on
 * open. A ko_store belongs to one thread; several processes may have the same file open,
 * one writing and any number reading. Rows are handed to callbacks as structs whose
 * strings are borrowed until the callback returns; a callback may read on with the same
 * store, and a return other than KO_OK ends the walk with it.
 *
 * Every write outside ko_store_begin ... ko_store_commit is a transaction of its own.
 * Inside, a write that fails may be half done: end the transaction with
 * ko_store_rollback. Besides what they say themselves, all calls may return KO_E_IO (disk
 * full, read-only, no permission), KO_E_BUSY (another process has been writing for half
 * a minute), KO_E_DAMAGED (the file is damaged) and KO_E_NOMEM. */
#ifndef KO_STORE_STORE_H
#define KO_STORE_STORE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KO_SHA256_SIZE 32

typedef struct ko_store ko_store;

typedef enum ko_store_mode {
    KO_STORE_CREATE, /* init: makes the file (and its folder); fine if it is there */
    KO_STORE_OPEN    /* everything else: KO_E_NOT_FOUND when there is none */
} ko_store_mode;

/* Opens the database at path and brings its schema up to date; an empty file is taken on
 * as a new one. The caller closes *out_store.
 * KO_E_VERSION: written by a newer Knockoff; the text has both schema numbers. KO_E_DAMAGED:
 * not a database, or another program's. Both leave the file as it is. */
KO_NODISCARD ko_status ko_store_open(const char *path, ko_store_mode mode, ko_store **out_store,
                                     ko_error *err);
void ko_store_close(ko_store *store); /* NULL is fine */
/* The path it was opened by; borrowed. */
const char *ko_store_path(const ko_store *store);

/* Transactions do not nest. From begin on no other process writes, so keep them short. Behind a
 * long one begin gives way: others that wait get their turn. */
KO_NODISCARD ko_status ko_store_begin(ko_store *store, ko_error *err);
/* From the first read on all that is read is of one moment, whoever writes meanwhile. Nothing is
 * written in between; ends with ko_store_rollback. */
KO_NODISCARD ko_status ko_store_begin_reading(ko_store *store, ko_error *err);
/* On any error everything since ko_store_begin is taken back. */
KO_NODISCARD ko_status ko_store_commit(ko_store *store, ko_error *err);
void ko_store_rollback(ko_store *store); /* harmless when nothing has begun */
/* True from either begin until commit or rollback. */
bool ko_store_is_writing(const ko_store *store);

/* A number that is another one once somebody else has changed the file; what this store writes
 * does not count. */
KO_NODISCARD ko_status ko_store_changes(ko_store *store, int64_t *out_number, ko_error *err);

/* The score from which on a match is shown, for works that have no threshold of their own.
 * KO_SCORE_DEFAULT until it is set; must be finite. */
KO_NODISCARD ko_status ko_store_threshold(ko_store *store, double *out_threshold, ko_error *err);
KO_NODISCARD ko_status ko_store_set_threshold(ko_store *store, double threshold, ko_error *err);

/* Any other setting, a text by its name ("contact"); "" until it is set, and to set "" forgets
 * it. Free *out_text with ko_free. */
KO_NODISCARD ko_status ko_store_setting(ko_store *store, const char *name, char **out_text,
                                        ko_error *err);
KO_NODISCARD ko_status ko_store_set_setting(ko_store *store, const char *name, const char *text,
                                            ko_error *err);

#endif
