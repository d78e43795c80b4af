/* case/past_items.h - the items of all notices, and telling what rows of a sheet say of them.
 *
 * Private to case/past.c. */
#ifndef KO_CASE_PAST_ITEMS_H
#define KO_CASE_PAST_ITEMS_H

#include "case/past.h"
#include "case/past_row.h"

/* Note of an event whose day was made up: the earliest on which it may have been. */
#define KO_PAST_UNDATED "the sheet does not say when"

typedef struct ko_past_item {
    int64_t id, notice_id, work_id, listing_id;
    ko_notice_state state;
    ko_day state_on;
    unsigned had; /* states that it ever was told to be in, as bits; also if that was taken back */
    char *ref;    /* of its notice */
    bool is_said, is_new, is_told;
    ko_past_row says; /* when is_said */
    size_t next;      /* to be told of these: 0 that it was reported, then its events */
} ko_past_item;

typedef struct ko_past_items {
    ko_past_item *item; /* by work, listing and number */
    size_t n, capacity;
} ko_past_items;

/* KO_E_NOMEM. Free with ko_past_items_free, also after an error. */
KO_NODISCARD ko_status ko_past_items_read(ko_store *store, ko_past_items *out_items, ko_error *err);
/* Reads them again; what was said of those that were there stays. */
KO_NODISCARD ko_status ko_past_items_renew(ko_store *store, ko_past_items *items, ko_error *err);
void ko_past_items_free(ko_past_items *items);

/* The last item about this work and listing, unless that is closed and of a notice with another
 * number: then the row is about a notice that is not known yet. NULL when there is none. */
ko_past_item *ko_past_items_find(const ko_past_items *items, int64_t work_id, int64_t listing_id,
                                 const char *ref);

/* Tells what was said of the items and is new, and counts it. */
KO_NODISCARD ko_status ko_past_items_tell(ko_store *store, ko_past_items *items,
                                          ko_past_counts *counts, ko_error *err);

#endif
