/* tests/server/authority.h - an authority of certificates that lives as long as a test. */
#ifndef KO_TESTS_SERVER_AUTHORITY_H
#define KO_TESTS_SERVER_AUTHORITY_H

#include <openssl/ssl.h>

typedef struct test_authority test_authority;

/* Makes the authority's key and certificate, and a PEM file of the latter in the folder for
 * temporary files. NULL when that cannot be done. */
test_authority *test_authority_make(void);
const char *test_authority_file(const test_authority *authority);

/* For servers: shows 127.0.0.1, ::1, localhost and any name below localhost that it is asked
 * for a certificate of this authority. Free it with SSL_CTX_free, before the authority. NULL
 * when there is no memory. */
SSL_CTX *test_authority_context(test_authority *authority);

/* Takes the file away, too. NULL is fine. */
void test_authority_free(test_authority *authority);

#endif
