/* store/upkeep.h - the database as a file: its size, and what it no longer needs. */
#ifndef KO_STORE_UPKEEP_H
#define KO_STORE_UPKEEP_H

#include "store/store.h"

/* Writes what the journal holds into the file and empties it, as far as nobody reads or writes
 * just now; that is tried, and never waited for. */
KO_NODISCARD ko_status ko_store_settle(ko_store *store, ko_error *err);
/* Gives room that nothing is in any more back to the disk: the file is written anew while others
 * wait. Without it the room is used for what comes next. KO_E_BUSY: others go on writing. */
KO_NODISCARD ko_status ko_store_shrink(ko_store *store, ko_error *err);
/* How many bytes the file has, and of them those that nothing is in. */
KO_NODISCARD ko_status ko_store_size(ko_store *store, int64_t *out_bytes, int64_t *out_free,
                                     ko_error *err);

#endif
