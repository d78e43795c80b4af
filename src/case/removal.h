/* case/removal.h - what looks at listings mean for their cases.
 *
 * A listing that is gone for sure (store/look.h) was removed: that is told of its open items as a
 * person would tell it, with the evidence of the look, and its clocks end. One that was removed and
 * is seen alive again has reappeared. Nothing follows from a wall or from silence. */
#ifndef KO_CASE_REMOVAL_H
#define KO_CASE_REMOVAL_H

#include "case/kit.h"
#include "store/store.h"

typedef struct ko_removals {
    size_t removed, reappeared; /* listings */
} ko_removals;

/* Tells it of all listings whose looks were not taken in yet. Errors of the database. */
KO_NODISCARD ko_status ko_removals_tell(ko_store *store, const ko_kit *kit,
                                        ko_removals *out_removals, ko_error *err);

#endif
