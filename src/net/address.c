/* The registries are written down as they are, a row a prefix, and the longest prefix that fits
 * an address decides. Prefixes are kept as text and read anew for every socket: that is some
 * microseconds a connection, and rows can be held against the registries by eye. */
#include "net/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Where an IPv4 address lies inside, which then decides. */
typedef enum inside { PLAIN, IPV4_LAST, IPV4_6TO4, IPV4_TEREDO } inside;

typedef struct range {
    const char *prefix;
    int bits;
    inside inside;
    const char *what; /* NULL: may be connected to */
    const char *source;
} range;

/* IANA IPv4 Special-Purpose Address Registry, and multicast. State of 2025-10. */
static const range ipv4_ranges[] = {
    {"0.0.0.0", 8, PLAIN, "an address of this network", "RFC 791"},
    {"0.0.0.0", 32, PLAIN, "the unspecified address", "RFC 1122"},
    {"10.0.0.0", 8, PLAIN, "a private address", "RFC 1918"},
    {"100.64.0.0", 10, PLAIN, "a shared address of a provider", "RFC 6598"},
    {"127.0.0.0", 8, PLAIN, "a loopback address", "RFC 1122"},
    {"169.254.0.0", 16, PLAIN, "a link-local address", "RFC 3927"},
    {"172.16.0.0", 12, PLAIN, "a private address", "RFC 1918"},
    {"192.0.0.0", 24, PLAIN, "an address of IETF protocols", "RFC 6890"},
    {"192.0.0.9", 32, PLAIN, NULL, "RFC 7723"},
    {"192.0.0.10", 32, PLAIN, NULL, "RFC 8155"},
    {"192.0.2.0", 24, PLAIN, "an address of documentation", "RFC 5737"},
    {"192.31.196.0", 24, PLAIN, NULL, "RFC 7535"},
    {"192.52.193.0", 24, PLAIN, NULL, "RFC 7450"},
    {"192.88.99.0", 24, PLAIN, "a 6to4 relay", "RFC 7526"},
    {"192.168.0.0", 16, PLAIN, "a private address", "RFC 1918"},
    {"192.175.48.0", 24, PLAIN, NULL, "RFC 7534"},
    {"198.18.0.0", 15, PLAIN, "an address of benchmarks", "RFC 2544"},
    {"198.51.100.0", 24, PLAIN, "an address of documentation", "RFC 5737"},
    {"203.0.113.0", 24, PLAIN, "an address of documentation", "RFC 5737"},
    {"224.0.0.0", 4, PLAIN, "a multicast address", "RFC 5771"},
    {"240.0.0.0", 4, PLAIN, "a reserved address", "RFC 1112"},
    {"255.255.255.255", 32, PLAIN, "the broadcast address", "RFC 919"},
};

/* IANA IPv6 Special-Purpose Address Registry, and what RFC 4291 says of the rest: outside of
 * 2000::/3 nothing is given to anyone. State of 2025-10. */
