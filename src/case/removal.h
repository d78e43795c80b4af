/* case/removal.h - what looks at listings mean for their cases.
 *
 * A listing that is gone for sure (store/look.h) was removed: that is told of its filed items as a
 * person would tell it, with what was seen as the note, and their clocks end. One that was removed
 * and shows its picture again on a later day has reappeared. Nothing follows from a wall or from
 * silence, and nothing is told of packets that are only built: whether they are filed is the
 * user's. What the user takes back stays so until the listing was seen in between. */
#ifndef KO_CASE_REMOVAL_H
#define KO_CASE_REMOVAL_H

#include "case/kit.h"
#include "store/store.h"

/* Who tells it. */
#define KO_REMOVAL_WHO "knockoff watch"

typedef struct ko_removals {
    size_t removed, reappeared; /* listings */
} ko_removals;

/* Tells it of all listings whose looks were not taken in yet. To be called after looks, and after
 * the scan of the pictures that they brought. Several processes may call it: none tells twice.
 * Errors of the database. */
KO_NODISCARD ko_status ko_removals_tell(ko_store *store, const ko_kit *kit,
                                        ko_removals *out_removals, ko_error *err);

#endif
