/* AliExpress: every request is a signed form. */
#include "crawl/api_talk.h"

#include "base/alloc.h"
#include "base/text.h"
#include "crawl/api_interface.h"
#include "platform/escape.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

typedef struct form {
    char name[16][32];
    char value[16][512];
    size_t n;
} form;

/* Takes a form apart. */
static form read_form(const ko_net_request *request)
{
    form out = {0};
    const char *at = request->post, *end = at + request->post_bytes;
    for (bool in_value = false; at < end; at++) {
        char *into = in_value ? out.value[out.n] : out.name[out.n];
        const size_t n = strlen(into);
        assert_true(n + 1 < (in_value ? sizeof *out.value : sizeof *out.name));
        const int escaped = ko_escape_value(at, (size_t)(end - at));
        if (*at == '&') {
            out.n++;
            in_value = false;
        } else if (*at == '=' && !in_value) {
            in_value = true;
        } else {
            into[n] = (char)(escaped >= 0 ? escaped : *at);
            at += escaped >= 0 ? 2 : 0;
        }
    }
    out.n++;
    return out;
}

static const char *value_of(const form *of, const char *name)
{
    for (size_t i = 0; i < of->n; i++)
        if (strcmp(of->name[i], name) == 0)
            return of->value[i];
    return NULL;
}

/* The documented rule once more: what stands before another by name goes first, name and value
 * without anything between, HMAC-SHA256 with the secret, in capital digits. */
static void assert_signed(const form *of, const char *secret)
{
    char message[4096];
    size_t size = 0;
    const char *last = "";
    for (size_t done = 0; done + 1 < of->n; done++) {
        size_t next = of->n;
        for (size_t i = 0; i < of->n; i++)
            if (strcmp(of->name[i], "sign") != 0 && strcmp(of->name[i], last) > 0 &&
                (next == of->n || strcmp(of->name[i], of->name[next]) < 0))
                next = i;
        assert_true(next < of->n);
        last = of->name[next];
        size += (size_t)snprintf(message + size, sizeof message - size, "%s%s", of->name[next],
                                 of->value[next]);
        assert_true(size < sizeof message);
    }
    unsigned char digest[32];
    assert_non_null(HMAC(EVP_sha256(), secret, (int)strlen(secret), (unsigned char *)message, size,
                         digest, NULL));
    char hex[65];
    ko_text_hex(digest, sizeof digest, hex);
    for (char *c = hex; *c; c++)
        *c = (char)(*c >= 'a' ? *c - 'a' + 'A' : *c);
    assert_string_equal(value_of(of, "sign"), hex);
}

/* The example of developer.alibaba.com, articleId 120693 (read in 2026-11). It prints another
 * path than it signs: what it gives as the signature is that of "/order/get". */
static void signatures_are_those_of_the_documented_example(void **state)
{
    (void)state;
    ko_api_parameter parameters[] = {{"timestamp", "1517820392000"},
                                     {"app_key", "123456"},
                                     {"order_id", "1234"},
                                     {"sign_method", "sha256"},
                                     {"access_token", "test"}};
    char signature[KO_API_SIGNATURE_SIZE];
    assert_int_equal(ko_api_sign("helloworld", "/order/get", parameters, 5, signature), KO_OK);
    assert_string_equal(signature,
                        "4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A");
}

static void pages_are_signed_and_follow_to_the_end(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys, .now = 1790000000};
    ko_api *api = talk_open("aliexpress:search?q=fox %26 lantern=1", &options);
    char cursor[256];
    ko_net_request request = talk_next(api, "");
    assert_string_equal(request.url, "https://api-sg.aliexpress.com/sync");
    assert_string_equal(talk_header(&request, "Content-Type"),
                        "application/x-www-form-urlencoded;charset=utf-8");
    form sent = read_form(&request);
    assert_string_equal(value_of(&sent, "method"), "aliexpress.affiliate.product.query");
    assert_string_equal(value_of(&sent, "app_key"), "509876");
    assert_string_equal(value_of(&sent, "keywords"), "fox & lantern=1");
    assert_string_equal(value_of(&sent, "page_no"), "1");
    assert_string_equal(value_of(&sent, "page_size"), "50");
    assert_string_equal(value_of(&sent, "sign_method"), "sha256");
    assert_in_range(strtoll(value_of(&sent, "timestamp"), NULL, 10), 1790000000000, 1790000600000);
    assert_null(value_of(&sent, "access_token"));
    assert_signed(&sent, "alisecretAB12cd");

    ko_page page = talk_take_file(api, "aliexpress-search-1", cursor);
    assert_int_equal(page.format, KO_FORMAT_ALIEXPRESS);
    assert_int_equal(page.offers.count, 2);
    assert_string_equal(ko_offer_get(&page.offers.offer[0], KO_OFFER_PRICE), "12.40");
    assert_string_equal(ko_offer_get(&page.offers.offer[0], KO_OFFER_SELLER), "Cosy Corner Store");
    assert_int_equal(page.offers.offer[0].n_images, 2);
    ko_page_free(&page);

    request = talk_next(api, cursor);
    sent = read_form(&request);
    assert_string_equal(value_of(&sent, "page_no"), "2");
    assert_signed(&sent, "alisecretAB12cd");
    page = talk_take_file(api, "aliexpress-search-2", cursor);
    assert_int_equal(page.offers.count, 1);
    ko_page_free(&page);
    assert_string_equal(cursor, "");
    ko_api_close(api);
    ko_api_keys_free(keys);
}

