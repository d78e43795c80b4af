#include "platform/country.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *country_of(const char *host)
{
    static char country[KO_COUNTRY_SIZE];
    ko_country_of((ko_slice){host, strlen(host)}, country);
    return country;
}

static void a_hosts_end_tells_its_country(void **state)
{
    (void)state;
    assert_string_equal(country_of("www.amazon.de"), "DE");
    assert_string_equal(country_of("shop.example.com.au"), "AU");
    assert_string_equal(country_of("shop.example.co.uk"), "GB");
    assert_string_equal(country_of("item.taobao.com"), "CN");
    assert_string_equal(country_of("detail.1688.com"), "CN");
}

static void others_tell_none(void **state)
{
    (void)state;
    static const char *const hosts[] = {"www.etsy.com",
                                        "shop.example.eu",
                                        "art.example.io",
                                        "shop.me",
                                        "notaobao.com",
                                        "10.0.0.12",
                                        "[::1]",
                                        "localhost",
                                        "de",
                                        "xn--p1ai",
                                        ""};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        assert_string_equal(country_of(hosts[i]), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hosts_end_tells_its_country),
        cmocka_unit_test(others_tell_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
