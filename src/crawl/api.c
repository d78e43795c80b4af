/* What is the same for all interfaces: the addresses, the pages, what is said to people. */
#include "crawl/api.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/recode.h"
#include "base/text.h"
#include "crawl/api_interface.h"
#include "platform/escape.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Sizes of pages are the largest that the documentation allows. */
static const ko_api_search searches[] = {
    {.interface = &ko_api_ebay,
     .name = "search",
     .parameter = "q",
     .endpoint = "/buy/browse/v1/item_summary/search",
     .page_size = 200,
     .keys = {KO_KEY_EBAY_ID, KO_KEY_EBAY_SECRET},
     .n_keys = 2},
    {.interface = &ko_api_ebay,
     .name = "image",
     .parameter = "work",
     .endpoint = "/buy/browse/v1/item_summary/search_by_image",
     .page_size = 200,
     .picture = true,
     .keys = {KO_KEY_EBAY_ID, KO_KEY_EBAY_SECRET},
     .n_keys = 2},
    {.interface = &ko_api_etsy,
     .name = "search",
     .parameter = "q",
     .page_size = 100,
     .keys = {KO_KEY_ETSY_KEY, KO_KEY_ETSY_SECRET},
     .n_keys = 2},
    {.interface = &ko_api_etsy,
     .name = "shop",
     .parameter = "id",
     .page_size = 100,
     .keys = {KO_KEY_ETSY_KEY, KO_KEY_ETSY_SECRET},
     .n_keys = 2},
    {.interface = &ko_api_aliexpress,
     .name = "search",
     .parameter = "q",
     .endpoint = "aliexpress.affiliate.product.query",
     .page_size = 50,
     .keys = {KO_KEY_ALIEXPRESS_KEY, KO_KEY_ALIEXPRESS_SECRET},
     .n_keys = 2},
    {.interface = &ko_api_aliexpress,
     .name = "image",
     .parameter = "work",
     .endpoint = "aliexpress.ds.image.searchV2",
     .page_size = KO_MAX_API_RESULTS, /* there is no second one */
     .picture = true,
     .keys = {KO_KEY_ALIEXPRESS_KEY, KO_KEY_ALIEXPRESS_SECRET, KO_KEY_ALIEXPRESS_SESSION},
     .n_keys = 3},
};
#define N_SEARCHES (sizeof searches / sizeof *searches)

/* --- addresses --- */

static const ko_api_interface *interface_of(const char *url)
{
    for (size_t i = 0; i < N_SEARCHES; i++) {
        const char *name = searches[i].interface->name;
        const size_t n = strlen(name);
        if (strncmp(url, name, n) == 0 && url[n] == ':')
            return searches[i].interface;
    }
    return NULL;
}

bool ko_api_is(const char *url)
{
    return interface_of(url) != NULL;
}

/* The search that an address names, and where its parameters begin. */
static const ko_api_search *search_of(const char *url, const char **out_parameters)
{
    const ko_api_interface *interface = interface_of(url);
    const char *name = interface ? url + strlen(interface->name) + 1 : "";
    const size_t n = strcspn(name, "?");
    for (size_t i = 0; i < N_SEARCHES && name[n]; i++)
        if (searches[i].interface == interface && strlen(searches[i].name) == n &&
            memcmp(searches[i].name, name, n) == 0) {
            *out_parameters = name + n + 1;
            return &searches[i];
        }
    return NULL;
}

/* A value with %XX and "+" undone, trimmed. */
static char *unescaped(const char *text, size_t n)
{
    char *out = ko_alloc(n + 1);
    size_t size = 0;
    for (size_t i = 0; i < n && out; i++) {
        const int value = ko_escape_value(text + i, n - i);
        out[size++] = (char)(value > 0 ? value : text[i] == '+' ? ' ' : text[i]);
        i += value > 0 ? 2 : 0;
    }
    if (!out)
        return NULL;
    out[size] = '\0';
    const char *trimmed = ko_text_trim(out);
    memmove(out, trimmed, strlen(trimmed) + 1);
    return out;
}

/* Where a parameter of that name belongs; NULL: it is none of this search. */
static char **place_of(ko_api *api, const char *name, size_t n)
{
    static const char market[] = "marketplace";
    const char *wanted = api->search->parameter;
    if (strlen(wanted) == n && memcmp(wanted, name, n) == 0)
        return &api->words;
    const bool is_market = n == sizeof market - 1 && memcmp(market, name, n) == 0;
    return is_market && api->search->interface == &ko_api_ebay ? &api->market : NULL;
}

