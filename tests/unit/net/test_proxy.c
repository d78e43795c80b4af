/* Proxies: only when asked for, and not as a way into the user's own network. */
#include "net/fetch.h"

#include <stdlib.h>

#define HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static void use_as_proxy(const site *s)
{
    char url[64];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", test_server_port(s->server));
    assert_int_equal(setenv("http_proxy", url, 1), 0);
    assert_int_equal(setenv("https_proxy", url, 1), 0);
    assert_int_equal(unsetenv("no_proxy"), 0);
}

static void a_proxy_is_used_when_asked_for(void **state)
{
    (void)state;
    const page pages[] = {{"http://shop.invalid/a", HELLO, END_KEEP, 0},
                          {"/a", HELLO, END_KEEP, 0}};
    site s;
    site_open(&s, pages, 2);
    use_as_proxy(&s);
    ko_net_options options = quick_options();
    ko_net_request request = {.url = "http://shop.invalid/a", .max_bytes = 100};
    fetched got = fetch_with(&options, &request);
    assert_int_equal(got.outcome, KO_NET_UNREACHABLE);
    assert_string_equal(got.text, "its name cannot be resolved");
    assert_int_equal(s.n_visits, 0);
    options.proxy_from_environment = true;
    got = fetch_with(&options, &request);
    assert_int_equal(got.outcome, KO_NET_DATA);
    assert_string_equal(s.visits[0].target, "http://shop.invalid/robots.txt");
    s.n_visits = 0;
    request.url = site_url(&s, "/a"); /* a host that is allowed is asked directly */
    got = fetch_with(&options, &request);
    assert_int_equal(got.outcome, KO_NET_DATA);
    assert_string_equal(s.visits[1].target, "/a");
    test_server_stop(s.server);
}

static void a_proxy_is_not_asked_for_private_addresses(void **state)
{
    (void)state;
    const page pages[] = {{"http://shop.invalid/a",
                           "HTTP/1.1 302 X\r\nLocation: http://169.254.169.254/\r\n"
                           "Content-Length: 0\r\n\r\n",
                           END_KEEP, 0}};
    site s;
    site_open(&s, pages, 1);
    use_as_proxy(&s);
    ko_net_options options = quick_options();
    options.proxy_from_environment = true;
    options.n_allow_hosts = 0;
    const char *urls[] = {"http://127.0.0.1/", "http://192.168.1.1/", "http://localhost/",
                          "https://[::1]/", "http://shop.invalid/a"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        const ko_net_request request = {.url = urls[i], .max_bytes = 100};
        assert_int_equal(fetch_with(&options, &request).outcome, KO_NET_ADDRESS);
    }
    assert_int_equal(s.n_visits, 2); /* robots.txt and the redirect of the last */
    test_server_stop(s.server);
}

static void what_is_no_proxy_is_told(void **state)
{
    (void)state;
    assert_int_equal(setenv("http_proxy", "file:///run/secret", 1), 0);
    ko_net_options options = quick_options();
    options.proxy_from_environment = true;
    ko_net *net = NULL;
    ko_error err = {0};
    assert_int_equal(ko_net_open(&options, &net, &err), KO_E_USAGE);
    assert_null(strstr(err.text, "secret")); /* it may hold a password */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_is_used_when_asked_for),
        cmocka_unit_test(a_proxy_is_not_asked_for_private_addresses),
        cmocka_unit_test(what_is_no_proxy_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
