/* proof/signer.h - somebody who signs: a private key, its certificate and those above it. */
#ifndef KO_PROOF_SIGNER_H
#define KO_PROOF_SIGNER_H

#include "base/buf.h"

#include <stdint.h>

typedef struct ko_signer ko_signer;

/* Opens a PKCS #12 file (RFC 7292) held in memory. at: now, in seconds since 1970; the
 * certificate must be valid then. The caller closes *out_signer.
 * KO_E_FORMAT: no PKCS #12, a wrong passphrase, without a key, expired or not valid yet.
 * KO_E_UNSUPPORTED: a certificate that is not for signing, a kind of key other than RSA and
 * elliptic curves, or a file encrypted in a way that OpenSSL no longer reads. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_signer_open(const void *pkcs12, size_t size, const char *passphrase,
                                      int64_t at, ko_signer **out_signer, ko_error *err);
void ko_signer_close(ko_signer *signer); /* NULL is fine */

/* The common name of the certificate, or else all of its subject; clean UTF-8, owned by it. */
const char *ko_signer_name(const ko_signer *signer);

/* Appends a detached CMS signature (RFC 5652) of the bytes, in DER, as a signature of PAdES
 * baseline B-B holds it (ETSI EN 319 142-1, section 6): SHA-256, with the certificates, the
 * attributes content-type, message-digest and signing-certificate-v2 (RFC 5035), and no signing
 * time, which the PDF states. KO_E_NOMEM, also when out reaches its maximum; KO_E_UNSUPPORTED. */
KO_NODISCARD ko_status ko_signer_sign(const ko_signer *signer, const void *bytes, size_t size,
                                      ko_buf *out_der, ko_error *err);

#endif
