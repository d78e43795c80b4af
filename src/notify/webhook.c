#include "notify/webhook.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

ko_status ko_webhook_sign(const char *secret, int64_t at, const char *body,
                          char out_signature[KO_SIGNATURE_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    ko_buf text = KO_BUF(KO_MAX_DIGEST_JSON + 32);
    ko_status st = ko_buf_printf(&text, "%lld.%s", (long long)at, body);
    if (st == KO_OK && !HMAC(EVP_sha256(), secret, (int)strlen(secret),
                             (const unsigned char *)text.data, text.size, digest, &size))
        st = KO_E_NOMEM;
    ko_buf_free(&text);
    if (st != KO_OK)
        return st;
    ko_text_hex(digest, size, hex);
    (void)snprintf(out_signature, KO_SIGNATURE_SIZE, "t=%lld,v1=%.64s", (long long)at, hex);
    return KO_OK;
}

/* --- sending --- */

// NOLINTNEXTLINE(readability-non-const-parameter): as the library declares it
static size_t on_answer(char *bytes, size_t size, size_t n, void *context)
{
    size_t *read = context;
    (void)bytes;
    *read += size * n;
    return *read <= KO_MAX_NOTIFY_ANSWER ? size * n : 0;
}

static ko_status add_headers(const ko_sending *s, const ko_digest *digest,
                             struct curl_slist **headers)
{
    char signature[KO_SIGNATURE_SIZE], line[KO_SIGNATURE_SIZE + 32];
    (void)snprintf(line, sizeof line, "X-Knockoff-Digest: %s", digest->uid);
    /* Without "Expect" a server is not asked whether it wants the body. */
    if (!ko_sending_append(headers, line) ||
        !ko_sending_append(headers, "Content-Type: application/json") ||
        !ko_sending_append(headers, "Expect:"))
        return KO_E_NOMEM;
    if (!s->options->webhook_secret)
        return KO_OK;
    const ko_status st =
        ko_webhook_sign(s->options->webhook_secret, s->now, digest->json, signature);
    if (st != KO_OK)
        return st;
    (void)snprintf(line, sizeof line, "X-Knockoff-Signature: %s", signature);
    return ko_sending_append(headers, line) ? KO_OK : KO_E_NOMEM;
}

static CURLcode set_request(CURL *easy, const char *url, const ko_digest *digest,
                            const struct curl_slist *headers, size_t *read)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, url);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, digest->json);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_USERAGENT, "Knockoff");
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, read);
    return code;
}

/* A long answer is cut off by us, which changes nothing about its status. */
static void judge(CURL *easy, CURLcode code, const char *why, int64_t now, ko_sent *out_sent)
{
    long status = 0;
    curl_off_t after_s = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after_s);
    if (status < 200 || (code != CURLE_OK && code != CURLE_WRITE_ERROR)) {
        ko_sent_say(out_sent, KO_SENT_LATER, "%s", why);
        return;
    }
    const bool later = status == 408 || status == 425 || status == 429 || status >= 500;
    ko_sent_say(out_sent,
                status < 300 ? KO_SENT
                : later      ? KO_SENT_LATER
                             : KO_SENT_NEVER,
                "answered HTTP %ld%s", status,
                status >= 300 && status < 400 ? "; redirects are not followed" : "");
    if (later && after_s > 0)
        out_sent->not_before =
            now + (after_s < KO_MAX_RETRY_AFTER_S ? after_s : KO_MAX_RETRY_AFTER_S);
}

ko_status ko_webhook_send(const ko_sending *sending, const ko_digest *digest, ko_sent *out_sent,
                          ko_error *err)
{
    const char *url = sending->setup->text[KO_NOTIFY_WEBHOOK];
    struct curl_slist *headers = NULL;
    ko_notify_address address = {0};
    char why[CURL_ERROR_SIZE];
    CURLcode code = CURLE_OK;
    CURL *easy = NULL;
    size_t read = 0;
    *out_sent = (ko_sent){0};
    ko_status st = ko_notify_address_read(url, &address, err);
    if (st == KO_OK)
        st = add_headers(sending, digest, &headers);
    if (st == KO_OK) {
        easy = ko_sending_open(address.scheme, sending->options->ca_file);
        if (!easy || set_request(easy, url, digest, headers, &read) != CURLE_OK)
            st = KO_E_NOMEM;
    }
    if (st == KO_E_NOMEM)
        (void)ko_fail(err, st, "no memory for a webhook");
    if (st == KO_OK)
        st = ko_sending_perform(easy, &code, why, err);
    if (st == KO_OK)
        judge(easy, code, why, sending->now, out_sent);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    return st;
}
