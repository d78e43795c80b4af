/* Feeds bytes to every search of every interface, as the answer to each thing it asks for, and
 * as an address. */
#include "base/alloc.h"
#include "crawl/api.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static ko_api_keys *read_keys(void)
{
    static const char *const names[] = {"KNOCKOFF_EBAY_ID",           "KNOCKOFF_EBAY_SECRET",
                                        "KNOCKOFF_ETSY_KEY",          "KNOCKOFF_ETSY_SECRET",
                                        "KNOCKOFF_ALIEXPRESS_KEY",    "KNOCKOFF_ALIEXPRESS_SECRET",
                                        "KNOCKOFF_ALIEXPRESS_SESSION"};
    ko_api_keys *keys = NULL;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (setenv(names[k], "a-key-of-nobody", 1) != 0)
            abort();
    if (ko_api_keys_read(NULL, &keys, NULL) != KO_OK)
        abort();
    return keys;
}

/* Answers the next request. Whatever comes, the cursor leads on or the text says why not. */
static void answer(ko_api *api, char cursor[256], const void *body, size_t size)
{
    ko_net_request request = {0};
    ko_page page = {0};
    ko_error err = {0};
    if (ko_api_next(api, cursor, &request, NULL) != KO_OK)
        return;
    const ko_net_answer given = {.outcome = KO_NET_DATA,
                                 .text = "",
                                 .reply = {.url = request.url,
                                           .final_url = request.url,
                                           .status = 200,
                                           .content_type = "application/json",
                                           .headers = "",
                                           .body = body,
                                           .size = size},
                                 .etag = "",
                                 .last_modified = ""};
    const ko_status st = ko_api_take(api, &given, &page, cursor, &err);
    if ((st == KO_OK) != (err.text[0] == '\0') || (st != KO_OK && page.kind))
        abort();
    if (strstr(err.text, "a-key-of-nobody") || (!page.kind && st == KO_OK && !cursor[0]))
        abort();
    ko_page_free(&page);
}

static void search(const ko_api_keys *keys, const char *url, const void *bytes, size_t size)
{
    static const char token[] = "{\"access_token\":\"a-token\"}";
    const ko_api_options options = {.keys = keys, .picture = "picture", .picture_bytes = 7};
    ko_api *api = NULL;
    char cursor[256] = "";
    if (ko_api_open(url, &options, &api, NULL) != KO_OK)
        return;
    answer(api, cursor, bytes, size); /* for a token, where one is asked for */
    answer(api, cursor, token, sizeof token - 1);
    answer(api, cursor, bytes, size);
    answer(api, cursor, bytes, size); /* Etsy's details */
    ko_api_close(api);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const urls[] = {"ebay:search?q=fox",       "ebay:image?work=1",
                                       "etsy:search?q=fox",       "etsy:shop?id=7",
                                       "aliexpress:search?q=fox", "aliexpress:image?work=1"};
    ko_api_keys *keys = read_keys();
    for (size_t u = 0; u < sizeof urls / sizeof *urls; u++)
        search(keys, urls[u], bytes, size);
    char address[300];
    (void)snprintf(address, sizeof address, "ebay:search?q=%.*s", size < 250 ? (int)size : 250,
                   (const char *)bytes);
    search(keys, address, bytes, size);
    ko_api_keys_free(keys);
    if (ko_alloc_live() != 0)
        abort();
    return 0;
}
