/* store/outbox.h - digests of news, where each is delivered to, and what was told by them.
 *
 * A digest is kept together with what it tells and with its deliveries, in one transaction, before
 * anything is sent. So nothing is told by two digests, and a delivery that was under way when the
 * process was killed is done again: at least once, with the same uid, by which mail programs and
 * receivers of webhooks know it again. */
#ifndef KO_STORE_OUTBOX_H
#define KO_STORE_OUTBOX_H

#include "base/texts.h"
#include "store/store.h"

/* --- what was told --- */

#define KO_TOLD_VALUE_SIZE 32

/* What was last told of a thing: the key names it, the value is what it was then. */
typedef struct ko_told {
    const char *key;
    char value[KO_TOLD_VALUE_SIZE]; /* shorter than that; "" is one as well */
    int64_t at;                     /* seconds since 1970 */
} ko_told;

/* Fills in value and at of out_told; false in *out_found and at 0, "" when nothing was told. key is
 * not copied. */
KO_NODISCARD ko_status ko_told_find(ko_store *store, const char *key, ko_told *out_told,
                                    bool *out_found, ko_error *err);
/* Notes something that is known without having been told. */
KO_NODISCARD ko_status ko_told_note(ko_store *store, const ko_told *told, ko_error *err);

/* --- digests --- */

#define KO_UID_SIZE 37 /* a UUID as text (RFC 9562) and a zero */

typedef struct ko_digest {
    int64_t id;
    const char *uid;
    int64_t made_at; /* seconds since 1970 */
    const char *subject, *body, *json;
} ko_digest;

/* What is kept with a digest. */
typedef struct ko_digest_told {
    int64_t after; /* number of the last digest when its news were looked for; 0: there was none */
    const ko_told *facts;
    size_t n_facts;
    const int64_t *candidates;
    size_t n_candidates;
    const char *const *channels; /* that it is delivered to */
    size_t n_channels;
} ko_digest_told;

/* Keeps it all in one transaction; digest->id is not looked at. KO_E_EXISTS: somebody else has kept
 * one since then, which may tell the same; nothing is kept. */
KO_NODISCARD ko_status ko_digest_keep(ko_store *store, const ko_digest *digest,
                                      const ko_digest_told *told, int64_t *out_id, ko_error *err);

/* The digest's texts are copied into texts. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_digest_find(ko_store *store, int64_t id, ko_texts *texts,
                                      ko_digest *out_digest, ko_error *err);

typedef ko_status ko_digest_fn(void *context, const ko_digest *digest);
/* The last ones, newest first, at most limit. */
KO_NODISCARD ko_status ko_digest_each(ko_store *store, size_t limit, ko_digest_fn *fn,
                                      void *context, ko_error *err);

/* --- deliveries --- */

/* Kept in files by these numbers. */
typedef enum ko_delivery_state {
    KO_DELIVERY_WAITS = 0,
    KO_DELIVERY_SENT,
    KO_DELIVERY_GIVEN_UP
} ko_delivery_state;

typedef struct ko_delivery {
    int64_t digest_id;
    const char *channel;
    ko_delivery_state state;
    int tries;
    int64_t next_at;    /* not before, seconds since 1970; 0: at once */
    const char *reason; /* why it did not arrive when it was last tried; "" */
    int64_t sent_at;    /* 0: not yet */
} ko_delivery;

typedef ko_status ko_delivery_fn(void *context, const ko_delivery *delivery);
/* Those that wait, in order of digest and channel, whenever their next try is. */
KO_NODISCARD ko_status ko_delivery_each_waiting(ko_store *store, ko_delivery_fn *fn, void *context,
                                                ko_error *err);
/* The last one of a channel. No call when there is none. */
KO_NODISCARD ko_status ko_delivery_last(ko_store *store, const char *channel, ko_delivery_fn *fn,
                                        void *context, ko_error *err);
/* Takes on a delivery that waits: until then nobody else tries it. *out_taken is false when it is
 * otherwise than *delivery says, as somebody else did. */
KO_NODISCARD ko_status ko_delivery_take(ko_store *store, const ko_delivery *delivery, int64_t until,
                                        bool *out_taken, ko_error *err);
/* Writes state, tries, next_at, reason and sent_at. */
KO_NODISCARD ko_status ko_delivery_update(ko_store *store, const ko_delivery *delivery,
                                          ko_error *err);
/* What waits, and what was given up of digests made since then, is to be tried at once, as if it
 * never was: the user mended something. */
KO_NODISCARD ko_status ko_deliveries_renew(ko_store *store, int64_t since, ko_error *err);

typedef struct ko_delivery_counts {
    size_t waiting;
    int64_t next_at; /* the earliest next try; 0: none waits */
} ko_delivery_counts;
KO_NODISCARD ko_status ko_delivery_count(ko_store *store, ko_delivery_counts *out_counts,
                                         ko_error *err);

#endif