/* Takes one parameter. KO_E_USAGE: it is none, or there twice. */
static ko_status read_parameter(ko_api *api, const char *text, size_t n)
{
    const char *equals = memchr(text, '=', n);
    char **place = equals ? place_of(api, text, (size_t)(equals - text)) : NULL;
    if (!place || *place)
        return KO_E_USAGE;
    *place = unescaped(equals + 1, n - (size_t)(equals + 1 - text));
    return *place ? KO_OK : KO_E_NOMEM;
}

/* Words are a line of UTF-8; a shop's name has letters and digits, as its number; markets look
 * like EBAY_GB. */
static bool is_plausible(const ko_api *api)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char names[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const size_t n = strlen(api->words);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)api->words[i] < ' ' || api->words[i] == 0x7f)
            return false;
    if (strcmp(api->search->parameter, "id") == 0 && strspn(api->words, names) != n)
        return false;
    if (api->market &&
        (strncmp(api->market, "EBAY_", 5) != 0 || !api->market[5] || strlen(api->market) > 20 ||
         strspn(api->market, capitals) != strlen(api->market)))
        return false;
    return n > 0 && ko_text_is_utf8(api->words, n);
}

/* Sets search, words and market. */
static ko_status read_address(ko_api *api, const char *url, ko_error *err)
{
    const ko_api_interface *interface = interface_of(url);
    assert(interface); /* whoever opens has asked ko_api_is */
    const char *at = NULL;
    api->search = search_of(url, &at);
    ko_status st = api->search ? KO_OK : KO_E_USAGE;
    while (st == KO_OK && *at) {
        const size_t n = strcspn(at, "&");
        st = n > 0 ? read_parameter(api, at, n) : KO_OK;
        at += n + (at[n] == '&');
    }
    if (st == KO_E_NOMEM)
        return ko_fail(err, st, "no memory for a search");
    if (st != KO_OK || !api->words || !is_plausible(api))
        return ko_fail(err, KO_E_USAGE, "an address of %s is %s", interface->title,
                       interface->usage);
    return KO_OK;
}

ko_status ko_api_check(const char *url, ko_error *err)
{
    ko_api api = {0};
    const ko_status st = read_address(&api, url, err);
    ko_free(api.words);
    ko_free(api.market);
    return st;
}

/* --- a search's life --- */

static ko_status check_keys(const ko_api *api, ko_error *err)
{
    const ko_api_search *search = api->search;
    for (int k = 0; k < search->n_keys; k++)
        if (!ko_api_key_value(api->keys, search->keys[k]))
            return ko_fail(err, KO_E_USAGE, "%s is not set: searching %s takes keys from %s",
                           ko_api_key_name(search->keys[k]), search->interface->title,
                           search->interface->keys_from);
    return KO_OK;
}

static ko_status check_picture(const ko_api *api, ko_error *err)
{
    if (!api->search->picture)
        return KO_OK;
    if (!api->picture || api->picture_bytes == 0)
        return ko_fail(err, KO_E_USAGE, "there is no picture of %s to search with", api->words);
    if (api->picture_bytes > KO_MAX_API_PICTURE_BYTES)
        return ko_fail(err, KO_E_LIMIT, "the picture of %s has %zu bytes, limit %zu", api->words,
                       api->picture_bytes, KO_MAX_API_PICTURE_BYTES);
    return KO_OK;
}

ko_status ko_api_open(const char *url, const ko_api_options *options, ko_api **out_api,
                      ko_error *err)
{
    ko_api *api = ko_alloc_zero(1, sizeof *api);
    if (!api)
        return ko_fail(err, KO_E_NOMEM, "no memory for a search");
    api->keys = options->keys;
    api->picture = options->picture;
    api->picture_bytes = options->picture_bytes;
    api->now = options->now;
    api->opened_ms = ko_clock_ms();
    ko_status st = read_address(api, url, err);
    if (st == KO_OK)
        st = check_keys(api, err);
    if (st == KO_OK)
        st = check_picture(api, err);
    if (st != KO_OK)
        goto done;
    api->url = options->base_url ? options->base_url : api->search->interface->url;
    *out_api = api;
    api = NULL;
done:
    ko_api_close(api);
    return st;
}

/* The headers and bodies of requests hold keys. */
static void forget_request(ko_api *api)
{
    for (size_t h = 0; h < api->n_headers; h++)
        ko_api_wipe(api->headers[h]);
    ko_api_wipe(api->post);
    ko_free(api->target);
    api->n_headers = api->post_bytes = 0;
    api->post = api->target = NULL;
    api->step = KO_API_NOTHING;
}

void ko_api_close(ko_api *api)
{
    if (!api)
        return;
    forget_request(api);
    ko_api_wipe(api->token);
    ko_free(api->ids);
    ko_free(api->shop);
    ko_free(api->words);
    ko_free(api->market);
    ko_free(api);
}

