/* store/look_plan.h - how long to wait for the next look at a listing, and how its row changes; for
 * this folder alone. */
#ifndef KO_STORE_LOOK_PLAN_H
#define KO_STORE_LOOK_PLAN_H

#include "store/look.h"

/* When to look again at a listing whose last look is this one, kept or not. One that was not
 * looked at yet was last seen at seen_at. *out_next is KO_LOOK_NEVER when nothing calls for it. */
KO_NODISCARD ko_status ko_look_plan(ko_store *store, const ko_look *look, int64_t seen_at,
                                    int64_t *out_next, ko_error *err);

/* The last look of a listing turns out to have found something else than it seemed to. */
KO_NODISCARD ko_status ko_look_turn(ko_store *store, int64_t listing_id, ko_look_outcome outcome,
                                    const char *reason, bool *out_changed, ko_error *err);

#endif
