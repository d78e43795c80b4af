#include "stamper.h"

#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S 86400L

struct stamper {
    EVP_PKEY *ca_key, *key;
    X509 *ca, *certificate, *expired;
};

/* --- certificates --- */

static int add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    const int ok = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return ok;
}

static X509 *certify(const stamper *s, const char *name, EVP_PKEY *key, long from_s, long until_s)
{
    X509 *c = X509_new();
    X509_NAME *subject = X509_get_subject_name(c);
    const int is_ca = key == s->ca_key;
    const int ok =
        X509_set_version(c, 2) && ASN1_INTEGER_set(X509_get_serialNumber(c), is_ca ? 1 : 2) &&
        X509_gmtime_adj(X509_getm_notBefore(c), from_s) &&
        X509_gmtime_adj(X509_getm_notAfter(c), until_s) &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                   -1, 0) &&
        X509_set_issuer_name(c, is_ca ? subject : X509_get_subject_name(s->ca)) &&
        X509_set_pubkey(c, key) &&
        add_extension(c, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "CA:FALSE") &&
        add_extension(c, NID_key_usage,
                      is_ca ? "critical,keyCertSign" : "critical,digitalSignature") &&
        (is_ca || add_extension(c, NID_ext_key_usage, "critical,timeStamping")) &&
        X509_sign(c, s->ca_key, EVP_sha256());
    if (ok)
        return c;
    X509_free(c);
    return NULL;
}

stamper *stamper_make(void)
{
    stamper *s = calloc(1, sizeof *s); /* not ours: this library stands alone */
    if (!s)
        return NULL;
    s->ca_key = EVP_EC_gen("P-256");
    s->key = EVP_RSA_gen(2048);
    if (s->ca_key && s->key)
        s->ca = certify(s, "Test Root", s->ca_key, -900 * DAY_S, 900 * DAY_S);
    if (s->ca) {
        s->certificate = certify(s, "Test Stamper", s->key, -DAY_S, 90 * DAY_S);
        s->expired = certify(s, "Test Stamper", s->key, -90 * DAY_S, -30 * DAY_S);
    }
    if (s->certificate && s->expired)
        return s;
    stamper_free(s);
    return NULL;
}

int stamper_write_ca(const stamper *s, const char *path)
{
    FILE *file = fopen(path, "wb");
    const int ok = file && PEM_write_X509(file, s->ca);
    return file && fclose(file) == 0 && ok;
}

void stamper_free(stamper *s)
{
    if (!s)
        return;
    EVP_PKEY_free(s->ca_key);
    EVP_PKEY_free(s->key);
    X509_free(s->ca);
    X509_free(s->certificate);
    X509_free(s->expired);
    free(s); /* not ours: see above */
}

/* --- answers --- */

static ASN1_INTEGER *number_of_stamp(TS_RESP_CTX *context, void *data)
{
    (void)context;
    (void)data;
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    ASN1_INTEGER_set(number, 0x2A);
    return number;
}

static int time_of_stamp(TS_RESP_CTX *context, void *data, long *seconds, long *microseconds)
{
    (void)context;
    *seconds = (long)time(NULL) + *(const long *)data;
    *microseconds = 0;
    return 1;
}

static void change_nonce(TS_REQ *request)
{
    ASN1_INTEGER *nonce = number_of_stamp(NULL, NULL);
    TS_REQ_set_nonce(request, nonce); /* copies it */
    ASN1_INTEGER_free(nonce);
}

/* The request that a liar makes of one. */
static unsigned char *twist(stamper_mood mood, const void *request, size_t size, int *out_size)
{
    const unsigned char *at = request;
    unsigned char *der = NULL, other[32];
    memset(other, 7, sizeof other);
    TS_REQ *parsed = d2i_TS_REQ(NULL, &at, (long)size);
    if (parsed && mood == STAMPER_OTHER)
        TS_MSG_IMPRINT_set_msg(TS_REQ_get_msg_imprint(parsed), other, sizeof other);
    if (parsed && mood == STAMPER_REPLAYS)
        change_nonce(parsed);
    *out_size = parsed ? i2d_TS_REQ(parsed, &der) : 0;
    TS_REQ_free(parsed);
    return der;
}

static TS_RESP_CTX *open_context(const stamper *s, stamper_mood mood, long *ahead_s)
{
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
    *ahead_s = mood == STAMPER_FUTURE ? 2 * DAY_S : 0;
    TS_RESP_CTX_set_signer_cert(context, mood == STAMPER_EXPIRED ? s->expired : s->certificate);
    TS_RESP_CTX_set_signer_key(context, s->key);
    TS_RESP_CTX_set_signer_digest(context, EVP_sha256());
    TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256());
    TS_RESP_CTX_set_def_policy(context, policy);
    TS_RESP_CTX_add_md(context, mood == STAMPER_REFUSES ? EVP_sha512() : EVP_sha256());
    TS_RESP_CTX_set_serial_cb(context, number_of_stamp, NULL);
    TS_RESP_CTX_set_time_cb(context, time_of_stamp, ahead_s);
    ASN1_OBJECT_free(policy);
    return context;
}

unsigned char *stamper_answer(const stamper *s, stamper_mood mood, const void *request, size_t size,
                              size_t *out_size)
{
    long ahead_s;
    int twisted_size = 0;
    unsigned char *der = NULL, *twisted = twist(mood, request, size, &twisted_size);
    if (!twisted)
        return NULL;
    BIO *in = BIO_new_mem_buf(twisted, twisted_size);
    TS_RESP_CTX *context = open_context(s, mood, &ahead_s);
    TS_RESP *answer = TS_RESP_create_response(context, in);
    const int length = answer ? i2d_TS_RESP(answer, &der) : 0;
    if (mood == STAMPER_FORGES && length > 0)
        der[length - 20] ^= 1; /* the signature is what comes last */
    *out_size = length > 0 ? (size_t)length : 0;
    TS_RESP_free(answer);
    TS_RESP_CTX_free(context);
    BIO_free(in);
    OPENSSL_free(twisted);
    return der;
}
