/* store/look.h - what was last found where listings stand that were complained about, or will be,
 * and when each is looked at again.
 *
 * Looked at are the listings in notices, until nothing more is to be had from them, and those of
 * accepted candidates, so that no notice names what is not there. A listing is gone for sure only
 * when two looks hours apart found it gone: one answer in a shop's bad hour closes no case. What
 * keeps us from looking (a wall, silence) says nothing about the listing: it confirms nothing,
 * refutes nothing, and a confirmation that is awaited waits. Only a look that sees the listing
 * refutes.
 *
 * All that may write is to be called in a transaction. */
#ifndef KO_STORE_LOOK_H
#define KO_STORE_LOOK_H

#include "store/store.h"

/* Kept in files by these numbers. */
typedef enum ko_look_outcome {
    KO_LOOK_NONE = 0, /* not looked at yet */
    KO_LOOK_ALIVE,
    KO_LOOK_GONE,
    KO_LOOK_CHANGED,     /* offered with other pictures alone, none of which shows the work */
    KO_LOOK_BLOCKED,     /* the site does not let programs look */
    KO_LOOK_UNREACHABLE, /* no answer, or none that tells anything */
    KO_LOOK_OUTCOMES
} ko_look_outcome;

/* "none", "alive", ... */
const char *ko_look_outcome_name(ko_look_outcome outcome);

/* Seconds between the looks that make a listing gone for sure; and where the front page of the
 * whole site is gone with it: a shop that was moved or broken is back within days. */
#define KO_LOOK_SURE_S ((int64_t)6 * 3600)
#define KO_LOOK_SITE_SURE_S ((int64_t)7 * 86400)
/* The next look at a listing that nothing calls for any more. */
#define KO_LOOK_NEVER INT64_MAX

typedef struct ko_look {
    int64_t listing_id;
    ko_look_outcome outcome;
    bool sure;          /* that it is gone was confirmed, and nobody saw it since */
    const char *reason; /* one line: "HTTP 404"; "" */
    int64_t since, at;  /* the first and the last of the looks in a row with this outcome, seconds
                           since 1970; 0: none yet */
    int64_t times;      /* that many */
    int64_t gone_since; /* the first look that found it gone, since it was last seen; 0: none did */
    const char *gone_reason; /* of that one; "" */
    int64_t next_at;         /* or KO_LOOK_NEVER */
    int64_t answer_id;       /* of the last look (store/web.h); 0: nothing was kept */
} ko_look;

typedef ko_status ko_look_fn(void *context, const ko_look *look);
/* The one of a listing; no call when there is none. */
KO_NODISCARD ko_status ko_look_one(ko_store *store, int64_t listing_id, ko_look_fn *fn,
                                   void *context, ko_error *err);

/* --- when --- */

/* Settles when each listing is looked at about which something was decided or told since the last
 * call, and gives up those that nothing calls for. Listings without an address on the web are left
 * out. Cheap when nothing is new; *out_more tells that there was so much that another call, in a
 * transaction of its own, has to go on. */
KO_NODISCARD ko_status ko_looks_enrol(ko_store *store, bool *out_more, ko_error *err);

typedef struct ko_look_due {
    int64_t listing_id;
    const char *key, *url, *platform; /* as ko_listing has them */
} ko_look_due;

typedef ko_status ko_look_due_fn(void *context, const ko_look_due *due);
/* Those that are due, the one that waits longest first, at most limit. */
KO_NODISCARD ko_status ko_look_due_each(ko_store *store, int64_t now, size_t limit,
                                        ko_look_due_fn *fn, void *context, ko_error *err);
/* The one of a listing whether due or not, and whether it was enrolled or not. KO_E_NOT_FOUND: no
 * such listing, or it has no address on the web; with a line. */
KO_NODISCARD ko_status ko_look_due_one(ko_store *store, int64_t listing_id, ko_look_due_fn *fn,
                                       void *context, ko_error *err);
/* It could not be asked for: not before then. */
KO_NODISCARD ko_status ko_look_put_off(ko_store *store, int64_t listing_id, int64_t until,
                                       ko_error *err);

/* A site showed a wall, which stands before all of its listings: none of them is due for
 * KO_LOOK_WALL_S from now on. origin: scheme, name and port, with a "/" at its end. */
#define KO_LOOK_WALL_S ((int64_t)86400)
KO_NODISCARD ko_status ko_look_put_off_site(ko_store *store, const char *origin, int64_t now,
                                            ko_error *err);

typedef struct ko_look_counts {
    int64_t in[KO_LOOK_OUTCOMES];
    int64_t unsure;  /* of those gone: still to be confirmed */
    int64_t due;     /* now */
    int64_t next_at; /* when the next one is due, maybe now; 0: none will be */
} ko_look_counts;
KO_NODISCARD ko_status ko_look_count(ko_store *store, int64_t now, ko_look_counts *out_counts,
                                     ko_error *err);

/* --- what --- */

typedef struct ko_look_found {
    int64_t listing_id;
    ko_look_outcome outcome; /* not NONE */
    const char *reason;      /* one line; "" */
    bool site_gone;          /* and so is the front page of its site */
    int64_t at;              /* seconds since 1970 */
    int64_t answer_id;       /* 0: none */
} ko_look_found;

/* Keeps what a look found, and settles when the next one is. *out_changed: it is otherwise than
 * at the last one, or sure now; being seen for the first time is no change. */
KO_NODISCARD ko_status ko_look_add(ko_store *store, const ko_look_found *found, bool *out_changed,
                                   ko_error *err);

/* Looks that cases were not told of yet, with listing_id > after, in order of listings, at most
 * limit: what is gone for sure, and what is alive. Those whose pictures are still to be compared
 * (store/look_shown.h) wait. */
KO_NODISCARD ko_status ko_look_untaken_each(ko_store *store, int64_t after, size_t limit,
                                            ko_look_fn *fn, void *context, ko_error *err);
/* Cases were told of the last look, or nothing follows from it. */
KO_NODISCARD ko_status ko_look_taken(ko_store *store, int64_t listing_id, ko_error *err);

/* A listing came to have another outcome. */
typedef struct ko_look_change {
    int64_t id, listing_id; /* the listing may be removed since */
    ko_look_outcome outcome;
    bool sure; /* gone, and this look confirmed it: once until it is seen again */
    const char *reason;
    int64_t at, answer_id;
} ko_look_change;

typedef ko_status ko_look_change_fn(void *context, const ko_look_change *change);
/* Those with id > after, in order of id. */
KO_NODISCARD ko_status ko_look_change_each(ko_store *store, int64_t after, ko_look_change_fn *fn,
                                           void *context, ko_error *err);
/* The number of the last one; 0: there is none. */
KO_NODISCARD ko_status ko_look_change_last(ko_store *store, int64_t *out_id, ko_error *err);

#endif
