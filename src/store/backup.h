/* store/backup.h - a copy of the database that can be trusted, and the way back from it.
 *
 * A backup is one file without a journal beside it, mode 0600. It is of one moment, whoever writes
 * meanwhile, and is looked through before it has its name. */
#ifndef KO_STORE_BACKUP_H
#define KO_STORE_BACKUP_H

#include "store/store.h"

/* What is in a backup. */
typedef struct ko_backup_facts {
    int64_t schema;
    int64_t works, listings, photos, candidates, notices;
} ko_backup_facts;

/* Copies the database to path, where nothing may be, and checks the copy: it is whole, refers to
 * nothing that is not there, and has as many rows in each table. Others read and write meanwhile.
 * Within a transaction that only reads (ko_store_begin_reading) it is a copy of that moment. After
 * an error there is nothing at path. KO_E_EXISTS, KO_E_STOPPED, KO_E_IO (disk full), KO_E_DAMAGED.
 */
KO_NODISCARD ko_status ko_store_backup(ko_store *store, const char *path,
                                       ko_backup_facts *out_facts, ko_error *err);

/* Looks through the file at path without changing it. KO_E_NOT_FOUND; KO_E_DAMAGED: no database,
 * one of another program, damaged, or one that is in use and so no backup; KO_E_VERSION: of a newer
 * Knockoff. */
KO_NODISCARD ko_status ko_store_check(const char *path, ko_backup_facts *out_facts, ko_error *err);

/* In a copy that nobody uses: all paths that begin with from, or with whole are that, begin with to
 * instead. */
KO_NODISCARD ko_status ko_store_repoint(ko_store *store, const char *from, const char *to,
                                        bool whole, ko_error *err);

/* Puts the file at with, of the same file system, in place of the database at path. What was there
 * is called aside afterwards, where nothing may be. KO_E_BUSY: a process has the database open; all
 * is as before. At no moment there is no database at path, where the file system has hard links. */
KO_NODISCARD ko_status ko_store_replace(const char *path, const char *with, const char *aside,
                                        ko_error *err);

#endif
