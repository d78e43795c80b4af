/* What is the same for all interfaces: addresses, keys that are missing, refusals. */
#include "crawl/api_talk.h"

#include "base/alloc.h"
#include "base/limits.h"

static const char picture[] = "\xff\xd8 a picture";

static ko_status open_with(const char *url, const ko_api_keys *keys, ko_error *err)
{
    const ko_api_options options = {
        .keys = keys, .picture = picture, .picture_bytes = sizeof picture};
    ko_api *api = NULL;
    const ko_status st = ko_api_open(url, &options, &api, err);
    ko_api_close(api);
    return st;
}

static void addresses_of_interfaces_are_told_from_others(void **state)
{
    (void)state;
    assert_true(ko_api_is("ebay:search?q=fox"));
    assert_true(ko_api_is("etsy:anything"));
    assert_true(ko_api_is("aliexpress:image?work=3"));
    assert_false(ko_api_is("https://www.ebay.com/sch/?q=fox"));
    assert_false(ko_api_is("ebay"));
    assert_false(ko_api_is("ebays:search?q=fox"));
}

static void an_address_that_means_nothing_is_told_what_it_should_be(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "ebay:",
        "ebay:search",
        "ebay:search?",
        "ebay:search?q=",
        "ebay:search?q=%20+",
        "ebay:search?q=fox&q=owl",
        "ebay:search?q=fox&page=2",
        "ebay:search?q=fox%0d%0aX-Other:%20header",
        "ebay:search?q=%ff%fe",
        "ebay:search?q=fox&marketplace=DE",
        "ebay:search?q=fox&marketplace=EBAY_D%0aE",
        "ebay:image?q=fox",
        "ebay:shop?id=7",
    };
    ko_api_keys *keys = talk_keys_read();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ko_error err = {0};
        assert_int_equal(open_with(wrong[i], keys, &err), KO_E_USAGE);
        assert_non_null(strstr(err.text, "ebay:search?q=WORDS"));
        assert_int_equal(ko_api_check(wrong[i], NULL), KO_E_USAGE); /* as early as that */
    }
    assert_int_equal(ko_api_check("ebay:image?work=KO-000042&marketplace=EBAY_DE", NULL), KO_OK);
    ko_error err = {0};
    assert_int_equal(open_with("etsy:shop?id=../../users/1", keys, &err), KO_E_USAGE);
    assert_non_null(strstr(err.text, "etsy:shop?id=NAME"));
    assert_int_equal(open_with("etsy:search?q=fox&marketplace=EBAY_US", keys, NULL), KO_E_USAGE);
    ko_api_keys_free(keys);
}

static void a_missing_key_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *url, *key;
    } needs[] = {
        {"ebay:search?q=fox", "KNOCKOFF_EBAY_ID"},
        {"ebay:image?work=1", "KNOCKOFF_EBAY_SECRET"},
        {"etsy:search?q=fox", "KNOCKOFF_ETSY_KEY"},
        {"etsy:shop?id=7", "KNOCKOFF_ETSY_SECRET"},
        {"aliexpress:search?q=fox", "KNOCKOFF_ALIEXPRESS_SECRET"},
        {"aliexpress:image?work=1", "KNOCKOFF_ALIEXPRESS_SESSION"},
    };
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        ko_api_keys_free(talk_keys_read());
        assert_int_equal(unsetenv(needs[i].key), 0);
        ko_api_keys *keys = NULL;
        ko_error err = {0};
        assert_int_equal(ko_api_keys_read(NULL, &keys, NULL), KO_OK);
        assert_int_equal(open_with(needs[i].url, keys, &err), KO_E_USAGE);
        assert_non_null(strstr(err.text, needs[i].key));
        assert_no_keys(err.text);
        ko_api_keys_free(keys);
    }
    ko_api_keys *keys = talk_keys_read();
    assert_int_equal(unsetenv("KNOCKOFF_ALIEXPRESS_SESSION"), 0);
    assert_int_equal(open_with("aliexpress:search?q=fox", keys, NULL), KO_OK);
    ko_api_keys_free(keys);
    assert_int_equal(open_with("etsy:search?q=fox", NULL, NULL), KO_E_USAGE);
}

