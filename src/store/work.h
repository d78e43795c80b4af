/* store/work.h - works: the artist's originals, their views and their fingerprints.
 *
 * A work is what a platform calls an intellectual property right: one design with one
 * serial. A view is one file that shows it; a work has one or several. A view holds the
 * fingerprints (variants) under which it is looked for. */
#ifndef KO_STORE_WORK_H
#define KO_STORE_WORK_H

#include "store/store.h"

#include <knockoff/fingerprint.h>

#define KO_SERIAL_SIZE 24 /* "KO-000042" */

/* Fields a person sets; a text is "" when not stated, never NULL on reading. On writing NULL
 * means leave as it is. */
typedef struct ko_work_fields {
    const char *title;
    const char *registration;  /* number at a copyright office */
    const char *holder;        /* who owns the right */
    const char *published_on;  /* first publication, YYYY[-MM[-DD]] */
    const char *published_url; /* first publication, where */
    const char *author;
    const char *kind;          /* "illustration" */
    const char *completed_on;  /* YYYY[-MM[-DD]] */
    const char *published_in;  /* country of first publication, ISO 3166-1 alpha-2 */
    const char *registered_in; /* that of the registration */
    const char *description;
    const double *threshold; /* own score threshold; NULL: the collection's (reading) */
} ko_work_fields;

typedef struct ko_work {
    int64_t id;
    const char *serial; /* never given twice, also not after the work is removed */
    ko_work_fields fields;
    int64_t added_at;
    size_t n_views, n_variants;
    size_t n_candidates; /* that reach the threshold in force */
    int quality;         /* best of its views, 0..100 */
    /* How far scans have got with it: every photo up to this number was compared with it,
     * keeping what reached this score. A new view sets compared_to back to 0. */
    int64_t compared_to;
    double compared_score;
} ko_work;

typedef struct ko_view {
    int64_t id, work_id;
    const char *path; /* absolute, as registered */
    uint8_t sha256[KO_SHA256_SIZE];
    int64_t bytes;
    uint32_t width, height; /* pixels as displayed */
    const char *kind;       /* "PNG" */
    bool has_alpha;
    int quality;
    const ko_fp_variant *variants; /* n_variants of them; NULL and 0 where not asked for */
    size_t n_variants;
    const void *part; /* a packed ko_part_view; NULL and 0 where not asked for or not made */
    size_t part_bytes;
    int robustness; /* percent of trial prints in which the part was found; 0 without one */
    int64_t added_at;
} ko_view;

typedef ko_status ko_work_fn(void *context, const ko_work *work);
typedef ko_status ko_view_fn(void *context, const ko_view *view);

/* Number of the right on a form: the registration, else the work's own serial, which no other
 * work has (platforms refuse a number that they know already). Borrowed. */
static inline const char *ko_work_number(const ko_work *work)
{
    return work->fields.registration[0] ? work->fields.registration : work->serial;
}

/* The serial of the work with this id. */
void ko_work_serial(int64_t id, char out_serial[KO_SERIAL_SIZE]);

/* Makes a work and its serial. */
KO_NODISCARD ko_status ko_work_add(ko_store *store, const ko_work_fields *fields, int64_t *out_id,
                                   char out_serial[KO_SERIAL_SIZE], ko_error *err);
/* Adds a view with its variants and part (id and added_at are set here) and sends the work's
 * scans back to the first photo. KO_E_EXISTS when a view with the same sha256 is there, of
 * whatever work; KO_E_NOT_FOUND when there is no such work. */
KO_NODISCARD ko_status ko_view_add(ko_store *store, const ko_view *view, int64_t *out_id,
                                   ko_error *err);
/* The work that holds a view with these bytes; KO_E_NOT_FOUND, without a text, when none
 * does. */
KO_NODISCARD ko_status ko_work_by_sha256(ko_store *store, const uint8_t sha256[KO_SHA256_SIZE],
                                         int64_t *out_work_id, char out_serial[KO_SERIAL_SIZE],
                                         ko_error *err);
/* Finds by serial ("KO-000042", "ko-42" or "42"); else KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_work_find(ko_store *store, const char *serial, int64_t *out_id,
                                    ko_error *err);
/* clear_threshold goes back to the collection's threshold unless fields has a new one. */
KO_NODISCARD ko_status ko_work_set(ko_store *store, int64_t id, const ko_work_fields *fields,
                                   bool clear_threshold, ko_error *err);
/* Removes the work, its views, variants, matches and candidates. */
KO_NODISCARD ko_status ko_work_remove(ko_store *store, int64_t id, ko_error *err);
/* In order of serial; id 0 means all. No call when there is no such work. */
KO_NODISCARD ko_status ko_work_each(ko_store *store, int64_t id, ko_work_fn *fn, void *context,
                                    ko_error *err);
/* The same without the counts, which take the longer the more candidates a work has: they are 0,
 * and so is quality. */
KO_NODISCARD ko_status ko_work_brief_each(ko_store *store, int64_t id, ko_work_fn *fn,
                                          void *context, ko_error *err);
/* A number that is another one once works or views were added or removed, or a threshold was
 * changed: what all works are looked for by. */
KO_NODISCARD ko_status ko_work_mark(ko_store *store, uint64_t *out_mark, ko_error *err);
/* How many works there are. */
KO_NODISCARD ko_status ko_work_count(ko_store *store, int64_t *out_n, ko_error *err);
/* Gives a view another part; a view that was removed is passed over. */
KO_NODISCARD ko_status ko_view_set_part(ko_store *store, int64_t id, const void *part,
                                        size_t part_bytes, int robustness, ko_error *err);
/* Views of one work (0: of all works), in order of id, when asked with what they are looked
 * for by: variants and part. */
KO_NODISCARD ko_status ko_view_each(ko_store *store, int64_t work_id, bool with_variants,
                                    ko_view_fn *fn, void *context, ko_error *err);

/* Records that every photo up to photo_id was compared with these n works, keeping what
 * reached scores[i]. last_view_id is the highest view that was looked for: a work that
 * another process gave a newer one meanwhile, or removed, is passed over, so that the next
 * scan compares it from the first photo. */
KO_NODISCARD ko_status ko_work_compared(ko_store *store, const int64_t *work_ids,
                                        const double *scores, size_t n, int64_t photo_id,
                                        int64_t last_view_id, ko_error *err);

#endif
