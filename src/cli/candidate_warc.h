/* cli/candidate_warc.h - what the archive holds of a candidate: found again, and handed on. */
#ifndef KO_CLI_CANDIDATE_WARC_H
#define KO_CLI_CANDIDATE_WARC_H

#include "capture/warc_record.h"
#include "scan/problems.h"
#include "store/candidate.h"

typedef struct ko_candidate_warc_counts {
    size_t pages, pictures; /* written */
    size_t left_out;        /* of the gallery and the answers */
} ko_candidate_warc_counts;

/* Reads the record of the candidate's photo, to free with ko_warc_record_free. *out_known is false
 * when the archive does not have it any more, which is a problem, and when it never was in one,
 * which is none. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_candidate_photo_record(const ko_candidate *candidate,
                                                 ko_problems *problems, ko_warc_record *out_record,
                                                 bool *out_known, ko_error *err);

/* Writes the WARC file at path: all answers in which the listing was seen, what looks
 * at it got instead, and all pictures of its gallery that are here. What is left out is said; where
 * that is so because a file is gone, damaged or not what it was, it is a problem. KO_E_NOT_FOUND:
 * nothing is left to write, and no file is made. KO_E_IO, KO_E_NOMEM, or as the store says. */
KO_NODISCARD ko_status ko_candidate_warc(ko_store *store, const ko_candidate *candidate,
                                         const char *path, ko_problems *problems,
                                         ko_candidate_warc_counts *out_counts, ko_error *err);

#endif
