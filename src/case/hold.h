/* case/hold.h - what the user decides about a work, picture or source that is held back
 * (case/flood.h). */
#ifndef KO_CASE_HOLD_H
#define KO_CASE_HOLD_H

#include "store/hold.h"

/* Puts back what a hold set aside, whether it was blocked or not; its picture counts again, its
 * source runs again. As much in a day is nothing special from now on. KO_E_NOT_FOUND: there is no
 * such hold, or it was released. */
KO_NODISCARD ko_status ko_hold_release(ko_store *store, int64_t id, const char *who,
                                       size_t *out_back, ko_error *err);
/* What a hold set aside stays so, and more of it is kept away: a picture never counts any more
 * (store/negative.h, by an act), a source is paused, and of a work new candidates are set aside
 * that show the same pictures. KO_E_NOT_FOUND: no such hold waits for that. */
KO_NODISCARD ko_status ko_hold_block(ko_store *store, int64_t id, const char *who, ko_error *err);

#endif