const char *ko_api_name(const ko_api *api)
{
    return api->search->interface->name;
}

int64_t ko_api_quota(const ko_api *api)
{
    return api->search->interface->quota;
}

/* --- requests --- */

size_t ko_api_escape(const char *text, char *out)
{
    size_t size = 0;
    for (const char *at = text; *at; at++) {
        const bool plain = ko_escape_unreserved((unsigned char)*at);
        if (out && plain)
            out[size] = *at;
        else if (out)
            ko_escape_write((unsigned char)*at, out + size);
        size += plain ? 1 : 3;
    }
    if (out)
        out[size] = '\0';
    return size;
}

char *ko_api_escaped(const char *text)
{
    char *out = ko_alloc(ko_api_escape(text, NULL) + 1);
    if (out)
        (void)ko_api_escape(text, out);
    return out;
}

char *ko_api_base64(const void *bytes, size_t n)
{
    assert(n <= KO_MAX_API_PICTURE_BYTES); /* the library counts in int */
    char *out = ko_alloc((n + 2) / 3 * 4 + 1);
    if (out)
        (void)EVP_EncodeBlock((unsigned char *)out, bytes, (int)n);
    return out;
}

ko_status ko_api_set_target(ko_api *api, ko_error *err, const char *fmt, ...)
{
    ko_buf url = KO_BUF(KO_MAX_URL_BYTES);
    char path[KO_MAX_URL_BYTES + 1];
    va_list args;
    va_start(args, fmt);
    const int n = vsnprintf(path, sizeof path, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n + strlen(api->url) > KO_MAX_URL_BYTES)
        return ko_fail(err, KO_E_LIMIT, "a search with so many words has a URL beyond %zu bytes",
                       KO_MAX_URL_BYTES);
    const ko_status st = ko_buf_printf(&url, "%s%s", api->url, path);
    api->target = url.data;
    return st == KO_OK ? st : ko_fail(err, st, "no memory for a request");
}

ko_status ko_api_add_header(ko_api *api, char *header, ko_error *err)
{
    assert(api->n_headers < sizeof api->headers / sizeof *api->headers);
    if (!header)
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");
    api->headers[api->n_headers++] = header;
    return KO_OK;
}

ko_status ko_api_set_post(ko_api *api, char *body, ko_error *err)
{
    if (!body)
        return ko_fail(err, KO_E_NOMEM, "no memory for a request");
    api->post = body;
    api->post_bytes = strlen(body);
    return KO_OK;
}

/* A cursor is the number of a page. */
static ko_status read_cursor(const ko_api *api, const char *cursor, int64_t *out_page,
                             ko_error *err)
{
    const size_t n = strlen(cursor);
    int64_t page = 0;
    for (size_t i = 0; i < n && n <= 6; i++)
        page = page * 10 + (cursor[i] - '0');
    if (n > 6 || strspn(cursor, "0123456789") != n)
        return ko_fail(err, KO_E_FORMAT, "\"%.20s\" is no page of a search of %s", cursor,
                       api->search->interface->title);
    *out_page = page;
    return KO_OK;
}

ko_status ko_api_next(ko_api *api, const char *cursor, ko_net_request *out_request, ko_error *err)
{
    if (!*cursor && api->ended)
        return KO_E_NOT_FOUND;
    int64_t page = 0;
    ko_status st = read_cursor(api, cursor, &page, err);
    if (st != KO_OK)
        return st;
    if (page != api->page) {
        ko_free(api->ids);
        api->ids = NULL;
    }
    api->page = page;
    forget_request(api);
    st = api->search->interface->ask(api, err);
    if (st != KO_OK)
        return st;
    assert(api->step != KO_API_NOTHING && api->target);
    *out_request = (ko_net_request){
        .url = api->target,
        .post = api->post,
        .post_bytes = api->post_bytes,
        .headers = (const char *const *)api->headers,
        .n_headers = api->n_headers,
        .max_bytes = KO_MAX_PAGE_BYTES,
        .api = true,
    };
    return KO_OK;
}

/* --- answers --- */

/* Says what came, with the keys blotted out: an interface may repeat what it was sent. */
static ko_status complain(const ko_api *api, ko_status st, const char *text, int http_status,
                          ko_error *err)
{
    char *clean = ko_text_clean_dup(text);
    if (!clean)
        return ko_fail(err, KO_E_NOMEM, "no memory for an answer");
    ko_api_keys_hide(api->keys, clean);
    ko_api_hide(clean, api->token);
    const char *title = api->search->interface->title;
    if (http_status != 200 && http_status != 0)
        st = ko_fail(err, st, "%s: %.300s (HTTP %d)", title, clean, http_status);
    else
        st = ko_fail(err, st, "%s: %.300s", title, clean);
    ko_free(clean);
    return st;
}

