/* store/remark.h - what the artist's own sheet says of a listing besides what listings say.
 *
 * One remark is one cell: the work meant, when it was reported, under which number, the status,
 * hours spent, notes. They are kept as written, under the names of listing/remarks.h, and under the
 * column's own name where it has none there, so that the sheet can be written again whole. */
#ifndef KO_STORE_REMARK_H
#define KO_STORE_REMARK_H

#include "store/store.h"

typedef struct ko_remark {
    int64_t listing_id;
    const char *work; /* as the sheet names it; "": no work */
    const char *name;
    const char *text;
} ko_remark;

/* Keeps it; the text replaces an earlier one of the same listing, work and name, "" removes it.
 * KO_E_NOT_FOUND: there is no such listing. */
KO_NODISCARD ko_status ko_remark_put(ko_store *store, const ko_remark *remark, ko_error *err);

typedef ko_status ko_remark_fn(void *context, const ko_remark *remark);
/* By listing (0: all), work, and then in the order in which names came first. */
KO_NODISCARD ko_status ko_remark_each(ko_store *store, int64_t listing_id, ko_remark_fn *fn,
                                      void *context, ko_error *err);

#endif
