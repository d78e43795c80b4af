/* store/hold.h - works, pictures and sources that yield far more than was to be expected, and are
 * held back for it.
 *
 * While a subject is held, candidates of it that are new are set aside (store/aside.h). The user
 * releases it, and all come back; or blocks it, and they stay away. */
#ifndef KO_STORE_HOLD_H
#define KO_STORE_HOLD_H

#include "store/store.h"

/* Kept in files by these numbers. */
typedef enum ko_hold_kind {
    KO_HOLD_WORK = 0,
    KO_HOLD_PICTURE, /* what the candidate of its subject_id shows, and all that it leads */
    KO_HOLD_SOURCE,  /* as listing.source names it */
    KO_HOLD_KINDS
} ko_hold_kind;

typedef enum ko_hold_state {
    KO_HOLD_HELD = 0,
    KO_HOLD_RELEASED,
    KO_HOLD_BLOCKED,
    KO_HOLD_STATES
} ko_hold_state;

/* "work", "picture", "source"; "held", "released", "blocked". */
const char *ko_hold_kind_name(ko_hold_kind kind);
const char *ko_hold_state_name(ko_hold_state state);

typedef struct ko_hold {
    int64_t id;
    ko_hold_kind kind;
    int64_t subject_id; /* of the work, or of the candidate that leads; 0 of a source */
    const char *name;   /* of the subject, in words; of a source what tells it */
    ko_hold_state state;
    double expected;        /* candidates a day */
    size_t found;           /* within one day */
    const char *note;       /* why, in words */
    int64_t at;             /* seconds since 1970 */
    int64_t decided_at;     /* 0: by nobody yet */
    const char *decided_by; /* "" */
    int64_t negative_id;    /* the picture that never counts since it was blocked; 0: none */
} ko_hold;

/* Keeps kind, subject_id, name, expected, found and note as a hold of now. *out_id is 0, and
 * nothing is kept, when the subject is held or blocked already. */
KO_NODISCARD ko_status ko_hold_add(ko_store *store, const ko_hold *hold, int64_t *out_id,
                                   ko_error *err);
/* Writes state, decided_by and negative_id of hold->id, decided now. */
KO_NODISCARD ko_status ko_hold_decide(ko_store *store, const ko_hold *hold, ko_error *err);

typedef ko_status ko_hold_fn(void *context, const ko_hold *hold);
/* In order of id; id 0: all that are in one of these states, as bits 1 << ko_hold_state. */
KO_NODISCARD ko_status ko_hold_each(ko_store *store, int64_t id, unsigned states, ko_hold_fn *fn,
                                    void *context, ko_error *err);

#endif
