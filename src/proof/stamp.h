/* proof/stamp.h - trusted timestamps: an authority's word that some bytes existed at a moment
 * (RFC 3161). Only their digest leaves the machine. */
#ifndef KO_PROOF_STAMP_H
#define KO_PROOF_STAMP_H

#include "base/buf.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>

#define KO_STAMP_DIGEST 32 /* bytes of SHA-256 */

/* Appends a request in DER for what has this digest, with a nonce, asking for the certificates.
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_stamp_request(const uint8_t sha256[KO_STAMP_DIGEST], ko_buf *out_der,
                                        ko_error *err);

/* Whom to believe. */
typedef struct ko_stamp_trust {
    const char *ca_file; /* PEM; only authorities below these; NULL: the system's are known, and
                            others are let through and told apart */
    int64_t now;         /* seconds since 1970 */
} ko_stamp_trust;

/* What an answer says. Texts are clean UTF-8. */
typedef struct ko_stamp {
    char time[KO_TIME_SIZE]; /* "2026-11-22T03:50:00Z" */
    char *authority;         /* common name of who signed it, or else all of its subject */
    char *serial;            /* number of the timestamp, in hex */
    bool trusted;            /* the authority is below one that is known here */
} ko_stamp;

/* Reads an answer and verifies it against the request (both DER, borrowed): status, digest, nonce,
 * the signature, that its certificate was valid at that time and is for timestamps, and that the
 * time is not to come. KO_E_FORMAT: none of this, damaged, refused by the authority, or about
 * something else. KO_E_NOT_FOUND, KO_E_IO (trust->ca_file). KO_E_NOMEM.
 * Free out_stamp with ko_stamp_free. */
KO_NODISCARD ko_status ko_stamp_check(const ko_buf *request, const ko_buf *reply,
                                      const ko_stamp_trust *trust, ko_stamp *out_stamp,
                                      ko_error *err);
void ko_stamp_free(ko_stamp *stamp); /* zeroed ones are fine */

/* True when the request is about that digest. */
bool ko_stamp_is_about(const ko_buf *request, const uint8_t sha256[KO_STAMP_DIGEST]);

#endif
