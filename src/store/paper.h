/* store/paper.h - what proves the right to a work: certificates of registration, and evidence
 * such as a dated first post. The files stay where they are; what is kept is which they were. */
#ifndef KO_STORE_PAPER_H
#define KO_STORE_PAPER_H

#include "store/store.h"

typedef enum ko_paper_role { KO_PAPER_CERTIFICATE, KO_PAPER_EVIDENCE } ko_paper_role;

typedef struct ko_paper {
    ko_paper_role role;
    const char *path; /* absolute, as given last */
    uint8_t sha256[KO_SHA256_SIZE];
    int64_t bytes;
    int64_t added_at; /* seconds since 1970 */
} ko_paper;

/* "certificate", "evidence". */
const char *ko_paper_role_name(ko_paper_role role);

/* Keeps a paper of a work (added_at is set here); of the same bytes in the same role only the path
 * is renewed. KO_E_NOT_FOUND when there is no such work. */
KO_NODISCARD ko_status ko_paper_add(ko_store *store, int64_t work_id, const ko_paper *paper,
                                    ko_error *err);

typedef ko_status ko_paper_fn(void *context, const ko_paper *paper);
/* Those of a work in the order in which they came. */
KO_NODISCARD ko_status ko_paper_each(ko_store *store, int64_t work_id, ko_paper_fn *fn,
                                     void *context, ko_error *err);

#endif
