/* A key and its certificate, made for a test. */
#ifndef KO_TESTS_PROOF_KEYS_H
#define KO_TESTS_PROOF_KEYS_H

#include "base/buf.h"
#include "base/clock.h"
#include "proof/signer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

typedef struct identity {
    EVP_PKEY *key;
    X509 *certificate;
} identity;

typedef struct identity_options {
    const char *name;
    const char *usage;   /* keyUsage as openssl.cnf has it; NULL: without */
    const char *purpose; /* extendedKeyUsage; NULL: without */
    bool ec;
    long from_s, until_s; /* of now */
} identity_options;

static inline void add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = value ? X509V3_EXT_conf_nid(NULL, NULL, nid, value) : NULL;
    assert_true(!value || extension);
    if (extension)
        assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static inline identity make_identity(const identity_options *options)
{
    identity id = {options->ec ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048), X509_new()};
    X509 *c = id.certificate;
    assert_true(id.key && c);
    assert_int_equal(X509_set_version(c, 2), 1);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 7);
    X509_gmtime_adj(X509_getm_notBefore(c), options->from_s);
    X509_gmtime_adj(X509_getm_notAfter(c), options->until_s);
    X509_NAME *name = X509_get_subject_name(c);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)options->name, -1,
                               -1, 0);
    X509_set_issuer_name(c, name);
    X509_set_pubkey(c, id.key);
    add_extension(c, NID_key_usage, options->usage);
    add_extension(c, NID_ext_key_usage, options->purpose);
    assert_true(X509_sign(c, id.key, EVP_sha256()) > 0);
    return id;
}

static inline void free_identity(identity *id)
{
    EVP_PKEY_free(id->key);
    X509_free(id->certificate);
}

/* As a PKCS #12 file. */
static inline ko_buf pack_identity(const identity *id, const char *passphrase)
{
    ko_buf out = KO_BUF(64 << 10);
    unsigned char *der = NULL;
    PKCS12 *store = PKCS12_create(passphrase, "key", id->key, id->certificate, NULL, 0, 0, 0, 0, 0);
    const int size = i2d_PKCS12(store, &der);
    assert_true(size > 0);
    assert_int_equal(ko_buf_append(&out, der, (size_t)size), KO_OK);
    OPENSSL_free(der);
    PKCS12_free(store);
    return out;
}

/* As somebody who signs now; ko_signer_close it. */
static inline ko_signer *signer_of(const identity_options *options)
{
    identity id = make_identity(options);
    ko_buf store = pack_identity(&id, "sesame");
    ko_signer *signer = NULL;
    ko_error err = {0};
    if (ko_signer_open(store.data, store.size, "sesame", ko_clock_now(), &signer, &err) != KO_OK)
        fail_msg("not opened: %s", err.text);
    ko_buf_free(&store);
    free_identity(&id);
    return signer;
}

#endif