/* An answer that is none of what was asked for, reply being what its body says, NULL when that
 * is no JSON. A token that is no longer taken is renewed once. */
static ko_status refused(ko_api *api, const ko_net_answer *answer, const json_t *reply,
                         ko_error *err)
{
    if (answer->outcome == KO_NET_STOPPED)
        return KO_E_STOPPED;
    if (answer->reply.status == 401 && api->token && api->step != KO_API_TOKEN && !api->renewed) {
        api->renewed = true;
        ko_api_wipe(api->token);
        api->token = NULL;
        return KO_OK;
    }
    const ko_api_complaint said = api->search->interface->complaint(reply);
    const bool later = said.later || answer->outcome == KO_NET_LATER;
    return complain(api, later ? KO_E_BUSY : KO_E_FORMAT, said.text ? said.text : answer->text,
                    answer->reply.status, err);
}

/* RFC 6749, 5.1. */
static ko_status take_token(ko_api *api, const json_t *reply, ko_error *err)
{
    const char *token = json_string_value(json_object_get(reply, "access_token"));
    const size_t n = token ? strlen(token) : 0;
    bool ok = n > 0 && n <= KO_MAX_KEY_BYTES;
    for (size_t i = 0; i < n && ok; i++)
        ok = token[i] > ' ' && token[i] <= '~';
    if (!ok)
        return complain(api, KO_E_FORMAT, "its answer to the keys is no token", 200, err);
    ko_api_wipe(api->token);
    api->token = ko_strdup(token);
    return api->token ? KO_OK : ko_fail(err, KO_E_NOMEM, "no memory for a token");
}

/* Makes offers of a page of results. One without any has no sign of whose reply it is. */
static ko_status read_offers(const ko_api *api, const ko_reply *reply, size_t records,
                             ko_page *out_page, ko_error *err)
{
    const ko_page_source source = {.bytes = reply->body,
                                   .size = reply->size,
                                   .url = reply->final_url,
                                   .content_type = reply->content_type,
                                   .status = reply->status};
    if (records > 0)
        return ko_page_read(&source, out_page, err);
    *out_page = (ko_page){.format = api->search->interface->format,
                          .kind = api->search->interface->title,
                          .encoding = KO_UTF8};
    return KO_OK;
}

/* Takes a reply that is no complaint. *out_page stays zero unless it is a page of results, which
 * the search then leaves behind. */
static ko_status accepted(ko_api *api, const ko_reply *answer, const json_t *reply,
                          ko_page *out_page, ko_error *err)
{
    if (api->step == KO_API_TOKEN)
        return take_token(api, reply, err);
    ko_api_found found = {0};
    ko_status st = api->search->interface->take(api, reply, &found);
    if (st == KO_E_NOMEM)
        return ko_fail(err, st, "no memory for an answer");
    if (st != KO_OK)
        return complain(api, KO_E_FORMAT,
                        st == KO_E_NOT_FOUND ? "there is no shop of this name"
                                             : "its answer is no list of results",
                        200, err);
    if (found.unfinished)
        return KO_OK;
    st = read_offers(api, answer, found.records, out_page, err);
    if (st != KO_OK)
        return st;
    api->renewed = false;
    ko_free(api->ids);
    api->ids = NULL;
    api->page++;
    api->ended = !found.more || api->page * api->search->page_size >= KO_MAX_API_RESULTS;
    return KO_OK;
}

ko_status ko_api_take(ko_api *api, const ko_net_answer *answer, ko_page *out_page,
                      char out_cursor[256], ko_error *err)
{
    assert(api->step != KO_API_NOTHING);
    *out_page = (ko_page){0};
    const bool has_body = answer->reply.body && answer->reply.size > 0;
    json_t *reply = has_body ? json_loadb(answer->reply.body, answer->reply.size, 0, NULL) : NULL;
    ko_status st = KO_OK;
    if (answer->outcome != KO_NET_DATA || api->search->interface->complaint(reply).text)
        st = refused(api, answer, reply, err);
    else if (!json_is_object(reply))
        st = complain(api, KO_E_FORMAT, "its answer is no JSON", answer->reply.status, err);
    else
        st = accepted(api, &answer->reply, reply, out_page, err);
    json_decref(reply);
    if (st == KO_OK && api->ended)
        out_cursor[0] = '\0';
    else if (st == KO_OK)
        (void)snprintf(out_cursor, 256, "%lld", (long long)api->page);
    return st;
}
