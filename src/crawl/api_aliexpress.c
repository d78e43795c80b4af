/* AliExpress' open platform, as its documentation describes it (checked 2026-11):
 *   openservice.aliexpress.com/doc/doc.htm#/?docId=1388: methods are asked at /sync
 *   docId=1367 and 1369: what every request has, and how it is signed; the time may be off by
 *   two hours
 *   api.htm, aliexpress.affiliate.product.query: 50 results a page; it knows what takes part in
 *   the affiliate programme and nothing else
 *   api.htm, aliexpress.ds.image.searchV2: asked with the access token of an account; it has no
 *   parameter for further pages. There is an older aliexpress.ds.image.search, which wants a
 *   picture uploaded before.
 * How many requests a day are granted stands in each application's console and nowhere else; the
 * number here is a careful one.
 *
 * All parameters go into the body, since URLs are written down. */
#include "crawl/api_interface.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "page/json.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PARAMETERS 7

/* --- requests --- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const ko_api_parameter *)a)->name, ((const ko_api_parameter *)b)->name);
}

ko_status ko_api_sign(const char *secret, const char *path, ko_api_parameter *parameters, size_t n,
                      char out_signature[KO_API_SIGNATURE_SIZE])
{
    qsort(parameters, n, sizeof *parameters, by_name);
    char hash[] = "SHA256"; /* the library wants it writable */
    const OSSL_PARAM options[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0),
                                  OSSL_PARAM_construct_end()};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    bool ok = mac && EVP_MAC_init(mac, (const unsigned char *)secret, strlen(secret), options) &&
              EVP_MAC_update(mac, (const unsigned char *)path, strlen(path));
    for (size_t i = 0; i < n && ok; i++) {
        const char *name = parameters[i].name, *value = parameters[i].value;
        ok = EVP_MAC_update(mac, (const unsigned char *)name, strlen(name)) &&
             EVP_MAC_update(mac, (const unsigned char *)value, strlen(value));
    }
    unsigned char digest[(KO_API_SIGNATURE_SIZE - 1) / 2];
    size_t size = 0;
    ok = ok && EVP_MAC_final(mac, digest, &size, sizeof digest) && size == sizeof digest;
    for (size_t i = 0; i < size && ok; i++)
        (void)snprintf(out_signature + 2 * i, 3, "%02X", digest[i]);
    EVP_MAC_CTX_free(mac);
    EVP_MAC_free(hmac);
    return ok ? KO_OK : KO_E_NOMEM;
}

/* The body of a form (WHATWG URL Standard, 5.2) with the signature at its end, in a block of its
 * very size. */
static char *form_of(const ko_api_parameter *parameters, size_t n, const char *signature)
{
    static const char last[] = "sign=";
    size_t size = sizeof last + strlen(signature);
    for (size_t i = 0; i < n; i++)
        size += strlen(parameters[i].name) + ko_api_escape(parameters[i].value, NULL) + 2;
    char *form = ko_alloc(size);
    char *at = form;
    for (size_t i = 0; i < n && form; i++) {
        at += ko_api_escape(parameters[i].name, at);
        *at++ = '=';
        at += ko_api_escape(parameters[i].value, at);
        *at++ = '&';
    }
    if (form)
        (void)snprintf(at, size - (size_t)(at - form), "%s%s", last, signature);
    return form;
}

/* The one parameter of an image search, which is JSON inside the form. */
static char *picture_parameter(const ko_api *api)
{
    char *encoded = ko_api_base64(api->picture, api->picture_bytes);
    char *text = encoded ? ko_api_text("{\"image_base64\":\"%s\",\"search_type\":\"similar\","
                                       "\"currency\":\"USD\",\"lang\":\"en\",\"ship_to\":\"US\"}",
                                       encoded)
                         : NULL;
    ko_free(encoded);
    return text;
}

static ko_status sign_and_post(ko_api *api, ko_api_parameter *parameters, size_t n, ko_error *err)
{
    char signature[KO_API_SIGNATURE_SIZE];
    const char *secret = ko_api_key_value(api->keys, KO_KEY_ALIEXPRESS_SECRET);
    if (ko_api_sign(secret, "", parameters, n, signature) != KO_OK)
        return ko_fail(err, KO_E_NOMEM, "no memory for a signature");
    ko_status st = ko_api_set_post(api, form_of(parameters, n, signature), err);
    if (st == KO_OK)
        st = ko_api_add_header(
            api, ko_api_text("Content-Type: application/x-www-form-urlencoded;charset=utf-8"), err);
    return st == KO_OK ? ko_api_set_target(api, err, "/sync") : st;
}

