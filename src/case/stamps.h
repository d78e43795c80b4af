/* case/stamps.h - the timestamps that are kept of a work (proof/stamp.h). */
#ifndef KO_CASE_STAMPS_H
#define KO_CASE_STAMPS_H

#include "proof/stamp.h"
#include "scan/problems.h"
#include "store/work.h"

/* FOLDER/KO-000042-0123456789abcdef.tsq and .tsr, the request and its answer; with "" as serial
 * those of any file. The same bytes have the same name. ko_free both. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_stamp_paths(const char *folder, const char *serial,
                                      const uint8_t sha256[KO_SHA256_SIZE], char **out_request,
                                      char **out_reply, ko_error *err);

/* One that holds. */
typedef struct ko_kept_stamp {
    char *request_path, *reply_path;
    char *of;     /* path of the file that it is about */
    bool of_work; /* which is one of the work, else a certificate or other evidence */
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_stamp stamp;
} ko_kept_stamp;

typedef struct ko_stamps {
    ko_kept_stamp *stamps; /* of its files, then of its papers, as they came */
    size_t n, capacity;
} ko_stamps;

/* Finds the timestamps of a work's files and papers in a folder and checks each as of now, seconds
 * since 1970; one that does not hold is a problem. KO_E_NOMEM, and what the store says. Free with
 * ko_stamps_free, also after an error. */
KO_NODISCARD ko_status ko_stamps_find(ko_store *store, const ko_work *work, const char *folder,
                                      int64_t now, ko_problems *problems, ko_stamps *out_stamps,
                                      ko_error *err);
void ko_stamps_free(ko_stamps *stamps); /* zeroed ones are fine */

#endif
