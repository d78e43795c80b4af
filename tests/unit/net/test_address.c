/* Addresses: nothing but the public internet is connected to. */
#include "net/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

static const char *refused(const char *text)
{
    struct sockaddr_storage storage = {0};
    if (strchr(text, ':')) {
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
        assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
        memcpy(&storage, &in6, sizeof in6);
    } else {
        struct sockaddr_in in = {.sin_family = AF_INET};
        assert_int_equal(inet_pton(AF_INET, text, &in.sin_addr), 1);
        memcpy(&storage, &in, sizeof in);
    }
    return ko_address_refused((const struct sockaddr *)&storage);
}

/* The first and last address of a range and those just outside; NULL: there is none, or it is
 * in a range of its own. */
typedef struct edges {
    const char *what; /* NULL: the range may be connected to, and its outside not */
    const char *before, *first, *last, *after;
} edges;

static void assert_edges(const edges *e)
{
    const char *inner[] = {e->first, e->last}, *outer[] = {e->before, e->after};
    for (size_t i = 0; i < 2; i++) {
        const char *in = refused(inner[i]);
        if (e->what) {
            assert_non_null(in);
            assert_string_equal(in, e->what);
        } else {
            assert_null(in);
        }
        if (outer[i] && e->what)
            assert_null(refused(outer[i]));
        else if (outer[i])
            assert_non_null(refused(outer[i]));
    }
}