static void an_image_search_has_a_picture_of_limited_size(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    ko_api_options options = {.keys = keys};
    ko_api *api = NULL;
    ko_error err = {0};
    assert_int_equal(ko_api_open("ebay:image?work=KO-7", &options, &api, &err), KO_E_USAGE);
    assert_non_null(strstr(err.text, "KO-7"));
    options.picture = picture;
    options.picture_bytes = KO_MAX_API_PICTURE_BYTES + 1;
    assert_int_equal(ko_api_open("ebay:image?work=KO-7", &options, &api, NULL), KO_E_LIMIT);
    ko_api_keys_free(keys);
}

static void quotas_are_those_that_were_granted(void **state)
{
    (void)state;
    static const struct {
        const char *url, *name;
        int64_t quota;
    } known[] = {{"ebay:search?q=fox", "ebay", 5000},
                 {"etsy:shop?id=7", "etsy", 5000},
                 {"aliexpress:search?q=fox", "aliexpress", 5000}};
    ko_api_keys *keys = talk_keys_read();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const ko_api_options options = {.keys = keys};
        ko_api *api = talk_open(known[i].url, &options);
        assert_string_equal(ko_api_name(api), known[i].name);
        assert_int_equal(ko_api_quota(api), known[i].quota);
        ko_api_close(api);
    }
    ko_api_keys_free(keys);
}

static void a_search_goes_on_where_another_process_left_it(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:search?q=fox", &options);
    assert_non_null(strstr(talk_next(api, "3").url, "offset=300"));
    assert_non_null(strstr(talk_next(api, "3").url, "offset=300"));
    static const char *const wrong[] = {"-1", "3 ", "next", "99999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ko_net_request request = {0};
        assert_int_equal(ko_api_next(api, wrong[i], &request, NULL), KO_E_FORMAT);
    }
    ko_api_close(api);
    ko_api_keys_free(keys);
}

static void words_beyond_a_url_are_refused(void **state)
{
    (void)state;
    char url[3 * KO_MAX_URL_BYTES] = "etsy:search?q=";
    memset(url + strlen(url), 'a', 2 * KO_MAX_URL_BYTES);
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open(url, &options);
    ko_net_request request = {0};
    ko_error err = {0};
    assert_int_equal(ko_api_next(api, "", &request, &err), KO_E_LIMIT);
    assert_non_null(strstr(err.text, "2048"));
    ko_api_close(api);
    ko_api_keys_free(keys);
}

/* Whatever an interface repeats of what it was sent does not get into the text. */
static void refusals_say_what_the_interface_said_without_keys(void **state)
{
    (void)state;
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys};
    ko_api *api = talk_open("etsy:search?q=fox", &options);
    ko_page page = {0};
    char cursor[256] = "unchanged";
    ko_error err = {0};
    (void)talk_next(api, "");
    assert_int_equal(talk_take(api, 403,
                               "{\"error\":\"API key etsykeystring0099:etsysharedsecret11 not "
                               "found\\nor not active\"}",
                               &page, cursor, &err),
                     KO_E_FORMAT);
    assert_no_keys(err.text);
    assert_non_null(strstr(err.text, "Etsy: API key *"));
    assert_non_null(strstr(err.text, " not found or not active (HTTP 403)"));
    assert_string_equal(cursor, "unchanged");
    assert_null(page.kind);
    err = (ko_error){0};
    (void)talk_next(api, "");
    assert_int_equal(talk_take(api, 404, "", &page, cursor, &err), KO_E_FORMAT);
    assert_string_equal(err.text, "Etsy: the site answered otherwise (HTTP 404)");
    err = (ko_error){0};
    (void)talk_next(api, "");
    assert_int_equal(talk_take(api, 429, "", &page, cursor, &err), KO_E_BUSY);
    ko_api_close(api);
    ko_api_keys_free(keys);
}

