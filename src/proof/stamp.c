#include "proof/stamp.h"

#include "base/alloc.h"
#include "base/text.h"
#include "proof/certificate.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NONCE_BYTES 8
#define AHEAD_S 300 /* that the clock of an authority may be before ours */

/* --- the request --- */

static bool set_imprint(TS_REQ *request, const uint8_t sha256[KO_STAMP_DIGEST])
{
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    uint8_t digest[KO_STAMP_DIGEST];
    memcpy(digest, sha256, sizeof digest);
    const bool ok = imprint && algorithm &&
                    X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) &&
                    TS_MSG_IMPRINT_set_algo(imprint, algorithm) &&
                    TS_MSG_IMPRINT_set_msg(imprint, digest, KO_STAMP_DIGEST) &&
                    TS_REQ_set_msg_imprint(request, imprint);
    X509_ALGOR_free(algorithm); /* copies were taken */
    TS_MSG_IMPRINT_free(imprint);
    return ok;
}

static bool set_nonce(TS_REQ *request)
{
    unsigned char bytes[NONCE_BYTES];
    BIGNUM *number =
        RAND_bytes(bytes, NONCE_BYTES) == 1 ? BN_bin2bn(bytes, NONCE_BYTES, NULL) : NULL;
    ASN1_INTEGER *nonce = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    const bool ok = nonce && TS_REQ_set_nonce(request, nonce);
    ASN1_INTEGER_free(nonce);
    BN_free(number);
    return ok;
}

ko_status ko_stamp_request(const uint8_t sha256[KO_STAMP_DIGEST], ko_buf *out_der, ko_error *err)
{
    TS_REQ *request = TS_REQ_new();
    unsigned char *der = NULL;
    int size = 0;
    if (request && TS_REQ_set_version(request, 1) && set_imprint(request, sha256) &&
        set_nonce(request) && TS_REQ_set_cert_req(request, 1))
        size = i2d_TS_REQ(request, &der);
    const ko_status st = size > 0 ? ko_buf_append(out_der, der, (size_t)size) : KO_E_NOMEM;
    OPENSSL_free(der);
    TS_REQ_free(request);
    ERR_clear_error();
    return st == KO_OK ? st : ko_fail(err, KO_E_NOMEM, "request for a timestamp");
}

static TS_REQ *parse_request(const ko_buf *der)
{
    const unsigned char *at = (const unsigned char *)der->data;
    TS_REQ *request = der->size <= LONG_MAX ? d2i_TS_REQ(NULL, &at, (long)der->size) : NULL;
    ERR_clear_error();
    return request;
}

static bool has_digest(TS_MSG_IMPRINT *imprint, const uint8_t sha256[KO_STAMP_DIGEST])
{
    const ASN1_OCTET_STRING *digest = TS_MSG_IMPRINT_get_msg(imprint);
    return OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm) == NID_sha256 &&
           ASN1_STRING_length(digest) == KO_STAMP_DIGEST &&
           memcmp(ASN1_STRING_get0_data(digest), sha256, KO_STAMP_DIGEST) == 0;
}

bool ko_stamp_is_about(const ko_buf *request, const uint8_t sha256[KO_STAMP_DIGEST])
{
    TS_REQ *parsed = parse_request(request);
    const bool about = parsed && has_digest(TS_REQ_get_msg_imprint(parsed), sha256);
    TS_REQ_free(parsed);
    return about;
}

/* --- the answer --- */

typedef struct checking {
    TS_REQ *request;
    TS_RESP *reply;
    TS_TST_INFO *info; /* of the reply */
    int64_t at;        /* that the reply says */
    X509 *signer;
    const ko_stamp_trust *trust;
    ko_error *err;
} checking;

static ko_status fail_openssl(ko_error *err, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return ko_fail(err, KO_E_FORMAT, "%s: %s", what, reason ? reason : "unknown");
}

