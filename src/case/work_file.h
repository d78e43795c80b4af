/* case/work_file.h - the file that a work was registered with, read again. */
#ifndef KO_CASE_WORK_FILE_H
#define KO_CASE_WORK_FILE_H

#include "base/buf.h"
#include "store/work.h"

typedef struct ko_work_file {
    char *path; /* as registered */
    ko_buf bytes;
    uint8_t sha256[KO_SHA256_SIZE];
} ko_work_file;

/* Reads the first file of a work, which must be the one that was added.
 * KO_E_NOT_FOUND: the work has no file, or it is gone. KO_E_FORMAT: it changed since. KO_E_IO,
 * KO_E_LIMIT, KO_E_NOMEM. Free *out_file with ko_work_file_free, also after an error. */
KO_NODISCARD ko_status ko_work_file_read(ko_store *store, int64_t work_id, ko_work_file *out_file,
                                         ko_error *err);
void ko_work_file_free(ko_work_file *file); /* zeroed ones are fine */

#endif
