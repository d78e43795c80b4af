/* proof/certificate.h - whose a certificate is. */
#ifndef KO_PROOF_CERTIFICATE_H
#define KO_PROOF_CERTIFICATE_H

#include <openssl/x509.h>

/* The common name of its subject, or else all of the subject, as clean UTF-8 to be freed with
 * ko_free; NULL when there is no memory. */
char *ko_certificate_name(const X509 *certificate);

#endif
