/* store/tie.h - candidates that go on with an earlier case: ties to items of earlier notices.
 *
 * An item is tied to when it was filed, whatever became of it, and is about the same work. Ties are
 * made when a candidate is sorted (case/sort.h), and when an item is told to have reappeared: then
 * the candidate of its own listing goes on with it, as long as that is not taken back. */
#ifndef KO_STORE_TIE_H
#define KO_STORE_TIE_H

#include "base/day.h"
#include "store/alike.h"
#include "store/notice.h"

/* What is the same, the strongest first. Kept in files by these numbers. */
typedef enum ko_tie_kind {
    KO_TIE_LISTING = 0, /* the listing itself: it had been removed */
    KO_TIE_PICTURE,     /* a picture, byte by byte */
    KO_TIE_LOOKS,       /* a picture, by its looks (store/alike.h) */
    KO_TIE_SELLER,      /* who sells it (case/identity.h) */
    KO_TIE_KINDS
} ko_tie_kind;

/* "listing", "picture", "looks", "seller". */
const char *ko_tie_kind_name(ko_tie_kind kind);

/* A candidate has at most so many: pictures of a whole trade may be one picture. */
#define KO_TIES_MOST 8

/* An item to which candidates may be tied. */
typedef struct ko_tie_case {
    int64_t item_id, work_id;
    int64_t listing_id;             /* 0: not known */
    const char *platform, *url;     /* of the item */
    const char *seller, *seller_id; /* as the listing said then */
    int64_t built_at;               /* its notice, seconds since 1970 */
    int64_t removed_at;             /* when that was told last, seconds; 0: it never was removed */
    ko_notice_state state;
    ko_traits picture; /* that it showed */
} ko_tie_case;

typedef ko_status ko_tie_case_fn(void *context, const ko_tie_case *item);
/* All items that were ever filed and not withdrawn, in order of work, then id. */
KO_NODISCARD ko_status ko_tie_case_each(ko_store *store, ko_tie_case_fn *fn, void *context,
                                        ko_error *err);

/* Ties a candidate to an item; a tie that is there stays as it is. */
KO_NODISCARD ko_status ko_tie_add(ko_store *store, int64_t candidate_id, int64_t item_id,
                                  ko_tie_kind kind, ko_error *err);
/* For store/notice.c, in its transaction. A listing is back: its candidate is tied to the item. */
KO_NODISCARD ko_status ko_tie_own(ko_store *store, int64_t item_id, ko_error *err);
/* That this was so is taken back, for all items of the event. */
KO_NODISCARD ko_status ko_tie_end_own(ko_store *store, int64_t event_id, ko_error *err);

/* A tie, with what the earlier case was. */
typedef struct ko_tie {
    ko_tie_kind kind;
    int64_t item_id, notice_id;
    const char *channel; /* of the notice: id of a ko_channel */
    const char *host;    /* of the notice; "" */
    const char *ref;     /* the platform's number of it; "" */
    const char *url, *title, *seller;
    ko_notice_state state; /* of the item now. KO_NOTICE_RESTORED: a counter-notice won, which is a
                              warning, not one more proof */
    ko_day state_on;
    bool is_filed, is_removed; /* ever, and that is in force; then on that day, last: */
    ko_day filed_on, removed_on;
} ko_tie;

typedef ko_status ko_tie_fn(void *context, const ko_tie *tie);
/* Those of a candidate: to cases that were lost first, then the strongest, of equals the latest. */
KO_NODISCARD ko_status ko_tie_each(ko_store *store, int64_t candidate_id, ko_tie_fn *fn,
                                   void *context, ko_error *err);

#endif
