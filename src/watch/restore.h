/* watch/restore.h - the way back from a backup (watch/backup.h). */
#ifndef KO_WATCH_RESTORE_H
#define KO_WATCH_RESTORE_H

#include "store/backup.h"

typedef struct ko_restored {
    char *aside; /* what was there before is called this now, and this with "-archive" and so on;
                    "" when nothing was there */
    ko_backup_facts facts;
    size_t files; /* besides the database */
    size_t works; /* originals that were missing, and lie beside the database now */
} ko_restored;

/* Puts the backup, a file or folder, in place of the database and of what lies beside it; what the
 * backup does not have stays. All of it is looked through, and copied next to where it goes, before
 * anything is changed. Paths in the database that led beside the old one lead beside this one. The
 * backup stays as it is.
 * KO_E_NOT_FOUND; KO_E_DAMAGED: it is no backup, or not what it was; KO_E_VERSION: of a newer
 * Knockoff; KO_E_BUSY: another process has the database open, or crawls for it; KO_E_IO (disk
 * full). Free with ko_restored_free. */
KO_NODISCARD ko_status ko_restore(const char *backup, const char *database,
                                  ko_restored *out_restored, ko_error *err);
void ko_restored_free(ko_restored *restored);

#endif
