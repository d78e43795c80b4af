/* watch/keep.h - what is kept how long, and taken away after. */
#ifndef KO_WATCH_KEEP_H
#define KO_WATCH_KEEP_H

#include "scan/problems.h"
#include "store/store.h"

typedef struct ko_keep_counts {
    size_t listings, photos, answers, runs, digests; /* rows that were taken away */
    size_t files;                                    /* of the archive, removed or made anew */
    int64_t bytes;                                   /* that the disk got back */
} ko_keep_counts;

/* Takes away what the user's own times (store/retention.h) say is to be kept no longer. Never what
 * a candidate that was decided, or a notice, rests on. dry: only counts. KO_E_STOPPED, errors of
 * the database and disk. */
KO_NODISCARD ko_status ko_keep_run(ko_store *store, const char *archive_folder, bool dry,
                                   ko_problems *problems, ko_keep_counts *out_counts,
                                   ko_error *err);

#endif