/* Not granted: with the authority's own words, or those of RFC 3161 section 2.4.2. */
static ko_status fail_refused(const TS_STATUS_INFO *status, ko_error *err)
{
    static const struct {
        int bit;
        const char *words;
    } failures[] = {{TS_INFO_BAD_ALG, "it does not take SHA-256"},
                    {TS_INFO_BAD_REQUEST, "it calls the request wrong"},
                    {TS_INFO_BAD_DATA_FORMAT, "it calls the data wrong"},
                    {TS_INFO_TIME_NOT_AVAILABLE, "its clock is not available"},
                    {TS_INFO_UNACCEPTED_POLICY, "it does not offer the policy"},
                    {TS_INFO_UNACCEPTED_EXTENSION, "it does not take an extension"},
                    {TS_INFO_ADD_INFO_NOT_AVAILABLE, "it lacks information"},
                    {TS_INFO_SYSTEM_FAILURE, "it failed"}};
    const STACK_OF(ASN1_UTF8STRING) *texts = TS_STATUS_INFO_get0_text(status);
    const ASN1_BIT_STRING *bits = TS_STATUS_INFO_get0_failure_info(status);
    const char *words = "it does not say why";
    for (size_t i = 0; bits && i < sizeof failures / sizeof *failures; i++)
        if (ASN1_BIT_STRING_get_bit(bits, failures[i].bit))
            words = failures[i].words;
    char *text = NULL;
    if (sk_ASN1_UTF8STRING_num(texts) > 0) {
        const ASN1_UTF8STRING *first = sk_ASN1_UTF8STRING_value(texts, 0);
        ko_buf clean = KO_BUF(300);
        const int n = ASN1_STRING_length(first);
        if (ko_text_clean(&clean, (const char *)ASN1_STRING_get0_data(first),
                          n > 100 ? 100 : (size_t)n) == KO_OK)
            text = clean.data;
    }
    const ko_status st = ko_fail(err, KO_E_FORMAT, "the authority refused: %s%s%s%s", words,
                                 text ? " (\"" : "", text ? text : "", text ? "\")" : "");
    ko_free(text);
    return st;
}

static ko_status read_reply(checking *c, const ko_buf *der)
{
    const unsigned char *at = (const unsigned char *)der->data;
    c->reply =
        der->size > 0 && der->size <= LONG_MAX ? d2i_TS_RESP(NULL, &at, (long)der->size) : NULL;
    if (!c->reply) {
        ERR_clear_error();
        return ko_fail(c->err, KO_E_FORMAT, "not an answer about a timestamp");
    }
    const TS_STATUS_INFO *status = TS_RESP_get_status_info(c->reply);
    const long code = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
    c->info = TS_RESP_get_tst_info(c->reply);
    if (code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS)
        return fail_refused(status, c->err);
    if (!c->info)
        return ko_fail(c->err, KO_E_FORMAT, "an answer without a timestamp");
    return KO_OK;
}

static ko_status check_content(const checking *c)
{
    const ASN1_OCTET_STRING *digest = TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(c->request));
    if (!has_digest(TS_TST_INFO_get_msg_imprint(c->info), ASN1_STRING_get0_data(digest)))
        return ko_fail(c->err, KO_E_FORMAT, "a timestamp of something else: its digest differs");
    TS_VERIFY_CTX *context = TS_REQ_to_TS_VERIFY_CTX(c->request, NULL);
    ko_status st = KO_OK;
    if (!context)
        st = ko_fail(c->err, KO_E_NOMEM, "timestamp");
    else if (TS_RESP_verify_token(context, TS_RESP_get_token(c->reply)) != 1)
        st = fail_openssl(c->err, "not the answer to this request");
    TS_VERIFY_CTX_free(context);
    return st;
}

/* Seconds since 1970; fractions are cut off. */
static ko_status read_time(checking *c)
{
    struct tm tm = {0};
    if (!ASN1_TIME_to_tm(TS_TST_INFO_get_time(c->info), &tm))
        return ko_fail(c->err, KO_E_FORMAT, "a timestamp without a time");
    c->at = timegm(&tm);
    char text[KO_TIME_SIZE];
    ko_clock_text(c->at, text);
    if (c->at > c->trust->now + AHEAD_S)
        return ko_fail(c->err, KO_E_FORMAT, "a timestamp of %s, which is to come", text);
    return KO_OK;
}

/* --- the signature --- */

/* Lets an authority through that nobody here knows, and notes that in the store; all else that is
 * wrong with a certificate stays wrong. */