static ko_status ask(ko_api *api, ko_error *err)
{
    api->step = KO_API_SEARCH;
    const ko_api_search *search = api->search;
    char time[24], page[24], page_size[12];
    (void)snprintf(time, sizeof time, "%lld",
                   (long long)(api->now * 1000 + ko_clock_ms() - api->opened_ms));
    (void)snprintf(page, sizeof page, "%lld", (long long)api->page + 1);
    (void)snprintf(page_size, sizeof page_size, "%d", search->page_size);
    char *picture = search->picture ? picture_parameter(api) : NULL;
    if (search->picture && !picture)
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");

    ko_api_parameter parameters[MAX_PARAMETERS] = {
        {"app_key", ko_api_key_value(api->keys, KO_KEY_ALIEXPRESS_KEY)},
        {"method", search->endpoint},
        {"sign_method", "sha256"},
        {"timestamp", time},
    };
    size_t n = 4;
    if (search->picture) {
        parameters[n++] = (ko_api_parameter){
            "access_token", ko_api_key_value(api->keys, KO_KEY_ALIEXPRESS_SESSION)};
        parameters[n++] = (ko_api_parameter){"param0", picture};
    } else {
        parameters[n++] = (ko_api_parameter){"keywords", api->words};
        parameters[n++] = (ko_api_parameter){"page_no", page};
        parameters[n++] = (ko_api_parameter){"page_size", page_size};
    }
    const ko_status st = sign_and_post(api, parameters, n, err);
    ko_free(picture);
    return st;
}

/* --- answers --- */

/* What the reply to a method wraps its answer in is named after the method. */
static const json_t *answer_in(const json_t *reply)
{
    static const char ending[] = "_response";
    for (void *at = json_object_iter((json_t *)reply); at;
         at = json_object_iter_next((json_t *)reply, at)) {
        const char *key = json_object_iter_key(at);
        const size_t n = strlen(key), e = sizeof ending - 1;
        if (n > e && strcmp(key + n - e, ending) == 0)
            return json_object_iter_value(at);
    }
    return reply;
}

/* The platform itself refuses with error_response; a method says in its answer what it thinks of
 * the request. 405 is its word for "nothing was found". */
static ko_api_complaint complaint(const json_t *reply)
{
    static const char *const platform[] = {"sub_msg", "msg", "message", "code", NULL};
    const json_t *answer = answer_in(reply);
    const json_t *code = json_object_get(answer, "code");
    if (json_object_get(reply, "error_response") || json_is_string(code)) {
        const char *name = json_string_value(code);
        if (name && strcmp(name, "0") == 0)
            return (ko_api_complaint){0};
        const char *text = json_string_value(ko_page_json_first(answer, platform));
        return (ko_api_complaint){.text = text ? text : "refused without a word",
                                  .later = name && strcmp(name, "ApiCallLimit") == 0};
    }
    const json_t *verdict = ko_page_json_at(answer, "resp_result.resp_code");
    const json_int_t number = json_integer_value(verdict);
    if (verdict && number != 200 && number != 405)
        return (ko_api_complaint){
            .text = json_string_value(ko_page_json_at(answer, "resp_result.resp_msg"))};
    if (json_is_false(ko_page_json_at(answer, "result.ret")))
        return (ko_api_complaint){.text =
                                      json_string_value(ko_page_json_at(answer, "result.code"))};
    return (ko_api_complaint){0};
}

static ko_status take(ko_api *api, const json_t *reply, ko_api_found *out_found)
{
    const json_t *answer = answer_in(reply);
    const json_t *result = json_object_get(
        api->search->picture ? answer : json_object_get(answer, "resp_result"), "result");
    if (api->search->picture) {
        if (!json_is_object(result))
            return KO_E_FORMAT;
        const json_t *data = json_object_get(result, "data");
        const json_t *products = json_object_get(data, "products");
        out_found->records = json_array_size(products ? products : data);
        return KO_OK;
    }
    if (!json_is_integer(ko_page_json_at(answer, "resp_result.resp_code")))
        return KO_E_FORMAT;
    out_found->records = json_array_size(ko_page_json_at(result, "products.product"));
    out_found->more = out_found->records > 0 &&
                      json_integer_value(json_object_get(result, "total_page_no")) > api->page + 1;
    return KO_OK;
}

const ko_api_interface ko_api_aliexpress = {
    .name = "aliexpress",
    .title = "AliExpress",
    .url = "https://api-sg.aliexpress.com",
    .keys_from = "openservice.aliexpress.com",
    .usage = "aliexpress:search?q=WORDS or aliexpress:image?work=SERIAL",
    .quota = 5000,
    .format = KO_FORMAT_ALIEXPRESS,
    .ask = ask,
    .complaint = complaint,
    .take = take,
};
