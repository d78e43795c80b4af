#include "proof/signer.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "proof/certificate.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct ko_signer {
    EVP_PKEY *key;
    X509 *certificate;
    STACK_OF(X509) * all; /* that one first, and those that came with it, each once */
    char *name;
};

/* --- the key --- */

/* What OpenSSL says of its last error; the queue is empty then. */
static ko_status fail_openssl(ko_error *err, ko_status status, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return ko_fail(err, status, "%s: %s", what, reason ? reason : "OpenSSL does not say why");
}

/* No passphrase and an empty one are not the same to PKCS #12, but to people they are. */
static bool opens(PKCS12 *store, const char *passphrase)
{
    return PKCS12_verify_mac(store, passphrase, -1) ||
           (!*passphrase && PKCS12_verify_mac(store, NULL, 0));
}

/* Tools put a certificate into a file twice, and CMS takes none a second time. */
static bool keep_certificates(ko_signer *signer, STACK_OF(X509) * came)
{
    signer->all = sk_X509_new_null();
    return signer->all && X509_add_cert(signer->all, signer->certificate, X509_ADD_FLAG_UP_REF) &&
           (!came ||
            X509_add_certs(signer->all, came, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP));
}

static ko_status read_store(const void *pkcs12, size_t size, const char *passphrase,
                            ko_signer *signer, ko_error *err)
{
    const unsigned char *at = pkcs12;
    PKCS12 *store = size <= LONG_MAX ? d2i_PKCS12(NULL, &at, (long)size) : NULL;
    STACK_OF(X509) *came = NULL;
    ko_status st = KO_OK;
    if (!store)
        st = ko_fail(err, KO_E_FORMAT, "not a key in PKCS #12");
    else if (!opens(store, passphrase))
        st = ko_fail(err, KO_E_FORMAT, "wrong passphrase");
    else if (!PKCS12_parse(store, passphrase, &signer->key, &signer->certificate, &came))
        st =
            fail_openssl(err, KO_E_UNSUPPORTED, "export the key again; OpenSSL no longer reads it");
    else if (!signer->key || !signer->certificate)
        st = ko_fail(err, KO_E_FORMAT, "no %s in it",
                     signer->key ? "certificate of its key" : "private key");
    else if (!keep_certificates(signer, came))
        st = ko_fail(err, KO_E_NOMEM, "certificates");
    sk_X509_pop_free(came, X509_free);
    PKCS12_free(store);
    ERR_clear_error();
    return st;
}

