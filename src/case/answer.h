/* case/answer.h - the folder that a counter-notice is answered from.
 *
 *   CHECKLIST.txt   by when, where, what to attach, what is missing, where the originals are
 *   ANSWER.txt      a draft that says what is known, and nothing else (notice/data/answer.txt)
 *   evidence.pdf    the countered listings beside the work
 *   proof.jpg       the work, marked, as it went with the notice
 *   statement.pdf   the Copyright Claim Statement, as it went with the notice
 *   *.tsq, *.tsr    timestamps of the work and of what proves the right to it
 *
 * All but CHECKLIST.txt is meant for others. The originals themselves are not copied. */
#ifndef KO_CASE_ANSWER_H
#define KO_CASE_ANSWER_H

#include "case/kit.h"
#include "scan/problems.h"
#include "store/notice.h"
#include "store/profile.h"

#include <jansson.h>

typedef struct ko_answer_options {
    const ko_kit *kit;
    const ko_user *user;
    const char *proof_folder; /* where proof of works is kept, with their timestamps */
    const char *root;         /* the folder to make it in; NULL: that of the packet */
    const char *software;
    ko_day day;            /* of the letter */
    int64_t now;           /* seconds since 1970 */
    ko_problems *problems; /* proof that is damaged, evidence whose picture is gone */
    bool without_evidence; /* no evidence.pdf */
} ko_answer_options;

typedef struct ko_answer {
    char *folder;
    ko_buf missing; /* what would make it stronger, with the command that helps; one a line */
} ko_answer;

/* Writes the answer to the counter-notices about a notice that wait for one, as a new folder
 * "answer", "answer-2", ...: a draft may have been worked on, and sellers may counter again.
 * KO_E_NOT_FOUND: no such notice, its work was removed, or it has no packet and no root is given.
 * KO_E_USAGE: nothing of it is countered. KO_E_FORMAT: the user's own answer.txt is wrong. KO_E_IO,
 * KO_E_LIMIT, KO_E_NOMEM. Free with ko_answer_free. */
KO_NODISCARD ko_status ko_answer_write(ko_store *store, int64_t notice_id,
                                       const ko_answer_options *options, ko_answer *out_answer,
                                       ko_error *err);
void ko_answer_free(ko_answer *answer); /* zeroed ones are fine */

/* {"notice", "answer": folder, "missing": [lines]}, new; NULL when there is no memory. */
json_t *ko_answer_json(int64_t notice_id, const ko_answer *answer);

#endif
