/* watch/keep_files.h - files of the archive that are needed no longer, or only in part.
 *
 * Private to this folder. */
#ifndef KO_WATCH_KEEP_FILES_H
#define KO_WATCH_KEEP_FILES_H

#include "store/retention.h"
#include "watch/keep.h"

typedef struct ko_keep_files {
    ko_store *store;
    const char *archive_folder, *software;
    const ko_retention_times *times; /* what would be gone; NULL: it is, and files go as well */
    ko_problems *problems;
    ko_keep_counts *counts; /* files, moved and bytes are added to */
} ko_keep_files;

KO_NODISCARD ko_status ko_keep_files_run(const ko_keep_files *keep, ko_error *err);

#endif
