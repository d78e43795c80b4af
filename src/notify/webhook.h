/* notify/webhook.h - a digest as JSON, posted to an address of the user's.
 *
 * X-Knockoff-Digest is the digest's uid: one that comes a second time is the same. With a secret,
 * X-Knockoff-Signature is "t=SECONDS,v1=HEX": the moment of sending and the HMAC (RFC 2104) with
 * SHA-256 of "SECONDS.BODY" under the secret, so that a receiver knows who sent it, and when. */
#ifndef KO_NOTIFY_WEBHOOK_H
#define KO_NOTIFY_WEBHOOK_H

#include "notify/sending.h"

/* Sent is what is answered by 2xx. Redirects are not followed. 408, 425, 429, 5xx and silence mean
 * later, all else is for good. */
ko_send_fn ko_webhook_send;

#define KO_SIGNATURE_SIZE 96

/* "t=...,v1=..." of a body sent at that moment. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_webhook_sign(const char *secret, int64_t at, const char *body,
                                       char out_signature[KO_SIGNATURE_SIZE]);

#endif
