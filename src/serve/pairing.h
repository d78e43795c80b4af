/* serve/pairing.h - browsers whose clipping helper may send what their user looks at.
 *
 * Pairing gives out a token once, of which only the SHA-256 is kept, in a setting of the database.
 * A token opens what is for helpers (KO_ASKER_HELPER) and nothing else, until it is revoked. Tokens
 * are 256 random bits, so nobody is to be kept out by guesses of others: a wrong one is counted,
 * and from so many a minute on told so, but the right one is always let in. Any thread may call. */
#ifndef KO_SERVE_PAIRING_H
#define KO_SERVE_PAIRING_H

#include "base/limits.h"
#include "serve/gate.h"
#include "store/store.h"

#include <jansson.h>

typedef struct ko_pairings ko_pairings;

typedef struct ko_pairing {
    int64_t id;                         /* from 1 on, never used again */
    char name[KO_MAX_PAIRING_NAME + 1]; /* that the user gave the browser */
    uint8_t sha256[KO_SHA256_SIZE];     /* of the token */
    int64_t made_at, used_at;           /* seconds since 1970; used_at 0: never */
} ko_pairing;

/* Reads those that there are. Close with ko_pairings_close. KO_E_DAMAGED. */
KO_NODISCARD ko_status ko_pairings_open(ko_store *store, ko_pairings **out_pairings, ko_error *err);
void ko_pairings_close(ko_pairings *pairings); /* NULL is fine */

/* What a token is. */
typedef enum ko_paired {
    KO_PAIRED,          /* *out_id is set */
    KO_PAIRED_NOT,      /* it is of no pairing that is in force */
    KO_PAIRED_TOO_OFTEN /* the same, and there were many of that this minute */
} ko_paired;

/* Takes the same time whichever it is, for tokens of one length. now_ms: of ko_clock_ms. */
ko_paired ko_pairings_check(ko_pairings *pairings, const char *token, int64_t now_ms,
                            int64_t *out_id);

/* Adds one; the token is told this once. KO_E_FORMAT: name is no line of 1 to KO_MAX_PAIRING_NAME
 * bytes. KO_E_LIMIT: KO_MAX_PAIRINGS are there. */
KO_NODISCARD ko_status ko_pairings_add(ko_pairings *pairings, ko_store *store, const char *name,
                                       ko_pairing *out_pairing, char out_token[KO_SECRET_SIZE],
                                       ko_error *err);
/* From now on its token is wrong. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_pairings_revoke(ko_pairings *pairings, ko_store *store, int64_t id,
                                          ko_error *err);
/* Writes down that it was used now, within the caller's transaction or one of its own, and hands
 * out what is known of it. KO_E_NOT_FOUND: it was revoked meanwhile, by whatever process. */
KO_NODISCARD ko_status ko_pairings_use(ko_pairings *pairings, ko_store *store, int64_t id,
                                       ko_pairing *out_pairing, ko_error *err);

/* {"pairings": [{"pairing": id, "name", "made_at", "used_at": or null}], "wrong": tokens since the
 * server was started}; NULL when there is no memory. */
json_t *ko_pairings_json(ko_pairings *pairings);

#endif
