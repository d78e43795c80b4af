/* store/notice.h - notices: what was complained about where, and what became of it.
 *
 * A notice is about one work and goes to one channel (notice/rules.h); its items are listings.
 * It never changes once it is kept. What becomes of its items is told by events, which are only
 * ever added; an item's state in force is that of the last event about it that was not taken back.
 * Notices outlive works and listings that are removed: they hold what they said. */
#ifndef KO_STORE_NOTICE_H
#define KO_STORE_NOTICE_H

#include "base/day.h"
#include "store/store.h"

/* Kept in files by these numbers. */
typedef enum ko_notice_state {
    KO_NOTICE_BUILT = 0, /* there is a packet; not filed yet */
    /* open */
    KO_NOTICE_FILED,
    KO_NOTICE_IN_PROGRESS, /* the platform looks into it */
    KO_NOTICE_COUNTERED,   /* the seller countered: an answer of the holder is due */
    KO_NOTICE_ANSWERED,    /* the holder answered that */
    KO_NOTICE_UPHELD,      /* the platform refused the counter-notice; another may come */
    /* closed */
    KO_NOTICE_REMOVED,    /* the listing was taken down */
    KO_NOTICE_UNABLE,     /* "unable to process": mostly gone before */
    KO_NOTICE_REFUSED,    /* the platform did not accept the notice */
    KO_NOTICE_RESTORED,   /* a counter-notice succeeded: the listing stays */
    KO_NOTICE_WITHDRAWN,  /* taken back by the holder, or never filed */
    KO_NOTICE_REAPPEARED, /* it was removed, and is offered again */
    KO_NOTICE_STATES
} ko_notice_state;

/* "built", "filed", "in-progress", ... */
const char *ko_notice_state_name(ko_notice_state state);
/* By name; KO_E_USAGE names those that there are. */
KO_NODISCARD ko_status ko_notice_state_find(const char *name, ko_notice_state *out_state,
                                            ko_error *err);
/* Writes the names of the states of bits 1 << state: "filed, removed or withdrawn". */
#define KO_NOTICE_STATES_SIZE 160 /* all of them */
void ko_notice_state_list(unsigned states, char out_names[KO_NOTICE_STATES_SIZE]);
/* Up to KO_NOTICE_UPHELD: the listing is in an active notice. */
bool ko_notice_is_open(ko_notice_state state);
/* May an item in state from come to be in state to? The same state again is none. */
bool ko_notice_may_become(ko_notice_state from, ko_notice_state to);

typedef struct ko_notice_event {
    int64_t id, notice_id;
    ko_notice_state state;
    ko_day on;        /* when it happened, as told */
    const char *ref;  /* the platform's number of the notice; "" */
    const char *note; /* "" */
    const char *who;  /* told it; "" */
    int64_t at;       /* told, seconds since 1970 */
    bool undone;
    size_t n_items; /* that it is about */
} ko_notice_event;

typedef struct ko_notice_item {
    int64_t id, notice_id;
    int64_t candidate_id;                   /* 0: from a sheet of the user's */
    int64_t listing_id;                     /* 0: not known */
    const char *url;                        /* canonical */
    const char *item;                       /* the platform's number; "" */
    const char *platform;                   /* "" when it is none that we know */
    const char *seller, *seller_id, *title; /* as the listing then said; "" */
    double score;                           /* of the evidence then; 0 from a sheet */
    bool has_evidence;                      /* both digests are known */
    uint8_t photo_sha256[KO_SHA256_SIZE], view_sha256[KO_SHA256_SIZE];
    ko_notice_state state;
    ko_day state_on;  /* of its event; that of the notice while it is only built */
    bool is_accepted; /* its candidate is there, and accepted now */
} ko_notice_item;

