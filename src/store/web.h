/* store/web.h - what is kept of the web besides listings: pictures still to be fetched, evidence
 * of answers, the memory of hosts, and how often an interface was asked today. */
#ifndef KO_STORE_WEB_H
#define KO_STORE_WEB_H

#include "store/seen.h"

/* --- pictures --- */

typedef enum ko_web_picture_state {
    KO_WEB_PICTURE_NEW = 0, /* to be fetched */
    KO_WEB_PICTURE_HERE,    /* photo_id is its photo */
    KO_WEB_PICTURE_FAILED   /* given up; reason says why */
} ko_web_picture_state;

typedef struct ko_web_picture {
    int64_t id;
    const char *url; /* canonical, unique */
    ko_web_picture_state state;
    const char *reason; /* one line; "" */
    int tries;
    int64_t not_before; /* seconds since 1970; 0: at once */
    int64_t photo_id;   /* 0 until it is here */
} ko_web_picture;

typedef ko_status ko_web_picture_fn(void *context, const ko_web_picture *picture);
/* Pictures in state NEW with id > after whose time has come, in order of id, at most limit. */
KO_NODISCARD ko_status ko_web_picture_each_new(ko_store *store, int64_t after, int64_t now,
                                               size_t limit, ko_web_picture_fn *fn, void *context,
                                               ko_error *err);
/* Those of a listing's gallery that are not here, in its order. */
KO_NODISCARD ko_status ko_web_picture_each_missing(ko_store *store, int64_t listing_id,
                                                   ko_web_picture_fn *fn, void *context,
                                                   ko_error *err);
/* KO_E_NOT_FOUND when no gallery has this canonical URL. Texts are valid until the next call. */
KO_NODISCARD ko_status ko_web_picture_find(ko_store *store, const char *url,
                                           ko_web_picture *out_picture, ko_error *err);
/* Writes state (NEW or FAILED), reason, tries and not_before of picture->id. */
KO_NODISCARD ko_status ko_web_picture_update(ko_store *store, const ko_web_picture *picture,
                                             ko_error *err);
/* The picture is here: makes it a photo, or finds that of the same bytes, and shows it in every
 * listing whose gallery has it, at its place. A listing with a matched photo gets its candidate
 * with the next scan. */
KO_NODISCARD ko_status ko_web_picture_arrived(ko_store *store, int64_t picture_id,
                                              const ko_photo_file *file, ko_error *err);
/* All that FAILED are NEW again, with tries 0: a fetch that the user asks for. */
KO_NODISCARD ko_status ko_web_pictures_renew(ko_store *store, ko_error *err);

typedef struct ko_web_picture_counts {
    int64_t fresh, here, failed;
    int64_t next_at; /* the earliest not_before of those that are fresh and wait; 0: none waits */
} ko_web_picture_counts;
KO_NODISCARD ko_status ko_web_picture_count(ko_store *store, ko_web_picture_counts *out_counts,
                                            ko_error *err);

/* --- evidence --- */

/* The answer whose record holds a body. */
typedef struct ko_web_body {
    int64_t answer_id;
    int64_t at;
    const char *warc;
    int64_t record;
} ko_web_body;

/* An answer that lies in the archive (capture/archive.h). Its body may lie in the record of an
 * earlier one of the same final_url, its own being a revisit; else body is itself. */
typedef struct ko_web_answer {
    int64_t id;
    const char *url, *final_url;
    int status;
    const char *content_type;
    uint8_t sha256[KO_SHA256_SIZE]; /* of the body */
    int64_t at;                     /* seconds since 1970 */
    const char *warc;               /* absolute path */
    int64_t record;                 /* offset in it */
    int64_t length;                 /* of the record there; 0: not known */
    ko_web_body body;
} ko_web_answer;

/* Of body only answer_id counts; 0: it holds its body itself. */
KO_NODISCARD ko_status ko_web_answer_add(ko_store *store, const ko_web_answer *answer,
                                         int64_t *out_id, ko_error *err);
typedef ko_status ko_web_answer_fn(void *context, const ko_web_answer *answer);
/* Those of a final_url that had a body with this SHA-256: the ones that hold it, and any of the
 * moment at; the latest to be kept first. */
KO_NODISCARD ko_status ko_web_answer_each_of(ko_store *store, const char *final_url,
                                             const uint8_t sha256[KO_SHA256_SIZE], int64_t at,
                                             ko_web_answer_fn *fn, void *context, ko_error *err);
/* Those in which a listing was seen, oldest first. */
KO_NODISCARD ko_status ko_web_answer_each(ko_store *store, int64_t listing_id, ko_web_answer_fn *fn,
                                          void *context, ko_error *err);
/* Those that looks at a listing (store/look.h) got instead of it, oldest first: of each look that
 * found something new, and of the last one. */
KO_NODISCARD ko_status ko_web_answer_each_instead(ko_store *store, int64_t listing_id,
                                                  ko_web_answer_fn *fn, void *context,
                                                  ko_error *err);

/* --- hosts --- */

typedef struct ko_web_host {
    const char *origin; /* "https://shop.example" */
    int robots_status;  /* as ko_net_host has it */
    const char *robots;
    size_t robots_bytes;
    int64_t robots_at, not_before; /* seconds since 1970 */
} ko_web_host;

/* KO_E_NOT_FOUND when nothing is known. Texts are copied into buffers of the store's, valid
 * until the next call. */
KO_NODISCARD ko_status ko_web_host_get(ko_store *store, const char *origin, ko_web_host *out_host,
                                       ko_error *err);
KO_NODISCARD ko_status ko_web_host_put(ko_store *store, const ko_web_host *host, ko_error *err);

/* --- quotas --- */

/* Counts one use of an interface on a day (days since 1970 in UTC). *out_left tells how many of
 * quota are left after it; negative: it was not counted and may not be used. */
KO_NODISCARD ko_status ko_web_quota_use(ko_store *store, const char *interface, int64_t day,
                                        int64_t quota, int64_t *out_left, ko_error *err);

#endif
