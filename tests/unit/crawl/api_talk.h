/* What the tests of interfaces share: a search opened with invented keys, and answers made of the
 * replies in fixtures/api. */
#ifndef API_TALK_H
#define API_TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "crawl/api.h"
#include "crawl/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Long enough that none of them can stand anywhere by chance. */
static const char *const talk_keys[KO_KEYS] = {
    [KO_KEY_EBAY_ID] = "Heron-Lanterns-PRD-1f2e3d",
    [KO_KEY_EBAY_SECRET] = "PRD-ebay-secret-77aa",
    [KO_KEY_ETSY_KEY] = "etsykeystring0099",
    [KO_KEY_ETSY_SECRET] = "etsysharedsecret11",
    [KO_KEY_ALIEXPRESS_KEY] = "509876",
    [KO_KEY_ALIEXPRESS_SECRET] = "alisecretAB12cd",
    [KO_KEY_ALIEXPRESS_SESSION] = "50000x001session77",
    [KO_KEY_MAIL_PASSWORD] = "mailpassword42zz",
    [KO_KEY_WEBHOOK_SECRET] = "webhooksecret31yy",
};

static inline ko_api_keys *talk_keys_read(void)
{
    ko_api_keys *keys = NULL;
    for (int k = 0; k < KO_KEYS; k++)
        assert_int_equal(setenv(ko_api_key_name((ko_api_key)k), talk_keys[k], 1), 0);
    assert_int_equal(ko_api_keys_read(NULL, &keys, NULL), KO_OK);
    return keys;
}

static inline void assert_no_keys(const char *text)
{
    for (int k = 0; k < KO_KEYS; k++)
        assert_null(strstr(text, talk_keys[k]));
}

/* A search that must open. */
static inline ko_api *talk_open(const char *url, const ko_api_options *options)
{
    ko_api *api = NULL;
    ko_error err = {0};
    const ko_status st = ko_api_open(url, options, &api, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    return api;
}

/* The next request, which must be there; its URL never holds a key. */
static inline ko_net_request talk_next(ko_api *api, const char *cursor)
{
    ko_net_request request = {0};
    ko_error err = {0};
    const ko_status st = ko_api_next(api, cursor, &request, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    assert_true(request.api);
    assert_no_keys(request.url);
    return request;
}

/* The value of a header of a request; NULL when it has none of this name. */
static inline const char *talk_header(const ko_net_request *request, const char *name)
{
    const size_t n = strlen(name);
    for (size_t h = 0; h < request->n_headers; h++)
        if (strncmp(request->headers[h], name, n) == 0 &&
            strncmp(request->headers[h] + n, ": ", 2) == 0)
            return request->headers[h] + n + 2;
    return NULL;
}

/* Gives the search an answer of this status and body. */
static inline ko_status talk_take(ko_api *api, int status, const char *body, ko_page *out_page,
                                  char cursor[256], ko_error *err)
{
    const ko_net_outcome outcome = status == 200                    ? KO_NET_DATA
                                   : status == 401 || status == 403 ? KO_NET_DENIED
                                   : status == 404                  ? KO_NET_GONE
                                   : status == 429                  ? KO_NET_LATER
                                                                    : KO_NET_STATUS;
    const ko_net_answer answer = {
        .outcome = outcome,
        .text = outcome == KO_NET_DATA ? "" : "the site answered otherwise",
        .reply = {.url = "https://api.example/",
                  .final_url = "https://api.example/",
                  .status = status,
                  .content_type = "application/json",
                  .headers = "",
                  .body = body,
                  .size = strlen(body)},
        .etag = "",
        .last_modified = "",
    };
    return ko_api_take(api, &answer, out_page, cursor, err);
}

/* The same with a file of fixtures/api, which must be accepted. */
static inline ko_page talk_take_file(ko_api *api, const char *name, char cursor[256])
{
    ko_page page = {0};
    ko_error err = {0};
    ko_buf body = KO_BUF(1 << 20);
    char path[512];
    (void)snprintf(path, sizeof path, "%s/api/%s.json", KO_FIXTURES, name);
    assert_int_equal(ko_file_read(path, &body, &err), KO_OK);
    const ko_status st = talk_take(api, 200, body.data, &page, cursor, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    ko_buf_free(&body);
    return page;
}

#endif
