/* ingest/files.h - from the paths a user names to the picture files they mean. */
#ifndef KO_INGEST_FILES_H
#define KO_INGEST_FILES_H

#include "base/file.h"
#include "scan/problems.h"

/* Pictures found, as named by the user plus what lies below. */
typedef struct ko_ingest_files {
    ko_paths pictures;
    ko_paths others; /* files in folders that are no pictures */
} ko_ingest_files;

/* A named file is always taken: whoever reads it says what is wrong with it. Of a folder
 * those files are taken that begin as a picture does, and those that are only called one
 * (so that a damaged picture is not passed over in silence).
 * Roots that do not exist and folders that cannot be read are problems. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_ingest_files_find(char *const *roots, size_t n_roots,
                                            ko_problems *problems, ko_ingest_files *out_files,
                                            ko_error *err);

void ko_ingest_files_free(ko_ingest_files *found);

#endif
