/* watch/keep.h - what is kept how long, and taken away after.
 *
 * First rows go, in short transactions (store/retention.h), then files of the archive: one that no
 * row refers to is removed, and of one that is mostly unneeded the needed records are copied to a
 * new file, to the byte. Those that read the old one just now can go on: it is removed by the next
 * run, which finds that nothing refers to it. So a run may be killed at any moment, and at worst a
 * file too many is left. Files outside of the archive are the user's, and not touched. */
#ifndef KO_WATCH_KEEP_H
#define KO_WATCH_KEEP_H

#include "scan/problems.h"
#include "store/store.h"

typedef struct ko_keep_counts {
    /* rows that were taken away */
    size_t listings, photos, answers, looks, runs, digests, hosts;
    size_t pictures; /* photos of which only the fingerprint is left */
    size_t files;    /* of the archive that were removed */
    size_t moved;    /* of the archive whose needed records were copied: they go next time */
    int64_t bytes;   /* of the files; dry: that the disk would get back in the end */
} ko_keep_counts;

/* Takes away what the user's own times say is to be kept no longer. Never what an accepted
 * candidate or a notice rests on, and of what was rejected only pages and pictures. While another
 * process crawls, only rows. software: as ko_archive_open takes it. dry: only counts.
 * KO_E_STOPPED, errors of the database and disk. */
KO_NODISCARD ko_status ko_keep_run(ko_store *store, const char *archive_folder,
                                   const char *software, bool dry, ko_problems *problems,
                                   ko_keep_counts *out_counts, ko_error *err);

#endif
