/* watch/backup_files.h - the files of a backup that is a folder: how they get there, and the list
 * that says what each was.
 *
 * Private to this folder. */
#ifndef KO_WATCH_BACKUP_FILES_H
#define KO_WATCH_BACKUP_FILES_H

#include "base/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KO_BACKUP_DATABASE "database.db"
#define KO_BACKUP_MANIFEST "manifest.json"
#define KO_BACKUP_WORKS "originals"
#define KO_BACKUP_FORMAT 1

/* The folders beside a database (case/beside.h) that a backup holds, under these names without the
 * dash; ends in NULL. */
extern const char *const ko_backup_beside[];

#define KO_STAMP_SIZE 17 /* "20261122T021500Z" and a zero */

/* Writes the moment as names of files have it. */
void ko_backup_stamp(int64_t seconds, char out[KO_STAMP_SIZE]);

/* Copies the file at from to a new one at to, mode 0600, and waits until it is on the disk.
 * KO_E_EXISTS, KO_E_NOT_FOUND, KO_E_IO; after an error nothing is at to. */
KO_NODISCARD ko_status ko_backup_copy(const char *from, const char *to, ko_error *err);
/* The same; with linked the file has two names afterwards where that can be, instead of a copy:
 * unless a process still writes to it. */
KO_NODISCARD ko_status ko_backup_take(const char *from, const char *to, bool linked, ko_error *err);
/* Copies all files below one folder into another, which is made with mode 0700; *n counts them.
 * Hidden files are left out. KO_E_STOPPED. */
KO_NODISCARD ko_status ko_backup_take_folder(const char *from, const char *to, bool linked,
                                             size_t *n, ko_error *err);
/* Removes a folder with all in it; fine when there is none. KO_E_IO. */
ko_status ko_backup_remove_folder(const char *path, ko_error *err);

/* A new array with path, bytes and SHA-256 of all files below folder. KO_E_IO, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_backup_list(const char *folder, json_t **out_files, ko_error *err);
/* Whether all files of such an array are below folder as they were. KO_E_DAMAGED: one is not, or
 * the array names what lies elsewhere. *n counts them. */
KO_NODISCARD ko_status ko_backup_verify(const char *folder, const json_t *files, size_t *n,
                                        ko_error *err);

#endif
