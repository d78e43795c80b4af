/* store/tally.h - how much there is of everything, for who looks after the program. */
#ifndef KO_STORE_TALLY_H
#define KO_STORE_TALLY_H

#include "store/candidate.h"
#include "store/notice.h"

typedef struct ko_tally {
    int64_t works, listings;
    int64_t photos, unread;                  /* of them, not looked at by a scan yet */
    int64_t candidates[KO_CANDIDATE_STATES]; /* decided, or reaching the threshold in force */
    int64_t unsorted;                        /* candidates not looked through yet (case/sort.h) */
    int64_t notices;
    int64_t items[KO_NOTICE_STATES]; /* listings in notices, by the state they are in */
    int64_t bytes;                   /* of the database, without what is not moved into it yet */
} ko_tally;

/* Counts all of it at one moment; a second for 100,000 candidates. */
KO_NODISCARD ko_status ko_tally_read(ko_store *store, ko_tally *out_tally, ko_error *err);

#endif
