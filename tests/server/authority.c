#include "authority.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_S 86400L
#define X509_VERSION_THREE 2 /* counted from 0, RFC 5280 section 4.1.2.1 */

struct test_authority {
    EVP_PKEY *key;
    X509 *certificate;
    EVP_PKEY *server_key;
    char file[4096];
};

static bool extend(X509 *certificate, X509 *issuer, int what, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, what, value);
    const bool done = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return done;
}

/* A certificate of the key for two days around now, without extensions and not signed. */
static X509 *begin(EVP_PKEY *key, const char *name)
{
    X509 *certificate = X509_new();
    uint64_t serial = 0;
    if (!certificate || !RAND_bytes((unsigned char *)&serial, sizeof serial))
        goto failed;
    X509_NAME *subject = X509_get_subject_name(certificate);
    if (X509_set_version(certificate, X509_VERSION_THREE) &&
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) &&
        X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_S) &&
        X509_gmtime_adj(X509_getm_notAfter(certificate), DAY_S) &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                   -1, 0) &&
        X509_set_pubkey(certificate, key))
        return certificate;
failed:
    X509_free(certificate);
    return NULL;
}

static X509 *own_certificate(EVP_PKEY *key)
{
    X509 *own = begin(key, "authority of a test");
    if (own && X509_set_issuer_name(own, X509_get_subject_name(own)) &&
        extend(own, own, NID_basic_constraints, "critical,CA:TRUE") &&
        extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        extend(own, own, NID_subject_key_identifier, "hash") && X509_sign(own, key, EVP_sha256()))
        return own;
    X509_free(own);
    return NULL;
}

static X509 *server_certificate(const test_authority *authority, const char *names)
{
    X509 *issuer = authority->certificate;
    X509 *made = begin(authority->server_key, "server of a test");
    if (made && X509_set_issuer_name(made, X509_get_subject_name(issuer)) &&
        extend(made, issuer, NID_subject_alt_name, names) &&
        extend(made, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
        extend(made, issuer, NID_ext_key_usage, "serverAuth") &&
        extend(made, issuer, NID_authority_key_identifier, "keyid") &&
        X509_sign(made, authority->key, EVP_sha256()))
        return made;
    X509_free(made);
    return NULL;
}

/* Only names that cannot say anything else in the language of X509V3_EXT_conf_nid. */
static bool below_localhost(const char *name)
{
    static const char end[] = ".localhost";
    const size_t n = strlen(name);
    return n >= sizeof end && strcmp(name + n - (sizeof end - 1), end) == 0 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == n;
}

/* Each connection gets a certificate made for it: clients take no wildcard before a name without
 * a dot, so *.localhost would be trusted by none. */
static int choose_certificate(SSL *ssl, void *context)
{
    const test_authority *authority = context;
    const char *asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    char names[512];
    const bool own_name = asked && below_localhost(asked);
    (void)snprintf(names, sizeof names, "DNS:localhost,IP:127.0.0.1,IP:::1%s%s",
                   own_name ? ",DNS:" : "", own_name ? asked : "");
    X509 *certificate = server_certificate(authority, names);
    const int chosen = certificate && SSL_use_certificate(ssl, certificate) &&
                       SSL_use_PrivateKey(ssl, authority->server_key);
    X509_free(certificate);
    return chosen;
}

static bool write_file(test_authority *authority)
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(authority->file, sizeof authority->file, "%s/authority.XXXXXX",
                   folder ? folder : "/tmp");
    const int fd = mkstemp(authority->file);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!f) {
        authority->file[0] = '\0';
        return false;
    }
    const bool written = PEM_write_X509(f, authority->certificate);
    return fclose(f) == 0 && written;
}

test_authority *test_authority_make(void)
{
    test_authority *authority = calloc(1, sizeof *authority);
    if (!authority)
        return NULL;
    authority->key = EVP_EC_gen("P-256");
    authority->server_key = EVP_EC_gen("P-256");
    if (authority->key && authority->server_key)
        authority->certificate = own_certificate(authority->key);
    if (authority->certificate && write_file(authority))
        return authority;
    test_authority_free(authority);
    return NULL;
}

const char *test_authority_file(const test_authority *authority)
{
    return authority->file;
}

SSL_CTX *test_authority_context(test_authority *authority)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context)
        SSL_CTX_set_cert_cb(context, choose_certificate, authority);
    return context;
}

void test_authority_free(test_authority *authority)
{
    if (!authority)
        return;
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    EVP_PKEY_free(authority->server_key);
    if (authority->file[0])
        (void)unlink(authority->file);
    free(authority);
}
