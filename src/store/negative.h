/* store/negative.h - pictures that never count: a blank shirt, a size chart, a shop's banner.
 *
 * A photo is such a picture when it has its bytes, or lies within KO_NEGATIVE_BITS of its
 * fingerprint; of plain pictures (under KO_FP_QUALITY_MIN) only the bytes count. An undecided
 * candidate that rests on such photos alone is set aside (KO_CANDIDATE_NEGATIVE), whenever it
 * came, and is back when the picture is removed here. */
#ifndef KO_STORE_NEGATIVE_H
#define KO_STORE_NEGATIVE_H

#include "store/seen.h"

/* At 31 of 256 bits PDQ's authors call two pictures the same. */
#define KO_NEGATIVE_BITS 31

typedef struct ko_negative {
    int64_t id;
    int64_t photo_id; /* the one that was shown when it was added */
    const char *path; /* that photo's */
    uint8_t sha256[KO_SHA256_SIZE];
    size_t n_photos; /* that are this picture, itself among them */
    int64_t at;      /* added, seconds since 1970 */
    const char *who; /* added it */
} ko_negative;

/* Adds a photo that was read, by an act (store/decision.h) in its transaction, and finds all
 * photos that are the same picture; *out_id is 0 when it is one of these already. */
KO_NODISCARD ko_status ko_negative_add(ko_store *store, int64_t act_id, const ko_photo *photo,
                                       int64_t *out_id, ko_error *err);
/* Takes it out of force by an act. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_negative_remove(ko_store *store, int64_t act_id, int64_t id,
                                          ko_error *err);

/* Tells whether a photo that was just read is one of them; for ko_photo_update. */
KO_NODISCARD ko_status ko_negative_look(ko_store *store, const ko_photo *photo, ko_error *err);

typedef ko_status ko_negative_fn(void *context, const ko_negative *negative);
/* Those in force in order of id; id 0 means all. */
KO_NODISCARD ko_status ko_negative_each(ko_store *store, int64_t id, ko_negative_fn *fn,
                                        void *context, ko_error *err);

#endif