static void ranges_of_ipv4_end_where_they_end(void **state)
{
    (void)state;
    const edges table[] = {
        {"an address of this network", NULL, "0.0.0.1", "0.255.255.255", "1.0.0.0"},
        {"the unspecified address", NULL, "0.0.0.0", "0.0.0.0", NULL},
        {"a private address", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
        {"a shared address of a provider", "100.63.255.255", "100.64.0.0", "100.127.255.255",
         "100.128.0.0"},
        {"a loopback address", "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
        {"a link-local address", "169.253.255.255", "169.254.0.0", "169.254.255.255",
         "169.255.0.0"},
        {"a private address", "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
        {"an address of IETF protocols", "191.255.255.255", "192.0.0.0", "192.0.0.8", "192.0.0.9"},
        {"an address of IETF protocols", "192.0.0.10", "192.0.0.11", "192.0.0.255", "192.0.1.0"},
        {NULL, "192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.0.11"},
        {"an address of documentation", "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
        {"a 6to4 relay", "192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
        {"a private address", "192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
        {"an address of benchmarks", "198.17.255.255", "198.18.0.0", "198.19.255.255",
         "198.20.0.0"},
        {"an address of documentation", "198.51.99.255", "198.51.100.0", "198.51.100.255",
         "198.51.101.0"},
        {"an address of documentation", "203.0.112.255", "203.0.113.0", "203.0.113.255",
         "203.0.114.0"},
        {"a multicast address", "223.255.255.255", "224.0.0.0", "239.255.255.255", NULL},
        {"a reserved address", NULL, "240.0.0.0", "255.255.255.254", NULL},
        {"the broadcast address", NULL, "255.255.255.255", "255.255.255.255", NULL},
        /* of the registry, and reachable */
        {NULL, NULL, "192.31.196.0", "192.31.196.255", NULL},
        {NULL, NULL, "192.52.193.0", "192.52.193.255", NULL},
        {NULL, NULL, "192.175.48.0", "192.175.48.255", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_edges(&table[i]);
}

#define ONES "ffff:ffff:ffff:ffff"

static void ranges_of_ipv6_end_where_they_end(void **state)
{
    (void)state;
    const edges table[] = {
        {"the unspecified address", NULL, "::", "::", NULL},
        {"a loopback address", NULL, "::1", "::1", NULL},
        {"no global unicast address", NULL, "::1:0:0:0", "64:ff9a:ffff:ffff:" ONES, NULL},
        {"a local NAT64 address", NULL, "64:ff9b:1::", "64:ff9b:1:ffff:" ONES, NULL},
        {"a discard-only address", NULL, "100::", "100::" ONES, NULL},
        {"a dummy address", NULL, "100:0:0:1::", "100:0:0:1:" ONES, NULL},
        {NULL, "1fff:ffff:ffff:ffff:" ONES, "2000::", "2000:ffff:ffff:ffff:" ONES, NULL},
        {"an address of IETF protocols", NULL, "2001:1::", "2001:1::", "2001:1::1"},
        {"an address of IETF protocols", "2001:1::3", "2001:1::4", "2001:1:ffff:ffff:" ONES, NULL},
        {"an address of IETF protocols", NULL, "2001:40::", "2001:1ff:ffff:ffff:" ONES,
         "2001:200::"},
        {"an address of benchmarks", NULL, "2001:2::", "2001:2:0:ffff:" ONES, NULL},
        {NULL, "2001:2:ffff:ffff:" ONES, "2001:3::", "2001:3:ffff:ffff:" ONES, "2001:4::"},
        {NULL, "2001:4:111:ffff:" ONES, "2001:4:112::", "2001:4:112:ffff:" ONES, "2001:4:113::"},
        {"an ORCHID", NULL, "2001:10::", "2001:1f:ffff:ffff:" ONES, "2001:20::"},
        {NULL, "2001:1f:ffff:ffff:" ONES, "2001:20::", "2001:3f:ffff:ffff:" ONES, "2001:40::"},
        {"an address of documentation", "2001:db7:ffff:ffff:" ONES,
         "2001:db8::", "2001:db8:ffff:ffff:" ONES, "2001:db9::"},
        {NULL, NULL, "2620:4f:8000::", "2620:4f:8000:ffff:" ONES, NULL},
        {"an address of documentation", "3ffe:ffff:ffff:ffff:" ONES,
         "3fff::", "3fff:fff:ffff:ffff:" ONES, "3fff:1000::"},
        {"no global unicast address", "3fff:ffff:ffff:ffff:" ONES,
         "4000::", "5eff:ffff:ffff:ffff:" ONES, NULL},
        {"a segment routing identifier", NULL, "5f00::", "5f00:ffff:ffff:ffff:" ONES, NULL},
        {"no global unicast address", NULL, "5f01::", "fbff:ffff:ffff:ffff:" ONES, NULL},
        {"a private address", NULL, "fc00::", "fdff:ffff:ffff:ffff:" ONES, NULL},
        {"a link-local address", NULL, "fe80::", "febf:ffff:ffff:ffff:" ONES, NULL},
        {"a site-local address", NULL, "fec0::", "feff:ffff:ffff:ffff:" ONES, NULL},
        {"a multicast address", NULL, "ff00::", "ffff:ffff:ffff:ffff:" ONES, NULL},
        {NULL, NULL, "2606:4700::1111", "2a00:1450:4001::200e", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_edges(&table[i]);
}

static void the_ipv4_address_inside_counts(void **state)
{
    (void)state;
    const struct {
        const char *address, *what;
    } table[] = {
        {"::ffff:127.0.0.1", "a loopback address"},
        {"::ffff:169.254.169.254", "a link-local address"},
        {"::ffff:8.8.8.8", NULL},
        {"::127.0.0.1", "a loopback address"},
        {"::8.8.8.8", NULL},
        {"64:ff9b::10.0.0.1", "a private address"},
        {"64:ff9b::8.8.8.8", NULL},
        {"64:ff9b:1::8.8.8.8", "a local NAT64 address"},
        {"2002:7f00:1::1", "a loopback address"},
        {"2002:c0a8:101::", "a private address"},
        {"2002:808:808::1", NULL},
        /* Teredo: the server's address, and the client's with every bit turned */
        {"2001:0:808:808:0:0:f7f7:f7f7", NULL},
        {"2001:0:a00:1:0:0:f7f7:f7f7", "a private address"},
        {"2001:0:808:808:0:0:80ff:fffe", "a loopback address"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *what = refused(table[i].address);
        assert_int_equal(what == NULL, table[i].what == NULL);
        if (what)
            assert_string_equal(what, table[i].what);
    }
}

static void sockets_of_other_kinds_are_refused(void **state)
{
    (void)state;
    const struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/run/service"};
    assert_non_null(ko_address_refused((const struct sockaddr *)&local));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_of_ipv4_end_where_they_end),
        cmocka_unit_test(ranges_of_ipv6_end_where_they_end),
        cmocka_unit_test(the_ipv4_address_inside_counts),
        cmocka_unit_test(sockets_of_other_kinds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
