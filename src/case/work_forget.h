/* case/work_forget.h - taking a work out of the collection. */
#ifndef KO_CASE_WORK_FORGET_H
#define KO_CASE_WORK_FORGET_H

#include "store/work.h"

/* Removes a work with its fingerprints, its candidates and what was decided about them; no file.
 * KO_E_EXISTS: a notice about it is filed and not closed, whose answer would need it; it stays.
 * KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_work_forget(ko_store *store, int64_t id, ko_error *err);

#endif
