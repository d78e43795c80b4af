/* store/allow.h - sellers and shops that may sell the works.
 *
 * What an allowed seller offers is not asked about: undecided candidates of such listings are
 * set aside (KO_CANDIDATE_ALLOWED), whenever they came, and are back when the entry is removed. */
#ifndef KO_STORE_ALLOW_H
#define KO_STORE_ALLOW_H

#include "listing/listing.h"
#include "store/seller.h"

/* A listing is allowed when it has all that is stated, which is what is not "". A seller of a
 * marketplace is stated by platform with id or name, one of another shop by its host with these,
 * a whole shop by its host alone. */
typedef struct ko_allow {
    int64_t id;
    const char *platform;
    char host[KO_SELLER_PLACE_SIZE]; /* as in canonical URLs, with a port that is not the usual */
    const char *seller_id, *seller;
    int64_t at;      /* added, seconds since 1970 */
    const char *who; /* added it */
} ko_allow;

/* What states the seller of a settled listing, or with shop the whole site; texts are borrowed
 * from it. KO_E_USAGE when the listing does not tell, or the site has many sellers. */
KO_NODISCARD ko_status ko_allow_of(const ko_listing *record, bool shop, ko_allow *out,
                                   ko_error *err);

/* "PinPalace88 on etsy", "shop.example". */
#define KO_ALLOW_WORDS_SIZE 512
void ko_allow_words(const ko_allow *allow, char out_words[KO_ALLOW_WORDS_SIZE]);

/* Adds an entry by an act (store/decision.h), in its transaction; *out_id is 0 when there is such
 * a one already. */
KO_NODISCARD ko_status ko_allow_add(ko_store *store, int64_t act_id, const ko_allow *allow,
                                    int64_t *out_id, ko_error *err);
/* Takes it out of force by an act. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_allow_remove(ko_store *store, int64_t act_id, int64_t id, ko_error *err);

typedef ko_status ko_allow_fn(void *context, const ko_allow *allow);
/* Those in force in order of id; id 0 means all. */
KO_NODISCARD ko_status ko_allow_each(ko_store *store, int64_t id, ko_allow_fn *fn, void *context,
                                     ko_error *err);

/* How often a person decided each way about listings of the same seller, as KO_CANDIDATE_OPEN to
 * KO_CANDIDATE_LICENSED; all 0 when the listing does not tell its seller. */
#define KO_ALLOW_STATES 5
KO_NODISCARD ko_status ko_seller_history(ko_store *store, const ko_listing *record,
                                         size_t out_decided[KO_ALLOW_STATES], ko_error *err);

#endif