typedef struct ko_notice {
    int64_t id;
    const char *channel; /* id of a ko_channel */
    int64_t work_id;     /* the work may be removed since */
    const char *serial, *work_title;
    const char *host;      /* where the channel wants hosts apart; "" */
    const char *reason;    /* id of a ko_reason; "" */
    int part, parts;       /* 2 of 3 */
    const char *who;       /* built it */
    int64_t good_faith_at; /* when the last of its candidates was accepted so; 0: from a sheet */
    int64_t built_at;
    bool authority;     /* who built it stated to be entitled, under penalty of perjury */
    const char *folder; /* of the packet, absolute; "" while it is to be written */
    /* of its events in force */
    const char *ref; /* as last told; "" */
    ko_day filed_on; /* last; meaningful when is_filed */
    bool is_filed;
    size_t n_items, n_in[KO_NOTICE_STATES];
} ko_notice;

/* The state of its items that asks for attention first: countered, then other open ones, then
 * closed ones. */
ko_notice_state ko_notice_state_of(const ko_notice *notice);

/* Keeps a notice and its n items in state built (ids, states and counts are set here; built_at,
 * too, unless it is given). Call it in a transaction. */
KO_NODISCARD ko_status ko_notice_add(ko_store *store, const ko_notice *notice,
                                     const ko_notice_item *items, size_t n, int64_t *out_id,
                                     ko_error *err);
/* The packet was written there. */
KO_NODISCARD ko_status ko_notice_set_folder(ko_store *store, int64_t id, const char *folder,
                                            ko_error *err);

/* Tells what became of n items of a notice. n 0: of all of its open items that may become so, and
 * when there is none, of all closed ones. Texts may be NULL; id, at and counts are set here.
 * *out_changed counts items. A transaction of its own unless one has begun.
 * KO_E_NOT_FOUND: no such notice, or an item that is none of it. KO_E_USAGE: an item named may
 * not become so, or with n 0 none may (the text says why: "notice 3 is not filed yet"); a day
 * before that on which the item came to be in its state. */
KO_NODISCARD ko_status ko_notice_tell(ko_store *store, const ko_notice_event *event,
                                      const int64_t *item_ids, size_t n, size_t *out_changed,
                                      ko_error *err);
/* Takes back the last event of a notice that was not taken back. out_event->texts are not filled.
 * KO_E_NOT_FOUND: there is none. */
KO_NODISCARD ko_status ko_notice_undo(ko_store *store, int64_t notice_id,
                                      ko_notice_event *out_event, ko_error *err);

/* Which to hand out. */
typedef struct ko_notice_filter {
    int64_t id;          /* 0: any */
    int64_t work_id;     /* 0: any */
    const char *channel; /* NULL: any */
    bool open;           /* only those with an open item */
} ko_notice_filter;

typedef ko_status ko_notice_fn(void *context, const ko_notice *notice);
/* In order of id. No call when there is none. */
KO_NODISCARD ko_status ko_notice_each(ko_store *store, const ko_notice_filter *filter,
                                      ko_notice_fn *fn, void *context, ko_error *err);

typedef ko_status ko_notice_item_fn(void *context, const ko_notice_item *item);
/* Items of one notice (0: of all) in their order, in the states of the bits 1 << state (0: any). */
KO_NODISCARD ko_status ko_notice_item_each(ko_store *store, int64_t notice_id, unsigned states,
                                           ko_notice_item_fn *fn, void *context, ko_error *err);

/* Those that are a listing, in whatever notice and state. */
KO_NODISCARD ko_status ko_notice_item_each_of(ko_store *store, int64_t listing_id,
                                              ko_notice_item_fn *fn, void *context, ko_error *err);

/* item_id is 0 for the event itself, which comes first, then it comes once for each of its
 * items. */
typedef ko_status ko_notice_event_fn(void *context, const ko_notice_event *event, int64_t item_id);
/* Those of a notice (0: of all) in the order in which they were told, also those taken back. */
KO_NODISCARD ko_status ko_notice_event_each(ko_store *store, int64_t notice_id,
                                            ko_notice_event_fn *fn, void *context, ko_error *err);

#endif