static const range ipv6_ranges[] = {
    {"::", 0, PLAIN, "no global unicast address", "RFC 4291"},
    {"::", 96, IPV4_LAST, NULL, "RFC 4291, IPv4-compatible"},
    {"::", 128, PLAIN, "the unspecified address", "RFC 4291"},
    {"::1", 128, PLAIN, "a loopback address", "RFC 4291"},
    {"::ffff:0:0", 96, IPV4_LAST, NULL, "RFC 4291, IPv4-mapped"},
    {"64:ff9b::", 96, IPV4_LAST, NULL, "RFC 6052, NAT64"},
    {"64:ff9b:1::", 48, PLAIN, "a local NAT64 address", "RFC 8215"},
    {"100::", 64, PLAIN, "a discard-only address", "RFC 6666"},
    {"100:0:0:1::", 64, PLAIN, "a dummy address", "RFC 9780"},
    {"2000::", 3, PLAIN, NULL, "RFC 4291, global unicast"},
    {"2001::", 23, PLAIN, "an address of IETF protocols", "RFC 2928"},
    {"2001::", 32, IPV4_TEREDO, NULL, "RFC 4380, Teredo"},
    {"2001:1::1", 128, PLAIN, NULL, "RFC 7723"},
    {"2001:1::2", 128, PLAIN, NULL, "RFC 8155"},
    {"2001:1::3", 128, PLAIN, NULL, "RFC 9665"},
    {"2001:2::", 48, PLAIN, "an address of benchmarks", "RFC 5180"},
    {"2001:3::", 32, PLAIN, NULL, "RFC 7450"},
    {"2001:4:112::", 48, PLAIN, NULL, "RFC 7535"},
    {"2001:10::", 28, PLAIN, "an ORCHID", "RFC 4843"},
    {"2001:20::", 28, PLAIN, NULL, "RFC 7343"},
    {"2001:30::", 28, PLAIN, NULL, "RFC 9374"},
    {"2001:db8::", 32, PLAIN, "an address of documentation", "RFC 3849"},
    {"2002::", 16, IPV4_6TO4, NULL, "RFC 3056, 6to4"},
    {"2620:4f:8000::", 48, PLAIN, NULL, "RFC 7534"},
    {"3fff::", 20, PLAIN, "an address of documentation", "RFC 9637"},
    {"5f00::", 16, PLAIN, "a segment routing identifier", "RFC 9602"},
    {"fc00::", 7, PLAIN, "a private address", "RFC 4193"},
    {"fe80::", 10, PLAIN, "a link-local address", "RFC 4291"},
    {"fec0::", 10, PLAIN, "a site-local address", "RFC 3879"},
    {"ff00::", 8, PLAIN, "a multicast address", "RFC 4291"},
};

static bool begins_with(const uint8_t *address, const uint8_t *prefix, int bits)
{
    const size_t whole = (size_t)bits / 8;
    const int rest = bits % 8;
    return memcmp(address, prefix, whole) == 0 &&
           (rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0);
}

static const range *longest(const range *ranges, size_t n, int family, const uint8_t *address)
{
    const range *best = NULL;
    for (size_t i = 0; i < n; i++) {
        uint8_t prefix[sizeof(struct in6_addr)];
        const int read = inet_pton(family, ranges[i].prefix, prefix);
        assert(read == 1);
        (void)read;
        if (begins_with(address, prefix, ranges[i].bits) && (!best || ranges[i].bits > best->bits))
            best = &ranges[i];
    }
    return best;
}

static const char *refused_ipv4(const uint8_t address[4])
{
    const size_t n = sizeof ipv4_ranges / sizeof *ipv4_ranges;
    const range *best = longest(ipv4_ranges, n, AF_INET, address);
    return best ? best->what : NULL;
}

/* The address of the server and, with every bit turned, that of the client behind its NAT
 * (RFC 4380 section 4). */
static const char *refused_teredo(const uint8_t address[16])
{
    uint8_t client[4];
    for (size_t i = 0; i < sizeof client; i++)
        client[i] = (uint8_t)~address[12 + i];
    const char *server = refused_ipv4(address + 4);
    return server ? server : refused_ipv4(client);
}

static const char *refused_ipv6(const uint8_t address[16])
{
    const size_t n = sizeof ipv6_ranges / sizeof *ipv6_ranges;
    const range *best = longest(ipv6_ranges, n, AF_INET6, address);
    assert(best);
    switch (best->inside) {
    case IPV4_LAST:
        return refused_ipv4(address + 12);
    case IPV4_6TO4:
        return refused_ipv4(address + 2);
    case IPV4_TEREDO:
        return refused_teredo(address);
    case PLAIN:
        break;
    }
    return best->what;
}

const char *ko_address_refused(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        uint8_t bytes[4];
        memcpy(bytes, &in.sin_addr, sizeof bytes);
        return refused_ipv4(bytes);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        return refused_ipv6(in6.sin6_addr.s6_addr);
    }
    return "no internet address";
}
