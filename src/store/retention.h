/* store/retention.h - what is kept how long, and the rows that are kept no longer.
 *
 * The rule: what a complaint rests on is kept for ever; what shows nothing of the user's goes, and
 * the data of people who sell it with it. Pictures and pages are large and go first. A listing's
 * texts and the fingerprints of its photos are small and stay longer: a work that is added later
 * is still compared with them. Each time is a setting of the user's, "keep.NAME". */
#ifndef KO_STORE_RETENTION_H
#define KO_STORE_RETENTION_H

#include "store/store.h"

typedef enum ko_retention {
    KO_RETAIN_PICTURES, /* their bytes in the archive */
    KO_RETAIN_PAGES,
    KO_RETAIN_REJECTED,
    KO_RETAIN_CANDIDATES,
    KO_RETAIN_LISTINGS,
    KO_RETAIN_LOOKS,
    KO_RETAIN_RUNS,
    KO_RETAIN_DIGESTS,
    KO_RETAIN_HOSTS
} ko_retention;
#define KO_RETENTIONS 9

#define KO_RETAIN_FOREVER 0 /* days */

typedef struct ko_retention_rule {
    const char *name; /* as the user writes it */
    int days;         /* unless the user says otherwise */
    const char *what; /* is taken away, and from when on the days count */
    const char *why;  /* so many */
} ko_retention_rule;

/* KO_RETENTIONS of them, by ko_retention. */
extern const ko_retention_rule ko_retention_rules[];

/* The days of each rule: the user's, or its own. KO_E_DAMAGED: a setting that is no number. */
KO_NODISCARD ko_status ko_retention_read(ko_store *store, int out_days[KO_RETENTIONS],
                                         ko_error *err);
/* Sets the days of the rule of that name; those that the rule has anyway are not kept as the
 * user's. KO_E_NOT_FOUND: no such rule. KO_E_LIMIT: below 1 or above KO_MAX_RETENTION_DAYS. */
KO_NODISCARD ko_status ko_retention_set(ko_store *store, const char *name, int days, ko_error *err);

/* From when on each is kept, seconds since 1970; what is older goes. */
typedef struct ko_retention_times {
    int64_t since[KO_RETENTIONS];
} ko_retention_times;
KO_NODISCARD ko_status ko_retention_times_read(ko_store *store, int64_t now,
                                               ko_retention_times *out_times, ko_error *err);

/* Rows of one kind, in the order in which they go: nothing goes before what refers to it. */
typedef enum ko_purge_kind {
    KO_PURGE_LOOKS,
    KO_PURGE_ANSWERS,
    KO_PURGE_PICTURES, /* the photo stays, with its fingerprint and without a place: path "" */
    KO_PURGE_PHOTOS,
    KO_PURGE_LISTINGS,
    KO_PURGE_ADDRESSES, /* of pictures that no listing shows any more */
    KO_PURGE_RUNS,
    KO_PURGE_DIGESTS,
    KO_PURGE_HOSTS
} ko_purge_kind;
#define KO_PURGE_KINDS 9

/* Goes through one kind from the latest number down, a little at a time: *cursor begins as 0 and
 * is 0 again at the end. Adds to *count what was taken away; dry: what would be. Each call is a
 * transaction of a fraction of a second, or none. */
KO_NODISCARD ko_status ko_purge_some(ko_store *store, ko_purge_kind kind,
                                     const ko_retention_times *times, bool dry, int64_t *cursor,
                                     size_t *count, ko_error *err);

/* --- what lies in files of the archive --- */

/* A record of a file that a row refers to. */
typedef struct ko_kept_record {
    bool is_photo;
    int64_t id;     /* of the photo, or the answer (store/web.h) */
    int64_t at;     /* of a photo: where its body begins; else where the record does */
    int64_t length; /* of a photo: of its body; else of the record, 0: not known */
    uint8_t sha256[KO_SHA256_SIZE]; /* of the body */
    bool fresh;                     /* a photo that no scan has looked at */
} ko_kept_record;

typedef ko_status ko_kept_record_fn(void *context, const ko_kept_record *record);
/* Those of the file at path by their place; with times only those that would be left when all was
 * taken away that goes by these. */
KO_NODISCARD ko_status ko_kept_record_each(ko_store *store, const char *path,
                                           const ko_retention_times *times, ko_kept_record_fn *fn,
                                           void *context, ko_error *err);
/* The record lies in another file now, at this place; a row that is gone stays so. */
KO_NODISCARD ko_status ko_kept_record_move(ko_store *store, const ko_kept_record *record,
                                           const char *path, const char *new_path, int64_t new_at,
                                           ko_error *err);
/* Whether rows refer to files of an archive that is not in this folder, an absolute path: then it
 * was moved by hand, and nothing can be said of what lies in it. */
KO_NODISCARD ko_status ko_kept_elsewhere(ko_store *store, const char *folder, bool *out_elsewhere,
                                         ko_error *err);

#endif