static void an_image_search_sends_the_picture_and_the_session(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {
        .keys = keys, .picture = "\xfb\xff\xfe\0j", .picture_bytes = 5, .now = 1790000000};
    ko_api *api = talk_open("aliexpress:image?work=KO-000007", &options);
    char cursor[256];
    const ko_net_request request = talk_next(api, "");
    const form sent = read_form(&request);
    assert_string_equal(value_of(&sent, "method"), "aliexpress.ds.image.searchV2");
    assert_string_equal(value_of(&sent, "access_token"), "50000x001session77");
    /* printf '\373\377\376\000j' | base64: all that a form has to escape */
    assert_memory_equal(value_of(&sent, "param0"), "{\"image_base64\":\"+//+AGo=\",", 27);
    assert_signed(&sent, "alisecretAB12cd");
    ko_page page = talk_take_file(api, "aliexpress-image", cursor);
    assert_int_equal(page.offers.count, 1);
    assert_string_equal(ko_offer_get(&page.offers.offer[0], KO_OFFER_PRICE), "17.30");
    ko_page_free(&page);
    assert_string_equal(cursor, "");
    ko_api_close(api);
    ko_api_keys_free(keys);
}

static void refusals_come_with_status_200(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("aliexpress:search?q=fox", &options);
    static const struct {
        const char *body, *text;
        ko_status status;
    } known[] = {
        {"{\"error_response\":{\"type\":\"ISV\",\"code\":\"IncompleteSignature\",\"msg\":\"The "
         "request signature does not conform to platform standards\"}}",
         "AliExpress: The request signature does not conform to platform standards", KO_E_FORMAT},
        {"{\"error_response\":{\"code\":\"ApiCallLimit\",\"msg\":\"this ban will last 1 "
         "seconds\"}}",
         "AliExpress: this ban will last 1 seconds", KO_E_BUSY},
        {"{\"type\":\"ISV\",\"code\":\"InvalidAppKey\",\"message\":\"App key 509876 is "
         "invalid\"}",
         "AliExpress: App key ****** is invalid", KO_E_FORMAT},
        {"{\"aliexpress_affiliate_product_query_response\":{\"resp_result\":{\"resp_code\":401,"
         "\"resp_msg\":\"This publisher is not registered\"}}}",
         "AliExpress: This publisher is not registered", KO_E_FORMAT},
        {"{\"error_response\":{}}", "AliExpress: refused without a word", KO_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ko_page page = {0};
        char cursor[256] = "";
        ko_error err = {0};
        (void)talk_next(api, "");
        assert_int_equal(talk_take(api, 200, known[i].body, &page, cursor, &err), known[i].status);
        assert_string_equal(err.text, known[i].text);
    }
    ko_api_close(api);
    ko_api_keys_free(keys);
}

static void nothing_found_is_a_page_without_offers(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("aliexpress:search?q=fox", &options);
    ko_page page = {0};
    char cursor[256];
    (void)talk_next(api, "");
    assert_int_equal(talk_take(api, 200,
                               "{\"aliexpress_affiliate_product_query_response\":{\"resp_result\":"
                               "{\"resp_code\":405,\"resp_msg\":\"The result is empty\"}}}",
                               &page, cursor, NULL),
                     KO_OK);
    assert_int_equal(page.format, KO_FORMAT_ALIEXPRESS);
    assert_int_equal(page.offers.count, 0);
    assert_string_equal(cursor, "");
    ko_page_free(&page);
    ko_api_close(api);
    ko_api_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_the_documented_example),
        cmocka_unit_test(pages_are_signed_and_follow_to_the_end),
        cmocka_unit_test(an_image_search_sends_the_picture_and_the_session),
        cmocka_unit_test(refusals_come_with_status_200),
        cmocka_unit_test(nothing_found_is_a_page_without_offers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