static int on_verify(int ok, X509_STORE_CTX *context)
{
    X509_STORE *store = X509_STORE_CTX_get0_store(context);
    bool *unknown = X509_STORE_get_ex_data(store, 0);
    switch (X509_STORE_CTX_get_error(context)) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        if (!ok && unknown) {
            *unknown = true;
            return 1;
        }
        return ok;
    default:
        return ok;
    }
}

/* Certificates are looked at as of the moment of the timestamp: that one was made while they were
 * valid is what it proves. */
static ko_status open_store(const checking *c, bool *unknown, X509_STORE **out_store)
{
    const char *file = c->trust->ca_file;
    X509_STORE *store = X509_STORE_new();
    ko_status st = KO_OK;
    if (!store)
        return ko_fail(c->err, KO_E_NOMEM, "certificates");
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)c->at);
    if (file && access(file, R_OK) != 0)
        st = ko_fail(c->err, KO_E_NOT_FOUND, "%s: cannot be read", file);
    else if (file && !X509_STORE_load_file(store, file))
        st = ko_fail(c->err, KO_E_FORMAT, "%s: no certificates in it", file);
    else if (!file &&
             (!X509_STORE_set_default_paths(store) || !X509_STORE_set_ex_data(store, 0, unknown)))
        st = ko_fail(c->err, KO_E_NOMEM, "certificates of the system");
    if (st == KO_OK) {
        X509_STORE_set_verify_cb(store, on_verify);
        *out_store = store;
        store = NULL;
    }
    X509_STORE_free(store);
    ERR_clear_error();
    return st;
}

static ko_status check_signature(checking *c, bool *out_trusted)
{
    bool unknown = false;
    X509_STORE *store = NULL;
    ko_status st = open_store(c, &unknown, &store);
    if (st == KO_OK &&
        TS_RESP_verify_signature(TS_RESP_get_token(c->reply), NULL, store, &c->signer) != 1) {
        /* the reason comes first, and what it led to after it */
        const char *data = NULL;
        int flags = 0;
        (void)ERR_peek_last_error_all(NULL, NULL, NULL, &data, &flags);
        if (data && *data && (flags & ERR_TXT_STRING))
            st = ko_fail(c->err, KO_E_FORMAT, "the authority's signature: %s", data);
        else
            st = fail_openssl(c->err, "the authority's signature");
    }
    *out_trusted = !unknown;
    X509_STORE_free(store);
    ERR_clear_error();
    return st;
}

/* --- all of it --- */

static ko_status fill_stamp(const checking *c, ko_stamp *out)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(c->info), NULL);
    char *hex = number ? BN_bn2hex(number) : NULL;
    ko_clock_text(c->at, out->time);
    out->serial = hex ? ko_strdup(hex) : NULL;
    out->authority = ko_certificate_name(c->signer);
    OPENSSL_free(hex);
    BN_free(number);
    return out->serial && out->authority ? KO_OK : ko_fail(c->err, KO_E_NOMEM, "timestamp");
}

ko_status ko_stamp_check(const ko_buf *request, const ko_buf *reply, const ko_stamp_trust *trust,
                         ko_stamp *out_stamp, ko_error *err)
{
    checking c = {.request = parse_request(request), .trust = trust, .err = err};
    ko_stamp stamp = {0};
    ko_status st = KO_OK;
    if (!c.request)
        st = ko_fail(err, KO_E_FORMAT, "not a request for a timestamp");
    if (st == KO_OK)
        st = read_reply(&c, reply);
    if (st == KO_OK)
        st = check_content(&c);
    if (st == KO_OK)
        st = read_time(&c);
    if (st == KO_OK)
        st = check_signature(&c, &stamp.trusted);
    if (st == KO_OK)
        st = fill_stamp(&c, &stamp);
    if (st == KO_OK) {
        *out_stamp = stamp;
        stamp = (ko_stamp){0};
    }
    ko_stamp_free(&stamp);
    X509_free(c.signer);
    TS_RESP_free(c.reply);
    TS_REQ_free(c.request);
    return st;
}

void ko_stamp_free(ko_stamp *stamp)
{
    ko_free(stamp->authority);
    ko_free(stamp->serial);
    *stamp = (ko_stamp){0};
}