/* As ko_clock_text; empty when it is none. */
static void time_text(const ASN1_TIME *time, char out[KO_TIME_SIZE])
{
    struct tm tm = {0};
    out[0] = '\0';
    if (ASN1_TIME_to_tm(time, &tm))
        (void)strftime(out, KO_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static ko_status check_certificate(const ko_signer *signer, int64_t at, ko_error *err)
{
    const X509 *c = signer->certificate;
    char text[KO_TIME_SIZE];
    time_t now = (time_t)at;
    const int kind = EVP_PKEY_get_base_id(signer->key);
    if (X509_cmp_time(X509_get0_notAfter(c), &now) <= 0) {
        time_text(X509_get0_notAfter(c), text);
        return ko_fail(err, KO_E_FORMAT, "certificate of %s expired %s", signer->name, text);
    }
    if (X509_cmp_time(X509_get0_notBefore(c), &now) > 0) {
        time_text(X509_get0_notBefore(c), text);
        return ko_fail(err, KO_E_FORMAT, "certificate of %s is valid from %s", signer->name, text);
    }
    /* without the extension every use is allowed (RFC 5280, section 4.2.1.3) */
    if (!(X509_get_key_usage(signer->certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
        return ko_fail(err, KO_E_UNSUPPORTED, "certificate of %s is not for signing", signer->name);
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC)
        return ko_fail(err, KO_E_UNSUPPORTED, "a key of kind %s: RSA and EC are signed with",
                       EVP_PKEY_get0_type_name(signer->key));
    return KO_OK;
}

ko_status ko_signer_open(const void *pkcs12, size_t size, const char *passphrase, int64_t at,
                         ko_signer **out_signer, ko_error *err)
{
    ko_signer *signer = ko_alloc_zero(1, sizeof *signer);
    if (!signer)
        return ko_fail(err, KO_E_NOMEM, "signer");
    ko_status st = read_store(pkcs12, size, passphrase, signer, err);
    if (st == KO_OK) {
        signer->name = ko_certificate_name(signer->certificate);
        if (!signer->name)
            st = ko_fail(err, KO_E_NOMEM, "name of the signer");
    }
    if (st == KO_OK)
        st = check_certificate(signer, at, err);
    if (st == KO_OK) {
        *out_signer = signer;
        signer = NULL;
    }
    ko_signer_close(signer);
    return st;
}

void ko_signer_close(ko_signer *signer)
{
    if (!signer)
        return;
    EVP_PKEY_free(signer->key);
    X509_free(signer->certificate);
    sk_X509_pop_free(signer->all, X509_free);
    ko_free(signer->name);
    ko_free(signer);
}

const char *ko_signer_name(const ko_signer *signer)
{
    return signer->name;
}

/* --- the signature --- */

/* One attribute in DER. */
typedef struct encoded {
    unsigned char *bytes;
    int size;
} encoded;

/* The order of a SET OF in DER (ITU-T X.690, section 11.6). */
static int by_bytes(const void *a, const void *b)
{
    const encoded *x = a, *y = b;
    const int least = x->size < y->size ? x->size : y->size;
    const int order = memcmp(x->bytes, y->bytes, (size_t)least);
    return order ? order : x->size - y->size;
}

#define ATTRIBUTES_MAX 8

/* What is signed: all signed attributes as a SET OF (RFC 5652, section 5.4). */
static bool encode_attributes(const CMS_SignerInfo *info, ko_buf *out)
{
    encoded attributes[ATTRIBUTES_MAX] = {{0}};
    const int n = CMS_signed_get_attr_count(info);
    bool ok = n > 0 && n <= ATTRIBUTES_MAX;
    int size = 0;
    for (int i = 0; ok && i < n; i++) {
        attributes[i].size = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(info, i), &attributes[i].bytes);
        ok = attributes[i].size > 0;
        size += attributes[i].size;
    }
    if (ok) {
        qsort(attributes, (size_t)n, sizeof *attributes, by_bytes);
        unsigned char head[16], *end = head;
        ASN1_put_object(&end, 1, size, V_ASN1_SET, V_ASN1_UNIVERSAL);
        ok = ko_buf_append(out, head, (size_t)(end - head)) == KO_OK;
    }
    for (int i = 0; i < n && i < ATTRIBUTES_MAX; i++) {
        ok = ok && ko_buf_append(out, attributes[i].bytes, (size_t)attributes[i].size) == KO_OK;
        OPENSSL_free(attributes[i].bytes);
    }
    return ok;
}

/* OpenSSL always signs a signing time, which a PDF must not have there: it is taken out, and what
 * is left is signed again. */
static bool sign_without_time(const ko_signer *signer, CMS_SignerInfo *info)
{
    ko_buf attributes = KO_BUF(64 << 10);
    unsigned char *signature = NULL;
    size_t size = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const int time = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
    if (time >= 0)
        X509_ATTRIBUTE_free(CMS_signed_delete_attr(info, time));
    bool ok = context && encode_attributes(info, &attributes) &&
              EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signer->key) == 1;
    const unsigned char *bytes = (const unsigned char *)attributes.data;
    ok = ok && EVP_DigestSign(context, NULL, &size, bytes, attributes.size) == 1;
    signature = ok ? ko_alloc(size) : NULL;
    ok = signature && EVP_DigestSign(context, signature, &size, bytes, attributes.size) == 1 &&
         ASN1_STRING_set(CMS_SignerInfo_get0_signature(info), signature, (int)size);
    ko_free(signature);
    EVP_MD_CTX_free(context);
    ko_buf_free(&attributes);
    return ok;
}

static CMS_ContentInfo *make_cms(const ko_signer *signer, BIO *data)
{
    const unsigned flags =
        CMS_DETACHED | CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES | CMS_NOCERTS;
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, signer->all, NULL, flags);
    CMS_SignerInfo *info =
        cms ? CMS_add1_signer(cms, signer->certificate, signer->key, EVP_sha256(), flags) : NULL;
    if (info && CMS_final(cms, data, NULL, flags) && sign_without_time(signer, info))
        return cms;
    CMS_ContentInfo_free(cms);
    return NULL;
}

ko_status ko_signer_sign(const ko_signer *signer, const void *bytes, size_t size, ko_buf *out_der,
                         ko_error *err)
{
    if (size > INT_MAX)
        return ko_fail(err, KO_E_LIMIT, "%zu bytes to sign, limit %d", size, INT_MAX);
    ko_status st = KO_OK;
    unsigned char *der = NULL;
    BIO *data = BIO_new_mem_buf(bytes, (int)size);
    CMS_ContentInfo *cms = data ? make_cms(signer, data) : NULL;
    const int length = cms ? i2d_CMS_ContentInfo(cms, &der) : 0;
    if (length <= 0)
        st = fail_openssl(err, KO_E_UNSUPPORTED, "signature");
    else if (ko_buf_append(out_der, der, (size_t)length) != KO_OK)
        st = ko_fail(err, KO_E_NOMEM, "signature of %d bytes", length);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(data);
    return st;
}
