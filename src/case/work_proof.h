/* case/work_proof.h - what backs a complaint about one work: its marked picture and the Copyright
 * Claim Statement, from what is registered of it and of the user. */
#ifndef KO_CASE_WORK_PROOF_H
#define KO_CASE_WORK_PROOF_H

#include "base/buf.h"
#include "proof/signer.h"
#include "store/profile.h"
#include "store/work.h"

typedef struct ko_work_proof_request {
    const char *author, *holder, *kind, *completed_on; /* NULL: as the work and the profile say */
    const char *published_at;                          /* a place; NULL: left out */
    const char *country;                               /* NULL: as the work says */
    const char *place;                                 /* of the statement; NULL: left out */
    const char *date;                                  /* YYYY-MM-DD */
    const ko_signer *signer;                           /* NULL: a line for a pen */
    const char *software;
} ko_work_proof_request;

typedef struct ko_work_proof {
    ko_buf picture;   /* JPEG */
    ko_buf statement; /* PDF */
    uint32_t width, height;
    char sha256[2 * KO_SHA256_SIZE + 1]; /* of the work's file */
} ko_work_proof;

/* KO_E_NOT_FOUND, KO_E_IO: the work's file is gone. KO_E_FORMAT: it changed since it was added, or
 * is damaged. KO_E_USAGE: nothing says who made the work. Others as proof/picture.h,
 * proof/statement.h and proof/pdf_sign.h say. Free with ko_work_proof_free. */
KO_NODISCARD ko_status ko_work_proof_make(ko_store *store, const ko_work *work, const ko_user *user,
                                          const ko_work_proof_request *request,
                                          ko_work_proof *out_proof, ko_error *err);
void ko_work_proof_free(ko_work_proof *proof); /* zeroed ones are fine */

/* Writes SERIAL-proof.jpg and SERIAL-statement.pdf into a folder that is there, and hands out
 * their paths, each to be freed with ko_free. KO_E_IO, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_work_proof_put(const ko_work_proof *proof, const char *serial,
                                         const char *folder, char **out_picture,
                                         char **out_statement, ko_error *err);

#endif
