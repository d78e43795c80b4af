/* watch/lock.h - one watch for a database, and who it is.
 *
 * The lock is that of a file beside the database, which stays; it goes with the process that holds
 * it, however that ends. */
#ifndef KO_WATCH_LOCK_H
#define KO_WATCH_LOCK_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* What its name ends in, behind that of the database. */
#define KO_WATCH_LOCK_SUFFIX "-watch"

typedef struct ko_watcher {
    int64_t pid;   /* 0: not known */
    int64_t since; /* seconds since 1970 */
} ko_watcher;

/* Locks until *out_lock, a descriptor, is closed. KO_E_BUSY: another watch is running, named by its
 * process. KO_E_IO, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_watch_lock(const char *database, int *out_lock, ko_error *err);

/* Is a watch running for the database? *out_watcher tells which. */
bool ko_watch_is_running(const char *database, ko_watcher *out_watcher);

#endif