static void answers_that_are_no_results_are_refused(void **state)
{
    (void)state;
    static const char *const searches[] = {"ebay:image?work=1", "etsy:search?q=fox",
                                           "aliexpress:search?q=fox", "aliexpress:image?work=1"};
    static const char *const bodies[] = {"",
                                         "[]",
                                         "<html>",
                                         "{}",
                                         "{\"total\":\"many\"}",
                                         "{\"results\":{},\"count\":1}",
                                         "{\"x_response\":{\"resp_result\":{\"result\":7}}}"};
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {
        .keys = keys, .picture = picture, .picture_bytes = sizeof picture};
    for (size_t s = 0; s < sizeof searches / sizeof *searches; s++)
        for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++) {
            ko_api *api = talk_open(searches[s], &options);
            ko_page page = {0};
            char cursor[256];
            ko_error err = {0};
            (void)talk_next(api, "");
            if (s == 0) { /* no token either */
                assert_int_equal(talk_take(api, 200, bodies[b], &page, cursor, NULL), KO_E_FORMAT);
                (void)talk_take_file(api, "ebay-token", cursor);
                (void)talk_next(api, cursor);
            }
            assert_int_equal(talk_take(api, 200, bodies[b], &page, cursor, &err), KO_E_FORMAT);
            assert_non_null(strstr(err.text, "its answer is no"));
            assert_null(page.kind);
            ko_api_close(api);
        }
    ko_api_keys_free(keys);
}

/* Everything a search does, from its keys to a page. */
static ko_status search_once(const char *url)
{
    ko_api_keys *keys = NULL;
    ko_status st = ko_api_keys_read(NULL, &keys, NULL);
    const ko_api_options options = {
        .keys = keys, .picture = picture, .picture_bytes = sizeof picture};
    ko_api *api = NULL;
    ko_page page = {0};
    char cursor[256] = "";
    if (st == KO_OK)
        st = ko_api_open(url, &options, &api, NULL);
    for (int step = 0; step < 3 && st == KO_OK && !page.kind; step++) {
        ko_net_request request = {0};
        st = ko_api_next(api, cursor, &request, NULL);
        const char *body = strstr(request.url ? request.url : "", "token")
                               ? "{\"access_token\":\"t\"}"
                               : "{\"total\":0,\"count\":0,\"results\":[],\"x_response\":"
                                 "{\"resp_result\":{\"resp_code\":405}}}";
        if (st == KO_OK)
            st = talk_take(api, 200, body, &page, cursor, NULL);
    }
    ko_page_free(&page);
    ko_api_close(api);
    ko_api_keys_free(keys);
    return st;
}

static void every_want_of_memory_is_survived(void **state)
{
    (void)state;
    static const char *const urls[] = {"ebay:search?q=fox&marketplace=EBAY_GB", "ebay:image?work=1",
                                       "etsy:search?q=fox", "aliexpress:search?q=fox"};
    ko_api_keys_free(talk_keys_read());
    for (size_t u = 0; u < sizeof urls / sizeof *urls; u++)
        for (unsigned nth = 1;; nth++) {
            ko_alloc_fault(nth, 0);
            const ko_status st = search_once(urls[u]);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_int_equal(ko_alloc_live(), 0);
            assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
            if (!fired)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_interfaces_are_told_from_others),
        cmocka_unit_test(an_address_that_means_nothing_is_told_what_it_should_be),
        cmocka_unit_test(a_missing_key_is_named),
        cmocka_unit_test(an_image_search_has_a_picture_of_limited_size),
        cmocka_unit_test(quotas_are_those_that_were_granted),
        cmocka_unit_test(a_search_goes_on_where_another_process_left_it),
        cmocka_unit_test(words_beyond_a_url_are_refused),
        cmocka_unit_test(refusals_say_what_the_interface_said_without_keys),
        cmocka_unit_test(answers_that_are_no_results_are_refused),
        cmocka_unit_test(every_want_of_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
