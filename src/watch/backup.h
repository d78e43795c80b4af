/* watch/backup.h - everything that would be missed, put somewhere else.
 *
 * A backup is the database alone, as one file (store/backup.h), or a folder with it and all that
 * lies beside it: the archive, proofs, packets, rules, what the page was given. There a list says
 * what each file was, so that the way back (watch/restore.h) can tell whether it still is. Backups
 * in a folder are called NAME-TIME, by the name of the database. A backup has its name only when it
 * is whole and was looked through. */
#ifndef KO_WATCH_BACKUP_H
#define KO_WATCH_BACKUP_H

#include "scan/problems.h"
#include "store/backup.h"

typedef struct ko_backup_options {
    ko_store *store;
    const char *database; /* its path */
    const char *to;       /* a folder that is there or ends in '/'; else the path of the backup */
    bool archive;         /* what lies beside the database as well */
    bool works;           /* and the originals of works */
    unsigned keep;        /* of the backups that to has by now, the oldest go; 0: none goes */
    ko_problems *problems;
} ko_backup_options;

typedef struct ko_backup_made {
    char *path;
    ko_backup_facts facts;
    uint8_t sha256[KO_SHA256_SIZE]; /* of the copied database */
    int64_t bytes;                  /* of it */
    size_t files;                   /* besides the database */
    size_t works;                   /* originals that were copied */
    size_t removed;                 /* older backups */
} ko_backup_made;

/* KO_E_EXISTS: something is at the backup's path. KO_E_USAGE: keep without a folder. KO_E_STOPPED,
 * KO_E_IO (disk full): then nothing is left of it. Free with ko_backup_made_free. */
KO_NODISCARD ko_status ko_backup_make(const ko_backup_options *options, ko_backup_made *out_made,
                                      ko_error *err);
void ko_backup_made_free(ko_backup_made *made);

#endif
