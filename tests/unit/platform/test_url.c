/* URLs: however one is written, it is read as browsers do and gives one text. */
#include "platform/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void assert_resolves(const char *text, const char *base, const char *expected)
{
    ko_url from, url;
    ko_error err = {0};
    if (base)
        assert_int_equal(ko_url_parse(base, strlen(base), NULL, &from, &err), KO_OK);
    const ko_status st = ko_url_parse(text, strlen(text), base ? &from : NULL, &url, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    assert_string_equal(url.text, expected);
    assert_int_equal(url.size, strlen(expected));
    ko_url again;
    assert_int_equal(ko_url_parse(url.text, url.size, NULL, &again, NULL), KO_OK);
    assert_string_equal(again.text, url.text);
    assert_int_equal(again.host_end, url.host_end);
    assert_int_equal(again.path, url.path);
    assert_int_equal(again.query, url.query);
}

#define assert_normal(text, expected) assert_resolves(text, NULL, expected)

static void assert_refused(const char *text, ko_status status, const char *why)
{
    ko_url url;
    ko_error err = {0};
    assert_int_equal(ko_url_parse(text, strlen(text), NULL, &url, &err), status);
    assert_string_equal(err.text, why);
}

static void one_page_has_one_text(void **state)
{
    (void)state;
    assert_normal("HTTP://User:pw@Shop.Example:80#top", "http://shop.example/");
    assert_normal(" \thttps:\\\\shop.example\\a\\b ", "https://shop.example/a/b");
    assert_normal("https:shop.example/a", "https://shop.example/a");
    assert_normal("https://shop.example.:443?", "https://shop.example/");
    assert_normal("https://shop.example:8443/", "https://shop.example:8443/");
    assert_normal("https://shop.exam\nple/a\tb", "https://shop.example/ab");
}

static void dots_in_paths_are_walked(void **state)
{
    (void)state;
    assert_normal("http://a.example/b/./c/../d", "http://a.example/b/d");
    assert_normal("http://a.example/../../x", "http://a.example/x");
    assert_normal("http://a.example/b/%2E%2e/c/.", "http://a.example/c/");
    assert_normal("http://a.example/b/..", "http://a.example/");
    assert_normal("http://a.example//b//c", "http://a.example//b//c");
    assert_normal("http://a.example/...", "http://a.example/...");
}

static void escapes_are_written_one_way(void **state)
{
    (void)state;
    assert_normal("http://a.example/%66%c3%b6%2f", "http://a.example/f%C3%B6%2F");
    assert_normal("http://a.example/f\xC3\xB6 o", "http://a.example/f%C3%B6%20o");
    assert_normal("http://a.example/100%", "http://a.example/100%25");
    assert_normal("http://a.example/?q=a+b&x[0]='1'", "http://a.example/?q=a+b&x%5B0%5D=%271%27");
}

static void hosts_of_all_scripts_are_ascii(void **state)
{
    (void)state;
    assert_normal("http://B\xC3\xBC"
                  "cher.example",
                  "http://xn--bcher-kva.example/");
    assert_normal("http://\xE3\x82\xB7\xE3\x83\xA7\xE3\x83\x83\xE3\x83\x97.jp/",
                  "http://xn--xckya1d0c.jp/");
    assert_normal("http://shop%2Eexample/", "http://shop.example/");
}

/* What is checked before fetching must be the address that is fetched. */
static void addresses_cannot_hide(void **state)
{
    (void)state;
    assert_normal("http://2130706433/", "http://127.0.0.1/");
    assert_normal("http://0x7f.1/", "http://127.0.0.1/");
    assert_normal("http://0177.0.0.01/", "http://127.0.0.1/");
    assert_normal("http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.1/", "http://127.0.0.1/");
    assert_normal("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/");
    assert_normal("http://[1:0:0:2:0:0:0:3]:80/", "http://[1:0:0:2::3]/");
    assert_refused("http://256.1.1.1/", KO_E_FORMAT, "host 256.1.1.1 is no IPv4 address");
    assert_refused("http://1.2.3.4.5/", KO_E_FORMAT, "host 1.2.3.4.5 is no IPv4 address");
    assert_refused("http://[::g]/", KO_E_FORMAT, "host [::g] is no IPv6 address");
}

static void what_is_no_web_page_is_refused(void **state)
{
    (void)state;
    assert_refused("ftp://a.example/", KO_E_FORMAT, "not an http or https URL: ftp://a.example/");
    assert_refused("javascript:alert(1)", KO_E_FORMAT,
                   "not an http or https URL: javascript:alert(1)");
    assert_refused("owl.jpg", KO_E_FORMAT, "not a whole URL: owl.jpg");
    assert_refused("", KO_E_FORMAT, "not a whole URL: ");
    assert_refused("https:///", KO_E_FORMAT, "a URL without a host");
    assert_refused("https://a b.example/", KO_E_FORMAT,
                   "host a b.example holds a character that no host has");
    assert_refused("https://a.example:65536/", KO_E_FORMAT, "no port up to 65535: a.example:65536");
    assert_refused("https://a.example:8x/", KO_E_FORMAT, "no port up to 65535: a.example:8x");
}

static void links_are_resolved(void **state)
{
    (void)state;
    const char *base = "https://a.example/shop/list?page=2";
    assert_resolves("owl", base, "https://a.example/shop/owl");
    assert_resolves("../owl?x=1#y", base, "https://a.example/owl?x=1");
    assert_resolves("/owl", base, "https://a.example/owl");
    assert_resolves("//b.example/owl", base, "https://b.example/owl");
    assert_resolves("?page=3", base, "https://a.example/shop/list?page=3");
    assert_resolves("#top", base, base);
    assert_resolves("", base, base);
    assert_resolves("http:owl", base, "http://owl/");
    assert_resolves("https:owl", base, "https://a.example/shop/owl");
    assert_resolves("\\\\b.example\\owl", base, "https://b.example/owl");
    assert_resolves("http://b.example", base, "http://b.example/");
}

static void length_is_limited_as_given_and_as_written(void **state)
{
    (void)state;
    char text[2100];
    (void)snprintf(text, sizeof text, "https://a.example/%02031d", 0);
    ko_url url;
    ko_error err = {0};
    const size_t limit = KO_MAX_URL_BYTES;
    assert_int_equal(ko_url_parse(text, limit, NULL, &url, &err), KO_OK);
    assert_int_equal(url.size, limit);
    assert_int_equal(ko_url_parse(text, limit + 1, NULL, &url, &err), KO_E_LIMIT);
    assert_string_equal(err.text, "a URL of 2049 bytes, limit 2048");
    text[limit - 1] = ' ';
    text[limit - 2] = '"'; /* becomes three bytes */
    err = (ko_error){0};
    assert_int_equal(ko_url_parse(text, limit - 1, NULL, &url, &err), KO_E_LIMIT);
    assert_string_equal(err.text, "a URL of more than 2048 bytes");
}

static void parameters_are_walked(void **state)
{
    (void)state;
    static const char *const expected[][2] = {{"id", "id=5"}, {"flag", "flag"}, {"q", "q=a=b"}};
    const char *text = "https://a.example/?&id=5&&flag&q=a=b&";
    ko_url url;
    assert_int_equal(ko_url_parse(text, strlen(text), NULL, &url, NULL), KO_OK);
    ko_slice rest = ko_url_query(&url), name, whole;
    for (size_t i = 0; i < 3; i++) {
        assert_true(ko_url_next_parameter(&rest, &name, &whole));
        assert_int_equal(name.n, strlen(expected[i][0]));
        assert_memory_equal(name.at, expected[i][0], name.n);
        assert_int_equal(whole.n, strlen(expected[i][1]));
        assert_memory_equal(whole.at, expected[i][1], whole.n);
    }
    assert_false(ko_url_next_parameter(&rest, &name, &whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_page_has_one_text),
        cmocka_unit_test(dots_in_paths_are_walked),
        cmocka_unit_test(escapes_are_written_one_way),
        cmocka_unit_test(hosts_of_all_scripts_are_ascii),
        cmocka_unit_test(addresses_cannot_hide),
        cmocka_unit_test(what_is_no_web_page_is_refused),
        cmocka_unit_test(links_are_resolved),
        cmocka_unit_test(length_is_limited_as_given_and_as_written),
        cmocka_unit_test(parameters_are_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
